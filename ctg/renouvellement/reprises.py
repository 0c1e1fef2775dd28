"""How the rows of each table go into the next convention; what no app declares is not taken over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import models

from ctg.models import Convention

Cellules = dict[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """A part of many rows, taken or left for all of them at once."""

    code: str
    libelle: str
    ordre: int = 0


@dataclass(frozen=True, slots=True)
class Reprise:
    """`titre`: its rows are chosen one by one, under that title; without one, they follow what they name.

    `sous(objet)`: what a row stands under, and goes with. `ecart(objet)`: why it is not chosen beforehand.
    `neuves`: the columns that begin anew; `colonnes`: {option: the columns that it brings}; `option`: the one that
    brings the whole table.
    """

    tableau: str
    titre: str = ""
    sous: Callable[[models.Model], models.Model | None] = lambda objet: None
    ecart: Callable[[models.Model], str] = lambda objet: ""
    nommer: Callable[[models.Model], str] = str
    is_section: bool = False  # a row that stands under nothing is a section of the page by itself
    neuves: frozenset[str] = frozenset()
    colonnes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    option: str = ""
    retenir: Callable[[models.Model], bool] = lambda objet: True
    ajuster: Callable[[models.Model, Cellules, Convention], None] = lambda objet, cellules, nouvelle: None


_reprises: dict[str, Reprise] = {}
_options: dict[str, Option] = {}


def register(*reprises: Reprise) -> None:
    for reprise in reprises:
        if reprise.tableau in _reprises:
            raise ValueError(f"Reprise déjà déclarée : {reprise.tableau}")
        _reprises[reprise.tableau] = reprise


def register_option(*options: Option) -> None:
    for option in options:
        if option.code in _options:
            raise ValueError(f"Option déjà déclarée : {option.code}")
        _options[option.code] = option


def get_reprise(tableau: str) -> Reprise | None:
    return _reprises.get(tableau)


def options() -> list[Option]:
    return sorted(_options.values(), key=lambda option: (option.ordre, option.code))
