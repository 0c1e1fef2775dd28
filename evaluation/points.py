"""Bilans on the agenda of a meeting: put there and taken off while its minutes are open."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ctg.permissions import check
from evaluation.models import Bilan, PointBilan
from gouvernance.models import PointOrdreDuJour
from gouvernance.verrous import exiger_inscriptible


@transaction.atomic
def porter(point: PointOrdreDuJour, bilan: Bilan, *, user) -> PointBilan:
    """Raises PermissionDenied, ValidationError."""
    _exiger(user, point)
    lien = PointBilan(point=point, bilan=bilan)
    lien.full_clean()
    lien.save()
    return lien


@transaction.atomic
def retirer(point: PointOrdreDuJour, bilan: Bilan, *, user) -> bool:
    """False where it is gone already. Raises PermissionDenied, ValidationError."""
    _exiger(user, point)
    lien = PointBilan.objects.select_for_update(of=("self",)).filter(point=point, bilan=bilan).first()
    if lien is None:
        return False
    lien.delete()
    return True


def _exiger(user, point: PointOrdreDuJour) -> None:
    if not (access := check(user, "gouvernance.tenir", point.reunion)):
        raise PermissionDenied(access.reason)
    exiger_inscriptible(point.reunion_id)
