"""Sparklines: a series in the height of a line; several on one scale are small multiples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ctg.templatetags.affichage import avec_unite

LARGEUR, HAUTEUR, MARGE = 120, 32, 4


@dataclass(frozen=True, slots=True)
class Etincelle:
    """`traits`: points of the lines that join years that follow; `points`: (x, y, words) of each known year.

    `repere`: the lines of what all are compared with.
    """

    titre: str
    description: str
    traits: tuple[str, ...]
    points: tuple[tuple[str, str, str], ...]
    repere: tuple[str, ...] = ()


def petits_multiples(
    series: Mapping[str, Sequence[Decimal | None]],
    annees: Sequence[int | str],
    unite: str,
    repere: Sequence[Decimal | None] = (),
) -> dict[str, Etincelle | None]:
    """One sparkline a series, all on the same scale, which begins at zero; None where a series has no value.

    `repere`: what each is compared with, year by year, drawn behind it.
    """
    connues = [valeur for serie in (*series.values(), repere) for valeur in serie if valeur is not None]
    bas, haut = (min([Decimal(0), *connues]), max([Decimal(0), *connues])) if connues else (0, 1)
    echelle = bas, (haut - bas) or Decimal(1)
    traits = tuple(_traits(_placer(repere, annees, unite, *echelle))) if repere else ()
    return {nom: _etincelle(nom, serie, annees, unite, echelle, traits) for nom, serie in series.items()}


def _placer(serie, annees, unite: str, bas: Decimal, etendue: Decimal) -> list[tuple[str, str, str] | None]:
    pas = (LARGEUR - 2 * MARGE) / max(len(serie) - 1, 1)
    return [
        None
        if valeur is None
        else (
            f"{MARGE + rang * pas:.1f}",
            f"{HAUTEUR - MARGE - float((valeur - bas) / etendue) * (HAUTEUR - 2 * MARGE):.1f}",
            f"{annee}\u00a0: {avec_unite(valeur, unite)}",
        )
        for rang, (annee, valeur) in enumerate(zip(annees, serie, strict=True))
    ]


def _etincelle(nom: str, serie, annees, unite: str, echelle, repere: tuple[str, ...]) -> Etincelle | None:
    points = _placer(serie, annees, unite, *echelle)
    connus = tuple(point for point in points if point)
    if not connus:
        return None
    manquent = [str(annee) for annee, point in zip(annees, points, strict=True) if point is None]
    description = ", ".join(texte for *_, texte in connus)
    if manquent:
        description += f". Sans valeur\u00a0: {', '.join(manquent)}"
    return Etincelle(f"{nom}, par année", f"{description}.", tuple(_traits(points)), connus, repere)


def _traits(points):
    """A missing year breaks the line."""
    suite: list[str] = []
    for point in [*points, None]:
        if point is not None:
            suite.append(f"{point[0]},{point[1]}")
        else:
            if len(suite) > 1:
                yield " ".join(suite)
            suite = []
