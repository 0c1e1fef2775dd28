"""On which days the plan may not change: those of a year that is evaluated."""

import datetime

from ctg.models import Convention
from evaluation.enums import StatutCampagne
from evaluation.models import Campagne


def annee_evaluee(convention: Convention, jour: datetime.date) -> str:
    """A year whose campaign is closed keeps the fiches that it was made of."""
    evaluee = (
        Campagne.objects.filter(convention=convention, annee__gte=jour.year, statut=StatutCampagne.CLOSE)
        .order_by("-annee")
        .first()
    )
    if evaluee is None:
        return ""
    return (
        f"L’année {evaluee.annee} est évaluée, sa campagne est close : "
        f"choisissez un jour à partir du 1er janvier {evaluee.annee + 1}."
    )
