"""What the committees did in a year, for its bilan: their meetings, and what became of their decisions."""

import datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from ctg.models import Convention
from evaluation.bilan import LigneReunion, LigneSuite, NoteDeSuite
from evaluation.models import DecisionFiche
from gouvernance.enums import EtatDecision
from gouvernance.models import Decision, Reunion, SuiteDecision


def collect_reunions(convention: Convention, annee: int) -> tuple[LigneReunion, ...]:
    """In the order of their dates; one query."""
    reunions = Reunion.objects.filter(convention=convention, date__year=annee).maintenues().for_list()
    return tuple(
        LigneReunion(
            reunion.numero,
            reunion.date,
            reunion.instance_gouvernance.nom,
            reunion.intitule,
            reunion.nb_decisions,
        )
        for reunion in reunions.order_by("date", "annee", "rang", "pk")
    )


def collect_suites(convention: Convention, annee: int, *, today: datetime.date) -> tuple[LigneSuite, ...]:
    """Decisions of the year and of the one before, and the older ones of which something is still expected.

    Two queries. The day when a decision was done is not kept: states are those of `today`.
    """
    en_attente = ~Q(etat__in=EtatDecision.CLOS) & Q(remplacee_par=None)
    decisions = (
        Decision.objects.filter(reunion__convention=convention, reunion__date__year__lte=annee)
        .filter(Q(reunion__date__year__gte=annee - 1) | en_attente)
        .for_list()
        .prefetch_related(
            Prefetch("liens_fiche", DecisionFiche.objects.select_related("fiche").order_by("fiche__code"))
        )
    )
    return tuple(_suite(decision, today) for decision in decisions)


def collect_notes(convention: Convention, suites: tuple[LigneSuite, ...]) -> tuple[NoteDeSuite, ...]:
    """The last note of each of these decisions, without who wrote it; one query."""
    dites = {suite.numero for suite in suites}
    lues = SuiteDecision.objects.filter(decision__reunion__convention=convention)
    dernieres = {
        note.decision.numero: note
        for note in lues.select_related("decision__reunion").order_by("created_at", "pk")
    }
    return tuple(
        NoteDeSuite(numero, timezone.localdate(note.created_at), note.texte)
        for numero, note in sorted(dernieres.items())
        if numero in dites
    )


def _suite(decision: Decision, today: datetime.date) -> LigneSuite:
    etat = decision.get_etat_display()
    if decision.is_remplacee and decision.remplacee_par.reunion.date <= today:
        etat = f"remplacée par {decision.remplacee_par.numero}"
    return LigneSuite(
        numero=decision.numero,
        date=decision.reunion.date,
        instance=decision.reunion.instance_gouvernance.nom,
        texte=decision.texte,
        service=str(decision.service or ""),
        echeance=decision.echeance,
        etat=etat,
        is_en_retard=decision.is_en_retard(today),
        fiches=tuple(dict.fromkeys(lien.fiche.code for lien in decision.liens_fiche.all())),
    )
