"""What fiches were at the end of a past year; the app that holds the years tells it (`register`)."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ctg.models import Convention
from fiches.models import FicheProjet
from fiches.succession import predecesseurs, remonter


@dataclass(frozen=True, slots=True)
class Etat:
    """`taux`: percent, as it was entered."""

    statut: str
    libelle: str
    taux: int | None


@dataclass(frozen=True, slots=True)
class EtatsDeFin:
    """`etats`: {fiche: as of 31 December of that year}; `avant`: {fiche: the one that it succeeds}."""

    annee: int
    etats: Mapping[int, Etat]
    avant: Mapping[int, int]

    def de(self, fiche: FicheProjet) -> Etat | None:
        """A fiche that came later was then the one that it succeeds."""
        return next((self.etats[pk] for pk in remonter(fiche.pk, self.avant) if pk in self.etats), None)


Source = Callable[..., Mapping[int, Etat]]  # (user, convention, year)
_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def etats_au(user, convention: Convention, au: datetime.date) -> EtatsDeFin | None:
    """Of the last year that had ended on that day, as this person reads it; None where the convention has none."""
    annee = au.year if (au.month, au.day) == (12, 31) else au.year - 1
    if annee not in convention.annees:
        return None
    etats = {pk: etat for source in _sources for pk, etat in source(user, convention, annee).items()}
    return EtatsDeFin(annee, etats, predecesseurs(convention.pk)) if etats else None
