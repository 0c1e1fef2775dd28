"""What a table is: its rows, its columns, and where they stand in a convention."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from ctg.models import Convention, Territoire

SEPARATEUR = " | "


class ChargementError(Exception):
    """Everything that is wrong in the tables; one French sentence a fault, with its place and its remedy."""

    def __init__(self, fautes: list[str]):
        self.fautes = fautes
        super().__init__("\n".join(fautes))


class ValeurError(Exception):
    """One cell cannot be read; the message says what to write instead."""


@dataclass
class Contexte:
    """What readers need to resolve a link: the convention being loaded, and what was found already."""

    convention: Convention | None = None
    territoire: Territoire | None = None
    liens: dict[tuple, models.Model] = field(default_factory=dict)


# A reader turns a cell into {field: value}; a writer turns an object into the cell that gives it back.
Lecteur = Callable[[str, Contexte], dict[str, Any]]
Redacteur = Callable[[models.Model], str]
Portee = Callable[[Contexte], dict[str, Any]]


def rien(objet: models.Model) -> Iterable[models.Model]:
    return ()


@dataclass(frozen=True, slots=True)
class Colonne:
    """`aide`: what one writes in it; `valeurs`: the words that it takes; `cibles`: the objects that it names.

    `ecrire_parmi(objet, est_donne)`: writes those of its targets that are given too; without it, a row goes with them all.
    """

    lire: Lecteur
    ecrire: Redacteur
    aide: str = ""
    valeurs: tuple[str, ...] = ()
    cibles: Callable[[models.Model], Iterable[models.Model]] = rien
    suit: str = ""  # the path of keys that writing it follows
    ecrire_parmi: Callable[[models.Model, Callable[[models.Model], bool]], str] | None = None


@dataclass(frozen=True, slots=True)
class Tableau:
    """One kind of record. `cle`: columns that name a row; `portee`: fields that the context gives.

    `dans`: which records are the convention's own, where the `portee` does not say it. A table without one or the
    other is of nobody: a convention gives back the records that it names.
    """

    nom: str
    titre: str
    modele: type[models.Model]
    cle: tuple[str, ...]
    colonnes: dict[str, Colonne]
    ordre: int
    portee: Portee | None = None
    dans: Portee | None = None
    is_suivi: bool = False  # what happens during the convention: not in the workbook that begins one
    # (object, fields to write) -> why it is locked, or nothing; forcing does not lift it.
    verrou: Callable[[models.Model, list[str]], str] = lambda objet, champs: ""

    @property
    def is_de_personne(self) -> bool:
        return not (self.portee or self.dans or self.modele is Convention)

    def get_portee(self, ctx: Contexte) -> dict[str, Any]:
        return self.portee(ctx) if self.portee else {}


_tableaux: dict[str, Tableau] = {}


def register(tableau: Tableau) -> None:
    if tableau.nom in _tableaux:
        raise ValueError(f"Tableau déjà déclaré : {tableau.nom}")
    _tableaux[tableau.nom] = tableau


def tableaux() -> list[Tableau]:
    return sorted(_tableaux.values(), key=lambda t: (t.ordre, t.nom))


def get_tableau(nom: str) -> Tableau | None:
    return _tableaux.get(nom)
