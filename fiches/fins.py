"""On which days a fiche may end: within its convention, and never inside what is evaluated already."""

import datetime
from collections.abc import Callable

from django.core.exceptions import ValidationError

from fiches.models import FicheProjet

# (fiche, first day when it no longer holds) → why that day is impossible, or nothing. Upper apps add theirs.
Empechement = Callable[[FicheProjet, datetime.date], str]
_empechements: list[Empechement] = []


def register(empechement: Empechement) -> None:
    _empechements.append(empechement)


def verifier_fin(fiche: FicheProjet, jour: datetime.date) -> None:
    """Raises ValidationError where the fiche may not end that day."""
    annees = fiche.convention.annees
    if annees and not datetime.date(annees[0], 1, 1) < jour <= datetime.date(annees[-1] + 1, 1, 1):
        raise ValidationError(
            f"La convention va de {annees[0]} à {annees[-1]} : choisissez un jour de ces années."
        )
    for empechement in _empechements:
        if motif := empechement(fiche, jour):
            raise ValidationError(motif)
