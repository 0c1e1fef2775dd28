"""How far it is: indicators, the year's campaign and its entries, values, progress, effects."""

from evaluation.models.alertes_notes import NoteVeille, Seuil
from evaluation.models.approbations import Approbation, AvisApprobation
from evaluation.models.avenants import ProjetAvenant
from evaluation.models.bilans import ActePublication, Bilan, DocumentPublie, TextePublic
from evaluation.models.campagnes import Campagne, ChampRenvoye, LigneSaisie, Saisie
from evaluation.models.changements_projetes import ChangementProjete
from evaluation.models.decisions import DecisionFiche, DecisionIndicateur
from evaluation.models.deliberations import Aval, ConclusionCopil, Debat, Dispense, RemarqueDebat
from evaluation.models.fabrications import Fabrication
from evaluation.models.finale import ConclusionFinale
from evaluation.models.indicateurs import Cible, Indicateur, ModaliteIndicateur
from evaluation.models.mesures import Avancement, Effet, Mesure, ValeurVentilee
from evaluation.models.mi_parcours import AppreciationAxe, Proposition, RevueMiParcours
from evaluation.models.participation import EvenementParticipation, PublicPresent
from evaluation.models.points import PointBilan
from evaluation.models.preuves import Preuve, Recommandation
from evaluation.models.protocole import Protocole
from evaluation.models.questions import QuestionEvaluative
from evaluation.models.rappels import Rappel
from evaluation.models.registre import LienRegistre
from evaluation.models.veille import AutreNom, Observation, SerieSociale, TerritoireCompare

__all__ = [
    "ActePublication",
    "AppreciationAxe",
    "Approbation",
    "AutreNom",
    "Aval",
    "Avancement",
    "AvisApprobation",
    "Bilan",
    "Campagne",
    "ChampRenvoye",
    "ChangementProjete",
    "Cible",
    "ConclusionCopil",
    "ConclusionFinale",
    "Debat",
    "DecisionFiche",
    "DecisionIndicateur",
    "Dispense",
    "DocumentPublie",
    "Effet",
    "EvenementParticipation",
    "Fabrication",
    "Indicateur",
    "LienRegistre",
    "LigneSaisie",
    "Mesure",
    "ModaliteIndicateur",
    "NoteVeille",
    "Observation",
    "PointBilan",
    "Preuve",
    "ProjetAvenant",
    "Proposition",
    "Protocole",
    "PublicPresent",
    "QuestionEvaluative",
    "Rappel",
    "Recommandation",
    "RemarqueDebat",
    "RevueMiParcours",
    "Saisie",
    "SerieSociale",
    "Seuil",
    "TerritoireCompare",
    "TextePublic",
    "ValeurVentilee",
]
