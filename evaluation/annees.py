"""The years of one indicator, for its page: its values, and those of its parts on one scale."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from evaluation.bilan import LigneIndicateur
from evaluation.etincelles import Etincelle, petits_multiples
from evaluation.lecture import Caches
from evaluation.lignes import ligne_indicateur
from evaluation.models import Indicateur
from evaluation.series import Anciens


@dataclass(frozen=True, slots=True)
class AnneesDUnePart:
    """`valeurs`: one a year, in the order of the years; None is missing."""

    libelle: str
    valeurs: tuple[Decimal | None, ...]
    etincelle: Etincelle | None


@dataclass(frozen=True, slots=True)
class AnneesDUnIndicateur:
    """`lignes`: the indicator as of each year, the earliest first."""

    lignes: tuple[LigneIndicateur, ...]
    annees: tuple[int, ...]
    parts: tuple[AnneesDUnePart, ...]

    @property
    def derniere(self) -> LigneIndicateur:
        """As of the last year: its chart is that of all of them."""
        return self.lignes[-1]


def collect_annees(
    indicateur: Indicateur, annees: Iterable[int], anciens: Anciens, caches: Caches
) -> AnneesDUnIndicateur | None:
    """`indicateur`: one of `for_entry`; None where no year has begun."""
    annees = tuple(annees)
    if not annees:
        return None
    lignes = tuple(ligne_indicateur(indicateur, annee, anciens, caches) for annee in annees)
    connues = [{p.libelle: p.valeur for p in li.valeur.parts} if li.valeur else {} for li in lignes]
    libelles = list(dict.fromkeys(libelle for parts in connues for libelle in parts))
    series = {libelle: tuple(parts.get(libelle) for parts in connues) for libelle in libelles}
    dessins = petits_multiples(series, annees, indicateur.unite_affichee)
    return AnneesDUnIndicateur(
        lignes,
        annees,
        tuple(AnneesDUnePart(libelle, valeurs, dessins[libelle]) for libelle, valeurs in series.items()),
    )
