"""What a decision touches among the indicators; its links to fiches are in `statuts`, which they move."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ctg.permissions import check
from evaluation.models import DecisionIndicateur, Indicateur
from gouvernance.models import Decision


@transaction.atomic
def lier_indicateur(decision: Decision, indicateur: Indicateur, *, user) -> DecisionIndicateur:
    """Raises PermissionDenied, ValidationError."""
    _exiger(user, decision)
    lien = DecisionIndicateur(decision=decision, indicateur=indicateur)
    lien.full_clean()
    lien.save()
    return lien


@transaction.atomic
def delier_indicateur(decision: Decision, indicateur: Indicateur, *, user) -> bool:
    """False where the link is gone already. Raises PermissionDenied."""
    _exiger(user, decision)
    lien = (
        DecisionIndicateur.objects.select_for_update()
        .filter(decision=decision, indicateur=indicateur)
        .first()
    )
    if lien is None:
        return False
    lien.delete()
    return True


def _exiger(user, decision: Decision) -> None:
    if not (access := check(user, "evaluation.lier_decision", decision)):
        raise PermissionDenied(access.reason)
