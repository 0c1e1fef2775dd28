"""The only writer of the conclusions."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ctg.permissions import check
from evaluation.models import ConclusionFinale


@transaction.atomic
def conclure(conclusion: ConclusionFinale, *, par) -> ConclusionFinale:
    """Raises PermissionDenied or ValidationError."""
    if not (access := check(par, "evaluation.conclure_finale", conclusion.convention)):
        raise PermissionDenied(access.reason)
    conclusion.full_clean()
    conclusion.save()
    return conclusion
