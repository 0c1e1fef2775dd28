"""Places that a person holds (a seat in an instance…): each app registers its own; whoever leaves holds none any more."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Max, Q

from ctg.models import Fonction, Personne


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of `modele`: `personne`, `date_fin`, and the name of the field where they begin."""

    modele: type[models.Model]
    debut: str

    def en_cours(self, personne_ids: Iterable[int], au: datetime.date) -> models.QuerySet:
        """Those that hold on that day, or will."""
        pas_finies = Q(date_fin=None) | Q(date_fin__gt=au)
        return self.modele._base_manager.filter(pas_finies, personne__in=personne_ids).order_by("pk")


_places = [Place(Fonction, "date_effet")]


def register(place: Place) -> None:
    _places.append(place)


def en_cours(personne_ids: Iterable[int], au: datetime.date) -> list[tuple[models.QuerySet, str]]:
    return [(place.en_cours(personne_ids, au), place.debut) for place in _places]


@transaction.atomic
def suivre_le_depart(personne: Personne) -> tuple[datetime.date | None, list[str]]:
    """Whose functions all have an end holds no place from the last of these days on: (that day, what ends)."""
    fonctions = Fonction.objects.filter(personne=personne)
    if not fonctions.exists() or fonctions.filter(date_fin=None).exists():
        return None, []
    depart = fonctions.aggregate(dernier=Max("date_fin"))["dernier"]
    quittees = []
    for place in _places[1:]:
        for ligne in place.en_cours([personne.pk], depart):
            quittees.append(str(ligne))
            quitter(ligne, depart, debut=place.debut)
    return depart, quittees


def quitter(ligne: models.Model, au: datetime.date, *, debut: str) -> None:
    """From that day on the place is not held. One that had not begun is deleted; the history keeps it."""
    if (commence := getattr(ligne, debut)) and commence >= au:
        ligne.delete()
        return
    ligne.date_fin = au
    ligne.save()
