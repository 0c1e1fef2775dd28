"""Whether the parts of a detailed value make its total, and by how much they do not."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ctg.templatetags.affichage import nombre, pluriel
from evaluation.enums import Agregation
from evaluation.models import Indicateur


@dataclass(frozen=True, slots=True)
class EcartDetail:
    """`detail`: the sum, or the mean, of the parts that are known."""

    agregation: str
    detail: Decimal
    total: Decimal | None
    nb_connues: int
    nb_parts: int

    @property
    def is_impossible(self) -> bool:
        """The parts cannot make the total any more: all are known, or they are already above it."""
        if self.total is None:
            return False
        trop = self.agregation == Agregation.SOMME and self.detail > self.total
        return trop or self.nb_connues == self.nb_parts

    @property
    def phrase(self) -> str:
        quoi = "le détail fait" if self.agregation == Agregation.SOMME else "la moyenne du détail est"
        phrase = f"{quoi} {nombre(self.detail)}, le total "
        if self.total is None:
            phrase += "n’est pas renseigné"
        else:
            phrase += nombre(self.total)
            if self.agregation == Agregation.SOMME:
                reste = self.total - self.detail
                suite = f"il manque {nombre(reste)}" if reste > 0 else f"il y a {nombre(-reste)} de trop"
                phrase += f"\u00a0: {suite}"
        if self.nb_connues < self.nb_parts:
            s = pluriel(self.nb_connues)
            phrase += f" ({self.nb_connues} part{s} renseignée{s} sur {self.nb_parts})"
        return phrase


def ecart_detail(
    indicateur: Indicateur, total: Decimal | None, parts: Iterable[Decimal | None]
) -> EcartDetail | None:
    """None: they agree, or there is nothing to compare."""
    parts = list(parts)
    connues = [part for part in parts if part is not None]
    if not connues or indicateur.agregation not in {Agregation.SOMME, Agregation.MOYENNE}:
        return None
    detail = sum(connues, Decimal(0))
    if indicateur.agregation == Agregation.MOYENNE:
        detail = (detail / len(connues)).quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize()
        detail = Decimal(f"{detail:f}")
    if total is not None and _au_meme_rang(detail, total) == total:
        return None
    return EcartDetail(indicateur.agregation, detail, total, len(connues), len(parts))


def _au_meme_rang(detail: Decimal, total: Decimal) -> Decimal:
    """A mean is compared with as many decimals as the total was written with."""
    exposant = min(0, int(total.normalize().as_tuple().exponent))
    return detail.quantize(Decimal(1).scaleb(exposant), ROUND_HALF_UP)
