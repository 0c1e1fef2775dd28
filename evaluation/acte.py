"""What is said of a frozen bilan once it is published (E): debates, avals, conclusions, waivers, texts for the public.

Plain values, as in `evaluation.bilan`; persons by their function, never by name.
"""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemarqueDite:
    fiche: str
    texte: str


@dataclass(frozen=True, slots=True)
class DebatTenu:
    """`version`: the one on which it was held, which may be an earlier one."""

    version: int
    date: datetime.date
    intitule: str
    lieu: str
    quartier: str
    remarques: str
    par_fiche: tuple[RemarqueDite, ...]


@dataclass(frozen=True, slots=True)
class AvalDonne:
    organisme: str
    date: datetime.datetime
    fonction: str
    empreinte: str


@dataclass(frozen=True, slots=True)
class ConclusionRendue:
    date: datetime.date
    texte: str
    fonction: str


@dataclass(frozen=True, slots=True)
class DispenseDite:
    etape: str
    motif: str
    date: datetime.datetime
    fonction: str


@dataclass(frozen=True, slots=True)
class TexteApprouve:
    """`fiche`: its code; empty for the whole convention. `champ`: the name of the field that it stands for."""

    fiche: str
    champ: str
    texte: str


@dataclass(frozen=True, slots=True)
class Acte:
    """`empreinte`: that of the content (H); `rectificatif`: how many versions were published before this one."""

    empreinte: str
    version: int
    rectificatif: int
    date_figement: datetime.datetime
    date_transmission: datetime.datetime
    date_soumission: datetime.datetime | None
    date_publication: datetime.datetime
    fonction: str
    debats: tuple[DebatTenu, ...]
    avals: tuple[AvalDonne, ...]
    conclusion: ConclusionRendue | None
    dispenses: tuple[DispenseDite, ...]
    textes: tuple[TexteApprouve, ...]
