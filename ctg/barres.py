"""Geometry of horizontal bars, each with its mark to reach: plain numbers for an SVG template."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

LARGEUR, PAS, EPAISSEUR = 400, 34, 12
DEBUT, FIN = 4, 396  # of the longest bar
COTE_A_COTE = 68  # characters that fit on one line


@dataclass(frozen=True, slots=True)
class Barre:
    """`largeur` None: not known, which is not zero; `repere`: where the mark stands, or empty.

    `etiquette`: what stands at the end of the line, where there is room beside the name.
    """

    nom: str
    dit: str
    y: int
    largeur: str | None
    repere: str
    etiquette: str = ""


@dataclass(frozen=True, slots=True)
class Barres:
    """`piste`: how long a whole bar is, where a whole has a meaning."""

    hauteur: int
    barres: tuple[Barre, ...]
    piste: int | None = None


def dessiner_barres(
    lignes: Iterable[tuple[str, Decimal | int | None, Decimal | None, str]],
    *,
    maximum: int | None = None,
) -> Barres | None:
    """`lignes`: (name, value, mark, what a reader is told). None where nothing is known.

    `maximum`: the value of a whole bar, where it is not the greatest of those that are drawn.
    """
    lignes = list(lignes)
    connues = [v for _, valeur, repere, _ in lignes for v in (valeur, repere) if v is not None]
    if not connues or (maximum or max(connues)) <= 0:
        return None
    echelle = (FIN - DEBUT) / float(maximum or max(connues))

    def long(valeur: Decimal | int | None) -> str | None:
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
                dit if len(nom) + len(dit) <= COTE_A_COTE else "",
            )
            for rang, (nom, valeur, repere, dit) in enumerate(lignes)
        ),
        FIN - DEBUT if maximum else None,
    )
