"""How far it is: indicators, the year's campaign and its entries, values, progress, effects."""

from evaluation.models.bilans import ActePublication, Bilan, DocumentPublie, TextePublic
from evaluation.models.campagnes import Campagne, ChampRenvoye, LigneSaisie, Saisie
from evaluation.models.decisions import DecisionFiche, DecisionIndicateur
from evaluation.models.deliberations import Aval, ConclusionCopil, Debat, Dispense, RemarqueDebat
from evaluation.models.fabrications import Fabrication
from evaluation.models.finale import ConclusionFinale
from evaluation.models.indicateurs import Cible, Indicateur, ModaliteIndicateur
from evaluation.models.mesures import Avancement, Effet, Mesure, ValeurVentilee
from evaluation.models.points import PointBilan
from evaluation.models.rappels import Rappel
from evaluation.models.registre import LienRegistre

__all__ = [
    "ActePublication",
    "Aval",
    "Avancement",
    "Bilan",
    "Campagne",
    "ChampRenvoye",
    "Cible",
    "ConclusionCopil",
    "ConclusionFinale",
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
    "PointBilan",
    "Rappel",
    "RemarqueDebat",
    "Saisie",
    "TextePublic",
    "ValeurVentilee",
]
