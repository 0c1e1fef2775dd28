"""Personal data of the watch: who wrote a note."""

from django.db.models import Q

from ctg.donnees_personnelles import Donnees, register
from evaluation.models import NoteVeille

register(
    Donnees(
        "notes de veille",
        NoteVeille,
        frozenset({"auteur"}),
        lambda sujet: Q(auteur__in=sujet.compte_ids),
    )
)
