"""Pure arithmetic of indicators. A missing value never becomes zero: the answer is then None."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from ctg.nombres import DECIMALES
from evaluation.enums import Agregation, Sens

DIXIEME = Decimal("0.1")


def ecart(realise: Decimal | None, cible: Decimal | None) -> Decimal | None:
    """Réalisé − cible, in the unit of the indicator."""
    return None if realise is None or cible is None else realise - cible


def atteinte(
    realise: Decimal | None, depart: Decimal | None, cible: Decimal | None, sens: str
) -> Decimal | None:
    """(réalisé − départ) / (cible − départ) in per cent, to a tenth.

    Undefined where one is missing, where the target is the start, where no direction is wished, and where the
    target goes against the wished direction. May be negative, or more than 100.
    """
    if realise is None or depart is None or cible is None or cible == depart:
        return None
    if sens not in {Sens.HAUSSE, Sens.BAISSE} or (cible > depart) is not (sens == Sens.HAUSSE):
        return None
    return (100 * (realise - depart) / (cible - depart)).quantize(DIXIEME, ROUND_HALF_UP)


def rapprocher(parts: Iterable[Decimal], agregation: str) -> Decimal | None:
    """What the known parts of a value make together; None where there is none, or where they make no total."""
    connues = list(parts)
    if not connues or agregation not in {Agregation.SOMME, Agregation.MOYENNE}:
        return None
    total = sum(connues)
    return total if agregation == Agregation.SOMME else round(total / len(connues), DECIMALES)


def ecart_parts(total: Decimal | None, parts: Iterable[Decimal | None], agregation: str) -> Decimal | None:
    """Total − sum of the parts, where a total is a sum and they do not reconcile; None: nothing to say."""
    connues = [part for part in parts if part is not None]
    if total is None or not connues or agregation != Agregation.SOMME or sum(connues) == total:
        return None
    return total - sum(connues)


def moyenne(valeurs: Iterable[int | None]) -> tuple[Decimal | None, int, int]:
    """(mean to a tenth or None, how many are known, out of how many)."""
    toutes = list(valeurs)
    connues = [Decimal(valeur) for valeur in toutes if valeur is not None]
    if not connues:
        return None, 0, len(toutes)
    return (sum(connues) / len(connues)).quantize(DIXIEME, ROUND_HALF_UP), len(connues), len(toutes)
