"""Whether each instance met as often as the signed text asks: computed from its meetings, never entered.

A séminaire is held quartier by quartier: the dates of the calendar count as its meetings.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from ctg.models import Convention, Quartier
from gouvernance.enums import EtatObligation, NatureJalon, TypeInstance
from gouvernance.models import InstanceGouvernance, Jalon, Reunion


@dataclass(frozen=True, slots=True)
class Obligation:
    """One instance, one civil year. `etat` is empty where the text asks for nothing; `texte`: what it says."""

    annee: int
    attendues: int | None
    tenues: int
    prochaine: datetime.date | None  # the first one planned, not held yet
    etat: str
    texte: str = ""


def collect_obligations(
    convention: Convention, instances: Iterable[InstanceGouvernance], *, au: datetime.date
) -> dict[int, dict[int, Obligation]]:
    """{instance: {year: …}, the latest first}, in two queries: this year, those of the convention, those with a meeting."""
    dates: dict[int, list[datetime.date]] = {}
    lignes = Reunion.objects.filter(convention=convention).maintenues().order_by("date")
    for instance_id, date in lignes.values_list("instance_gouvernance", "date"):
        dates.setdefault(instance_id, []).append(date)
    instances = list(instances)
    seminaires = [i.pk for i in instances if i.type_instance == TypeInstance.SEMINAIRE]
    if seminaires:
        jours = [jalon.date_debut for jalon in _seminaires(convention)]
        for pk in seminaires:
            tenues = dates.get(pk, [])  # a meeting noted too on that day is the same one
            dates[pk] = sorted([*tenues, *(jour for jour in jours if jour not in tenues)])
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


def _seminaires(convention: Convention) -> Iterable[Jalon]:
    return Jalon.objects.filter(convention=convention, nature=NatureJalon.SEMINAIRE).order_by(
        "date_debut", "pk"
    )


def _obligation(instance, annee, dates, au, *, demandee) -> Obligation:
    tenues = sum(date.year == annee and date <= au for date in dates)
    prevues = [date for date in dates if date.year == annee and date > au]
    attendues = instance.frequence_min if demandee else None
    etat = ""
    if attendues:
        if tenues >= attendues:
            etat = EtatObligation.TENUE
        elif tenues + len(prevues) >= attendues:
            etat = EtatObligation.PREVUE
        else:
            etat = EtatObligation.DUE if annee == au.year else EtatObligation.MANQUEE
    prochaine = prevues[0] if prevues else None
    return Obligation(annee, attendues, tenues, prochaine, etat, instance.frequence if etat else "")


@dataclass(frozen=True, slots=True)
class SeminaireDeQuartier:
    """What is known of the séminaire of one quartier, one year. The text wishes for one, and asks for none."""

    quartier: Quartier
    tenu: datetime.date | None
    prevu: datetime.date | None


def collect_seminaires(convention: Convention, annee: int, *, au: datetime.date) -> list[SeminaireDeQuartier]:
    """In the order of the quartiers."""
    jours: dict[int, list[datetime.date]] = {}
    for jalon in _seminaires(convention):
        if jalon.date_debut.year == annee:
            jours.setdefault(jalon.quartier_id, []).append(jalon.date_debut)
    return [
        SeminaireDeQuartier(
            quartier,
            next((jour for jour in jours.get(quartier.pk, []) if jour <= au), None),
            next((jour for jour in jours.get(quartier.pk, []) if jour > au), None),
        )
        for quartier in Quartier.objects.de_reference(convention.territoire)
    ]
