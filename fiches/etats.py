"""What fiches were at the end of a past year; the app that holds the years tells it (`register`)."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ctg.dates import derniere_annee_finie
from ctg.models import Convention
from fiches.models import FicheProjet


@dataclass(frozen=True, slots=True)
class Etat:
    """`taux`: percent, as it was entered."""

    statut: str
    libelle: str
    taux: int | None


@dataclass(frozen=True, slots=True)
class EtatsDeFin:
    """`etats`: {code of a fiche: as of 31 December of that year}."""

    annee: int
    etats: Mapping[str, Etat]

    def de(self, fiche: FicheProjet) -> Etat | None:
        return self.etats.get(fiche.code)


Source = Callable[..., Mapping[str, Etat]]  # (user, convention, year)
_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def etats_au(user, convention: Convention, au: datetime.date) -> EtatsDeFin | None:
    """Of the last year that had ended on that day, as this person reads it; None where the convention has none."""
    annee = derniere_annee_finie(au)
    if annee not in convention.annees:
        return None
    etats = {code: etat for source in _sources for code, etat in source(user, convention, annee).items()}
    return EtatsDeFin(annee, etats) if etats else None
