"""On which days a fiche may not end, nor its text change: those of a year that is evaluated."""

import datetime

from evaluation.enums import StatutCampagne
from evaluation.models import Campagne
from fiches.models import FicheProjet


def annee_evaluee(fiche: FicheProjet, jour: datetime.date) -> str:
    """A year whose campaign is closed keeps the fiches that it was made of."""
    evaluee = (
        Campagne.objects.filter(
            convention=fiche.convention_id, annee__gte=jour.year, statut=StatutCampagne.CLOSE
        )
        .order_by("-annee")
        .first()
    )
    if evaluee is None:
        return ""
    return (
        f"L’année {evaluee.annee} est évaluée, sa campagne est close : "
        f"choisissez un jour à partir du 1er janvier {evaluee.annee + 1}."
    )
