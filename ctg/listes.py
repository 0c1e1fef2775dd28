"""Lists that one sorts, whose columns one chooses, and that leave as a table of exactly what is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import BaseExpression, OrderBy


@dataclass(frozen=True, slots=True)
class Colonne:
    """`exporte`: (heading, value of a row) of each column that it makes in a table; `tri`: what it sorts by.

    `is_en_plus`: shown only where it is chosen.
    """

    code: str
    titre: str
    exporte: tuple[tuple[str, Callable[[Any], Any]], ...]
    tri: tuple = ()
    is_en_plus: bool = False


@dataclass(frozen=True, slots=True)
class Entete:
    """A heading of the page. `sens`: « ascending », « descending » or empty; `suivant`: what a click asks."""

    code: str
    titre: str
    is_affichee: bool
    is_fixe: bool
    sens: str = ""
    suivant: str = ""


@dataclass(frozen=True, slots=True)
class Demande:
    """What an address asks of a list: `tri` is the code of a column, or empty; `codes`: of the columns shown."""

    colonnes: tuple[Colonne, ...]
    tri: str
    is_inverse: bool
    codes: frozenset[str]

    @classmethod
    def lire(cls, colonnes: tuple[Colonne, ...], parametres) -> "Demande":
        """What is not known is not asked. The first column is always there: it names the row."""
        tri = parametres.get("tri", "")
        code = tri.removeprefix("-")
        triables = {colonne.code for colonne in colonnes if colonne.tri}
        voulues = set(parametres.getlist("col")) & {colonne.code for colonne in colonnes}
        par_defaut = {colonne.code for colonne in colonnes if not colonne.is_en_plus}
        return cls(
            colonnes,
            code if code in triables else "",
            tri.startswith("-"),
            frozenset((voulues or par_defaut) | {colonnes[0].code}),
        )

    def trier(self, queryset: QuerySet, ordre: tuple) -> QuerySet:
        """`ordre`: that of the list, which also settles what the column leaves equal."""
        cles = next((colonne.tri for colonne in self.colonnes if colonne.code == self.tri), ())
        return queryset.order_by(*(_inverser(cle) for cle in cles) if self.is_inverse else cles, *ordre)

    @property
    def entetes(self) -> list[Entete]:
        entetes = []
        for rang, colonne in enumerate(self.colonnes):
            triee = colonne.code == self.tri
            sens = ("descending" if self.is_inverse else "ascending") if triee else ""
            suivant = f"-{colonne.code}" if sens == "ascending" else colonne.code
            entetes.append(
                Entete(
                    colonne.code,
                    colonne.titre,
                    colonne.code in self.codes,
                    rang == 0,
                    sens,
                    suivant if colonne.tri else "",
                )
            )
        return entetes

    def table(self, lignes) -> list[list]:
        """Headings, then the rows: what the page shows, in its order, whatever its pages."""
        exportees = [c for colonne in self.colonnes if colonne.code in self.codes for c in colonne.exporte]
        titres: list[list] = [[titre for titre, _ in exportees]]
        return titres + [[valeur(ligne) for _, valeur in exportees] for ligne in lignes]


def _inverser(cle: str | BaseExpression | F):
    if isinstance(cle, str):
        return cle.removeprefix("-") if cle.startswith("-") else f"-{cle}"
    if isinstance(cle, OrderBy):
        inverse = cle.copy()
        inverse.descending = not cle.descending
        return inverse
    return cle.desc()
