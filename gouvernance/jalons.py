"""The one writer of the dates of the calendar."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from ctg.models import Convention
from ctg.permissions import check
from gouvernance.models import DateAnnuelle, Jalon

ANNUELLES_MAX = 40


@transaction.atomic
def enregistrer_jalon(jalon: Jalon, *, par) -> Jalon:
    """A date is written where one may: neither taken from another quartier nor sent to it. Raises PermissionDenied."""
    avant = Jalon.objects.select_for_update(no_key=True).filter(pk=jalon.pk).first()
    for version in (avant, jalon):
        if version is not None and not (access := check(par, "gouvernance.planifier", version)):
            raise PermissionDenied(access.reason)
    jalon.full_clean()
    jalon.save()
    return jalon


@transaction.atomic
def retirer_jalon(jalon: Jalon, *, par) -> None:
    """The history keeps it."""
    if not (access := check(par, "gouvernance.planifier", jalon)):
        raise PermissionDenied(access.reason)
    jalon.delete()


@transaction.atomic
def enregistrer_date_annuelle(date: DateAnnuelle) -> DateAnnuelle:
    """Raises ValidationError."""
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=date.convention_id)
    date.full_clean()
    autres = DateAnnuelle.objects.filter(convention=date.convention_id).exclude(pk=date.pk)
    if autres.count() >= ANNUELLES_MAX:
        raise ValidationError(f"La liste a déjà {ANNUELLES_MAX} dates : retirez-en une d’abord.")
    date.save()
    return date
