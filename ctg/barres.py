"""Geometry of horizontal bars, each with its mark to reach: plain numbers for an SVG template."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

LARGEUR, PAS, EPAISSEUR = 400, 34, 12
DEBUT, FIN = 4, 396  # of the longest bar


@dataclass(frozen=True, slots=True)
class Barre:
    """`largeur` None: not known, which is not zero; `repere`: where the mark stands, or empty."""

    nom: str
    dit: str
    y: int
    largeur: str | None
    repere: str


@dataclass(frozen=True, slots=True)
class Barres:
    hauteur: int
    barres: tuple[Barre, ...]


def dessiner_barres(
    lignes: Iterable[tuple[str, Decimal | None, Decimal | None, str]],
) -> Barres | None:
    """`lignes`: (name, value, mark, what a reader is told). None where nothing is known."""
    lignes = list(lignes)
    connues = [v for _, valeur, repere, _ in lignes for v in (valeur, repere) if v is not None]
    if not connues or max(connues) <= 0:
        return None
    echelle = (FIN - DEBUT) / float(max(connues))

    def long(valeur: Decimal | None) -> str | None:
        return None if valeur is None else f"{float(valeur) * echelle:.1f}"

    return Barres(
        PAS * len(lignes),
        tuple(
            Barre(
                nom,
                dit,
                rang * PAS,
                long(valeur),
                f"{DEBUT + float(repere) * echelle:.1f}" if repere is not None else "",
            )
            for rang, (nom, valeur, repere, dit) in enumerate(lignes)
        ),
    )
