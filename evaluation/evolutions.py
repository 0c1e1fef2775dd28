"""What each row of a list of indicators shows of its years: a sparkline, and the values that it draws."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from evaluation.etincelles import Etincelle, petits_multiples
from evaluation.lecture import Caches
from evaluation.models import Indicateur
from evaluation.series import Anciens, collect_serie


@dataclass(frozen=True, slots=True)
class Evolution:
    """`valeurs`: {year: value} of the known ones; no sparkline where none is known."""

    valeurs: dict[int, Decimal] = field(default_factory=dict)
    etincelle: Etincelle | None = None


def collect_evolutions(
    cles: Sequence[int], annees: Sequence[int], anciens: Anciens, caches: Caches
) -> dict[int, Evolution]:
    """{indicator: its evolution}, each on a scale of its own; the number of queries does not grow with them.

    What a definition replaced on the same scale goes on in the same line.
    """
    if not annees:
        return {cle: Evolution() for cle in cles}
    indicateurs = Indicateur.objects.filter(pk__in=cles).for_entry()
    return {i.pk: _evolution(i, annees, anciens, caches) for i in indicateurs}


def _evolution(indicateur: Indicateur, annees: Sequence[int], anciens: Anciens, caches: Caches) -> Evolution:
    points, _ = collect_serie(indicateur, annees[-1], anciens, caches)
    connues = {p.annee: p.valeur for p in points if p.valeur is not None and p.annee in annees}
    serie = [connues.get(annee) for annee in annees]
    dessin = petits_multiples({indicateur.intitule: serie}, annees, indicateur.unite_affichee)
    return Evolution(connues, dessin[indicateur.intitule])
