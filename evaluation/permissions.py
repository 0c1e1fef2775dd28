"""Who enters the year's values of a fiche."""

from ctg.permissions import declarer
from fiches.permissions import TRAVAILLENT

declarer(
    "evaluation.saisir",
    "Saisir les indicateurs et l’avancement d’une fiche",
    TRAVAILLENT,
    refus="La saisie de cette fiche revient à son référent, au coordinateur de l’axe et au chargé de coopération.",
)
