"""By what function somebody acts in a convention: an acte names functions, not people."""

import datetime

from django.utils import timezone

from ctg.enums import Role
from ctg.models import Convention, Fonction
from ctg.perimetres import droits


def fonction_de(user, convention: Convention, *, now: datetime.datetime) -> str:
    """The function that is noted of this person that day, else the role of the mandate."""
    fonction = (
        Fonction.objects.filter(personne__convention=convention, personne__utilisateur=user)
        .en_vigueur(au=timezone.localdate(now))
        .order_by("pk")
        .first()
    )
    if fonction is not None:
        return fonction.intitule
    roles = droits(user, convention.pk).roles
    return next((role.label for role in Role if role.value in roles), "")
