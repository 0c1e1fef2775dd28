"""Personal data of this app: who is to do what was decided. Kept: the person is itself made anonymous."""

from django.db.models import Q

from ctg.donnees_personnelles import Donnees, register
from gouvernance.models import Decision

register(
    Donnees(
        "décisions à suivre",
        Decision,
        frozenset({"responsable"}),
        lambda sujet: Q(responsable__in=sujet.personne_ids),
    )
)
