"""How far it is: indicators, the year's campaign and its entries, values, progress, effects."""

from evaluation.models.campagnes import Campagne, ChampRenvoye, LigneSaisie, Saisie
from evaluation.models.decisions import DecisionFiche
from evaluation.models.indicateurs import Cible, Indicateur, ModaliteIndicateur
from evaluation.models.mesures import Avancement, Effet, Mesure, ValeurVentilee
from evaluation.models.rappels import Rappel

__all__ = [
    "Avancement",
    "Campagne",
    "ChampRenvoye",
    "Cible",
    "DecisionFiche",
    "Effet",
    "Indicateur",
    "LigneSaisie",
    "Mesure",
    "ModaliteIndicateur",
    "Rappel",
    "Saisie",
    "ValeurVentilee",
]
