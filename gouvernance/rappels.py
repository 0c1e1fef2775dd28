"""Reminders of decisions to the person responsible: a week before the due date, the day after, then every four weeks.

A row of `RappelDecision` is what is to be said; it is claimed by one conditional UPDATE before its mail leaves, so that
two runs at once send it once. One mail a person and a run. What it lists is read when it leaves.
"""

import datetime
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

from ctg.models import Mandat, Personne
from ctg.templatetags.affichage import pluriel
from gouvernance.models import Decision, RappelDecision

logger = logging.getLogger(__name__)
PANNES = (SMTPException, OSError)
AVANT, APRES = datetime.timedelta(days=-7), datetime.timedelta(days=1)
ENSUITE = datetime.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Envoi:
    """One mail: to whom, of which decisions, and whether it left (None: a trial)."""

    personne: Personne
    decisions: list[Decision]
    parti: bool | None


def jour_de_rappel(echeance: datetime.date, today: datetime.date) -> datetime.date | None:
    """The last day of reminder that has come."""
    if today < echeance + AVANT:
        return None
    if today < echeance + APRES:
        return echeance + AVANT
    premier = echeance + APRES
    return premier + ENSUITE * ((today - premier) // ENSUITE)


def adresse_de(personne: Personne, *, today: datetime.date) -> str:
    """Empty: nobody to write to. An account that is closed, or without a mandate in the convention, has left."""
    if personne.is_anonyme:
        return ""
    compte = personne.utilisateur
    if compte is None:
        partie = personne.fonctions.exists() and not personne.fonctions.en_vigueur(au=today).exists()
        return "" if partie else personne.email
    mandats = Mandat.objects.filter(utilisateur=compte, convention=personne.convention_id).actifs(au=today)
    return compte.email if compte.is_active and mandats.exists() else ""


def envoyer_rappels_decisions(*, now: datetime.datetime, essai: bool = False) -> list[Envoi]:
    """Idempotent. Never in a transaction: a claim is seen by every other run at once."""
    today = timezone.localdate(now)
    dus = list(_dus(today))
    if essai:
        prevus: dict[Personne, list[Decision]] = {}
        for decision, cle in dus:
            if not RappelDecision.objects.filter(
                decision=decision, personne=decision.responsable, cle=cle, date_envoi__isnull=False
            ).exists():
                prevus.setdefault(decision.responsable, []).append(decision)
        return [Envoi(personne, decisions, None) for personne, decisions in prevus.items()]
    for decision, cle in dus:
        RappelDecision.objects.get_or_create(
            decision=decision, personne=decision.responsable, cle=cle, defaults={"created_at": now}
        )
    return _distribuer({(decision.pk, cle): decision for decision, cle in dus}, now=now)


def _dus(today: datetime.date) -> Iterator[tuple[Decision, str]]:
    """Open decisions whose day of reminder has come and whose responsible can be written to, with that thing's name."""
    diffusees = Decision.objects.diffusees()
    decisions = diffusees.en_attente(diffusees).filter(
        echeance__lt=today - AVANT + datetime.timedelta(days=1), responsable__isnull=False
    )
    decisions = decisions.select_related(
        "reunion__convention", "reunion__instance_gouvernance", "responsable__utilisateur"
    )
    for decision in decisions.order_by("echeance", "pk"):
        jour = jour_de_rappel(decision.echeance, today)
        if jour and adresse_de(decision.responsable, today=today):
            yield decision, f"{decision.echeance}-{jour}"


def _distribuer(dus: dict[tuple[int, str], Decision], *, now: datetime.datetime) -> list[Envoi]:
    en_attente: dict[Personne, list[RappelDecision]] = {}
    for rappel in (
        RappelDecision.objects.filter(date_envoi=None).select_related("personne__utilisateur").order_by("pk")
    ):
        decision = dus.get((rappel.decision_id, rappel.cle))
        if decision is None or decision.responsable_id != rappel.personne_id:
            rappel.delete()  # done, moved or given to somebody else meanwhile
        else:
            en_attente.setdefault(rappel.personne, []).append(rappel)
    if not en_attente:
        return []
    connexion = get_connection()
    envois = []
    for personne, rappels in en_attente.items():
        pris = [r for r in rappels if _prendre(r, now)]
        if pris:
            decisions = [dus[r.decision_id, r.cle] for r in pris]
            envois.append(Envoi(personne, decisions, _envoyer(personne, pris, decisions, connexion, now=now)))
    return envois


def _prendre(rappel: RappelDecision, now: datetime.datetime) -> bool:
    libres = RappelDecision.objects.filter(pk=rappel.pk, date_envoi=None)
    return bool(libres.update(date_envoi=now))


def _envoyer(personne, rappels, decisions, connexion, *, now) -> bool:
    courriel = composer(personne, decisions, today=timezone.localdate(now))
    courriel.connection = connexion
    try:
        courriel.send()
    except PANNES as panne:  # its words may hold the address
        logger.warning("Rappel de décisions pas encore envoyé : %s", type(panne).__name__)
        rendus = RappelDecision.objects.filter(pk__in=[rappel.pk for rappel in rappels])
        rendus.update(date_envoi=None)
        return False
    return True


def composer(
    personne: Personne, decisions: list[Decision], *, today: datetime.date
) -> EmailMultiAlternatives:
    """Text first, the same in HTML; each decision leads to its page."""
    nb = len(decisions)
    retard = sum(decision.is_en_retard(today) for decision in decisions)
    objet = f"{nb} décision{pluriel(nb)} à suivre" + (f", dont {retard} en retard" if retard else "")
    context = {
        "personne": personne,
        "lignes": [(decision, decision.is_en_retard(today)) for decision in decisions],
        "convention": decisions[0].reunion.convention,
        "adresse": settings.ADRESSE,
    }
    courriel = EmailMultiAlternatives(
        f"Pilotage CTG – {objet}",
        render_to_string("gouvernance/courriels/decisions.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [adresse_de(personne, today=today)],
    )
    courriel.attach_alternative(
        render_to_string("gouvernance/courriels/decisions.html", context), "text/html"
    )
    return courriel
