"""How far it is: indicators, the year's campaign and its entries, values, progress, effects."""

from evaluation.models.bilans import ActePublication, Bilan, DocumentPublie, TextePublic
from evaluation.models.campagnes import Campagne, ChampRenvoye, LigneSaisie, Saisie
from evaluation.models.decisions import DecisionFiche, DecisionIndicateur
from evaluation.models.deliberations import Aval, ConclusionCopil, Debat, Dispense, RemarqueDebat
from evaluation.models.fabrications import Fabrication
from evaluation.models.indicateurs import Cible, Indicateur, ModaliteIndicateur
from evaluation.models.mesures import Avancement, Effet, Mesure, ValeurVentilee
from evaluation.models.points import PointBilan
from evaluation.models.rappels import Rappel
from evaluation.models.registre import LienRegistre
from evaluation.models.veille import (
    AutreNom,
    NoteVeille,
    Observation,
    SerieSociale,
    Seuil,
    TerritoireCompare,
)

__all__ = [
    "ActePublication",
    "AutreNom",
    "Aval",
    "Avancement",
    "Bilan",
    "Campagne",
    "ChampRenvoye",
    "Cible",
    "ConclusionCopil",
    "Debat",
    "DecisionFiche",
    "DecisionIndicateur",
    "Dispense",
    "DocumentPublie",
    "Effet",
    "Fabrication",
    "Indicateur",
    "LienRegistre",
    "LigneSaisie",
    "Mesure",
    "ModaliteIndicateur",
    "NoteVeille",
    "Observation",
    "PointBilan",
    "Rappel",
    "RemarqueDebat",
    "Saisie",
    "SerieSociale",
    "Seuil",
    "TerritoireCompare",
    "TextePublic",
    "ValeurVentilee",
]
