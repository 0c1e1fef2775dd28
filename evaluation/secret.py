"""Small counts are not published, nor what would give them away by subtraction. Pure arithmetic."""

from collections.abc import Sequence
from decimal import Decimal

from evaluation.bilan import Part

SEUIL = 5
MOINS_DE = f"moins de {SEUIL}"
NON_PUBLIE = "non publié"
_INFINI = Decimal("Infinity")


def proteger(parts: Sequence[Part]) -> tuple[tuple[Part, ...], bool]:
    """The parts as they may be published, and whether their total must stay out too.

    A count under `SEUIL` is hidden. Whoever knows the total knows the sum of what is hidden: as long as that sum
    leaves only one possible value for a small count, the smallest other part is hidden with it, then the total.
    """
    petites = {rang for rang, part in enumerate(parts) if part.valeur is not None and part.valeur < SEUIL}
    autres = sorted(
        (part.valeur, rang)
        for rang, part in enumerate(parts)
        if part.valeur is not None and rang not in petites
    )
    cachees: set[int] = set()
    while petites and _se_deduit(parts, petites, cachees):
        if not autres:
            return _masquer(parts, petites, cachees), True
        cachees.add(autres.pop(0)[1])
    return _masquer(parts, petites, cachees), False


def _se_deduit(parts: Sequence[Part], petites: set[int], cachees: set[int]) -> bool:
    """Whether the sum of the hidden parts leaves one only value for one of the small ones."""
    somme = sum(parts[rang].valeur for rang in petites | cachees)
    bornes = {rang: (Decimal(0), Decimal(SEUIL - 1)) for rang in petites}
    bornes |= {rang: (Decimal(SEUIL), _INFINI) for rang in cachees}
    for rang in petites:
        bas, haut = bornes[rang]
        reste = [borne for autre, borne in bornes.items() if autre != rang]
        au_moins = max(bas, somme - sum((h for _, h in reste), Decimal(0)))
        au_plus = min(haut, somme - sum((b for b, _ in reste), Decimal(0)))
        if au_moins >= au_plus:
            return True
    return False


def _masquer(parts: Sequence[Part], petites: set[int], cachees: set[int]) -> tuple[Part, ...]:
    return tuple(
        Part(part.libelle, None, MOINS_DE if rang in petites else NON_PUBLIE)
        if rang in petites | cachees
        else part
        for rang, part in enumerate(parts)
    )
