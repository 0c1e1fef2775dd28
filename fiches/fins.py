"""On which days the plan may change: within its convention, and never inside what is evaluated already."""

import datetime
from collections.abc import Callable

from django.core.exceptions import ValidationError

from ctg.models import Convention
from fiches.models import FicheProjet

# (convention, first day of the change) → why that day is impossible, or nothing. Upper apps add theirs.
Empechement = Callable[[Convention, datetime.date], str]
_empechements: list[Empechement] = []


def register(empechement: Empechement) -> None:
    _empechements.append(empechement)


def verifier_fin(fiche: FicheProjet, jour: datetime.date) -> None:
    """Raises ValidationError where the fiche may not end that day."""
    verifier_jour(fiche.convention, jour)


def verifier_jour(convention: Convention, jour: datetime.date) -> None:
    """Raises ValidationError where the plan may not change that day."""
    annees = convention.annees
    if annees and not datetime.date(annees[0], 1, 1) < jour <= datetime.date(annees[-1] + 1, 1, 1):
        raise ValidationError(
            f"La convention va de {annees[0]} à {annees[-1]} : choisissez un jour de ces années."
        )
    for empechement in _empechements:
        if motif := empechement(convention, jour):
            raise ValidationError(motif)
