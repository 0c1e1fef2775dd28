"""Locks that the year's entry puts on the parts of a fiche.

`evaluation` knows the years and registers its rule here; the models ask, whatever form, workbook or import writes.
"""

from collections.abc import Callable

# (fiche, year or None for the year under way, « moyens » or « etapes ») → why it is locked, or "".
Regle = Callable[[object, int | None, str], str]
_regles: list[Regle] = []


def register(regle: Regle) -> None:
    _regles.append(regle)


def raison(fiche, annee: int | None, partie: str) -> str:
    """The first reason, a sentence for the person; empty where nothing is locked."""
    return next((motif for regle in _regles if (motif := regle(fiche, annee, partie))), "")
