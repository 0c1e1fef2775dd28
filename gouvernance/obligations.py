"""Whether each instance met as often as the signed text asks: computed from its meetings, never entered."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from ctg.models import Convention
from gouvernance.enums import EtatObligation
from gouvernance.models import InstanceGouvernance, Reunion


@dataclass(frozen=True, slots=True)
class Obligation:
    """One instance, one civil year. `etat` is empty where the text asks for nothing."""

    annee: int
    attendues: int | None
    tenues: int
    prochaine: datetime.date | None  # the first one planned, not held yet
    etat: str


def collect_obligations(
    convention: Convention, instances: Iterable[InstanceGouvernance], *, au: datetime.date
) -> dict[int, dict[int, Obligation]]:
    """{instance: {year: …}, the latest first}, in one query: this year, those of the convention, those with a meeting."""
    dates: dict[int, list[datetime.date]] = {}
    lignes = Reunion.objects.filter(convention=convention).maintenues().order_by("date")
    for instance_id, date in lignes.values_list("instance_gouvernance", "date"):
        dates.setdefault(instance_id, []).append(date)
    contrat = {annee for annee in convention.annees if annee <= au.year}
    return {
        instance.pk: {
            annee: _obligation(instance, annee, dates.get(instance.pk, []), au, demandee=annee in contrat)
            for annee in sorted(
                contrat | {au.year} | {d.year for d in dates.get(instance.pk, [])}, reverse=True
            )
        }
        for instance in instances
    }


def _obligation(instance, annee, dates, au, *, demandee) -> Obligation:
    tenues = sum(date.year == annee and date <= au for date in dates)
    prochaine = next((date for date in dates if date.year == annee and date > au), None)
    attendues = instance.frequence_min if demandee else None
    etat = ""
    if attendues:
        if tenues >= attendues:
            etat = EtatObligation.TENUE
        else:
            etat = EtatObligation.DUE if annee == au.year else EtatObligation.MANQUEE
    return Obligation(annee, attendues, tenues, prochaine, etat)
