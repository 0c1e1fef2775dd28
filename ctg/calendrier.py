"""The dates of a convention, whatever app they are of: each app registers its sources in its `dates_calendrier.py`.

No lower app names an upper one: the calendar and the agendas ask this registry.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from ctg.models import Convention
from ctg.permissions import check


@dataclass(frozen=True, slots=True)
class DateCalendrier:
    """`cle` names it for ever, in its convention; `fin` is the last day. No quartier: the whole territory.

    `horaire`: its two moments, where they are known; `uid`: its name in agendas, where it has one already.
    `ou`: the quartiers in words. `modification`: when what it says changed last, where that is known.
    """

    cle: str
    nature: str
    titre: str
    debut: datetime.date
    fin: datetime.date
    url: str = ""
    quartiers: frozenset[int] = frozenset()
    ou: str = ""
    lieu: str = ""
    note: str = ""
    modification: datetime.datetime | None = None
    horaire: tuple[datetime.datetime, datetime.datetime] | None = None
    uid: str = ""

    @property
    def titre_entier(self) -> str:
        return f"{self.titre} ({self.ou})" if self.ou else self.titre


@dataclass(frozen=True, slots=True)
class SourceCalendrier:
    """`natures`: {code: name, in the plural}; `collect(user, convention, debut, fin)` gives what touches these days."""

    code: str
    natures: dict[str, str]
    collect: Callable[..., Iterable[DateCalendrier]]
    ordre: int
    permission: str = ""  # asked of the convention


_sources: dict[str, SourceCalendrier] = {}


def register(source: SourceCalendrier) -> None:
    if source.code in _sources:
        raise ValueError(f"Source déjà déclarée : {source.code}")
    _sources[source.code] = source


def natures(user, convention: Convention) -> dict[str, str]:
    """What this person may find in the calendar."""
    return {code: nom for source in _lisibles(user, convention) for code, nom in source.natures.items()}


def collect_dates(
    user, convention: Convention, *, debut: datetime.date, fin: datetime.date
) -> list[DateCalendrier]:
    """What this person may read and that touches these days, in order; a few queries a source."""
    dates = [
        date
        for source in _lisibles(user, convention)
        for date in source.collect(user, convention, debut, fin)
        if date.debut <= fin and date.fin >= debut
    ]
    return sorted(dates, key=lambda date: (date.debut, date.fin, date.titre, date.cle))


def _lisibles(user, convention: Convention) -> list[SourceCalendrier]:
    sources = sorted(_sources.values(), key=lambda source: (source.ordre, source.code))
    return [s for s in sources if not s.permission or check(user, s.permission, convention)]


def derniere_modification(modele) -> Subquery:
    """To annotate rows of a model that has its history: the moment of its latest line."""
    lignes = modele.historique.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    return Subquery(lignes.values("history_date")[:1])
