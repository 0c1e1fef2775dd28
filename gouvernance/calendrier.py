"""The calendar drawn: quartiers × semesters as annexe 4 has it, a month, a list."""

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from ctg.calendrier import DateCalendrier
from ctg.models import Convention, Quartier
from ctg.templatetags.affichage import MOIS
from gouvernance.models import Jalon

LUNDI = 0


@dataclass(frozen=True, slots=True)
class Semestre:
    annee: int
    rang: int

    @property
    def nom(self) -> str:
        return f"{'1er' if self.rang == 1 else '2e'} semestre {self.annee}"

    @property
    def debut(self) -> datetime.date:
        return datetime.date(self.annee, 1 if self.rang == 1 else 7, 1)

    @property
    def fin(self) -> datetime.date:
        return datetime.date(self.annee, 6, 30) if self.rang == 1 else datetime.date(self.annee, 12, 31)


@dataclass(slots=True)
class Ligne:
    """`quartier` None: what is of the whole territory. `cellules`: as many as there are semesters."""

    quartier: Quartier | None
    cellules: list[tuple[Semestre, list[DateCalendrier]]]
    ecrire: bool = False  # whether this reader adds dates to it


def semestres(annees: Iterable[int]) -> list[Semestre]:
    return [Semestre(annee, rang) for annee in annees for rang in (1, 2)]


def dessiner_grille(
    dates: list[DateCalendrier], quartiers: Iterable[Quartier], periodes: list[Semestre]
) -> list[Ligne]:
    """A date that runs over several semesters stands in each."""

    def cellules(pk: int | None):
        siennes = [d for d in dates if (pk in d.quartiers if pk else not d.quartiers)]
        return [(s, [d for d in siennes if d.debut <= s.fin and d.fin >= s.debut]) for s in periodes]

    return [Ligne(None, cellules(None)), *(Ligne(quartier, cellules(quartier.pk)) for quartier in quartiers)]


@dataclass(slots=True)
class Jour:
    date: datetime.date
    du_mois: bool
    dates: list[DateCalendrier] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mois:
    annee: int
    mois: int

    @classmethod
    def lire(cls, texte: str) -> "Mois | None":
        """« 2026-03 »."""
        annee, _, mois = texte.partition("-")
        if not (annee.isdecimal() and mois.isdecimal() and len(annee) == 4 and len(mois) == 2):
            return None
        return cls(int(annee), int(mois)) if 2000 <= int(annee) <= 2100 and 1 <= int(mois) <= 12 else None

    def __str__(self):
        return f"{self.annee}-{self.mois:02d}"

    @property
    def nom(self) -> str:
        return f"{MOIS[self.mois - 1]} {self.annee}"

    @property
    def debut(self) -> datetime.date:
        return datetime.date(self.annee, self.mois, 1)

    @property
    def fin(self) -> datetime.date:
        return datetime.date(self.annee, self.mois, calendar.monthrange(self.annee, self.mois)[1])

    def decaler(self, mois: int) -> "Mois":
        annee, rang = divmod(self.annee * 12 + self.mois - 1 + mois, 12)
        return Mois(annee, rang + 1)


def dessiner_mois(mois: Mois, dates: list[DateCalendrier]) -> list[list[Jour]]:
    """Weeks from Monday. A date stands on its first day, or on the first one that is shown."""
    semaines = [
        [Jour(jour, jour.month == mois.mois) for jour in semaine]
        for semaine in calendar.Calendar(LUNDI).monthdatescalendar(mois.annee, mois.mois)
    ]
    jours = {jour.date: jour for semaine in semaines for jour in semaine}
    premier, dernier = min(jours), max(jours)
    for date in dates:
        if date.debut <= dernier and date.fin >= premier:
            jours[max(date.debut, premier)].dates.append(date)
    return semaines


def dessiner_liste(dates: list[DateCalendrier]) -> list[tuple[Mois, list[DateCalendrier]]]:
    """By month of the first day."""
    par_mois: dict[Mois, list[DateCalendrier]] = {}
    for date in dates:
        par_mois.setdefault(Mois(date.debut.year, date.debut.month), []).append(date)
    return list(par_mois.items())


def annees_du_calendrier(convention: Convention, *, today: datetime.date) -> list[int]:
    """Those of the convention, and those of a date that somebody noted outside it."""
    notees = Jalon.objects.filter(convention=convention).order_by().values_list("date_debut__year", flat=True)
    return sorted({*(convention.annees or [today.year]), *notees.distinct()})
