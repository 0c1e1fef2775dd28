"""Reminders of decisions to who answers for them: a week before the due date, the day after, then every four weeks.

A service answers by the people known in it; where nobody is, and of what nobody answers for, the chargé is told.
A row of `RappelDecision` is what is to be said; it is claimed by one conditional UPDATE before its mail leaves, so that
two runs at once send it once. One mail a person and a run. What it lists is read when it leaves.
"""

import datetime
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

from ctg.models import Fonction, Mandat, Personne
from ctg.templatetags.affichage import pluriel
from gouvernance.destinataires import charges_de
from gouvernance.models import Decision, RappelDecision

logger = logging.getLogger(__name__)
PANNES = (SMTPException, OSError)
AVANT, APRES = datetime.timedelta(days=-7), datetime.timedelta(days=1)
ENSUITE = datetime.timedelta(days=28)


class Titre(Enum):
    """Why this person is reminded."""

    RESPONSABLE = "responsable"
    SERVICE = "service"
    POUR_LE_SERVICE = "pour le service"  # the chargé, who knows whom to ask
    A_DESIGNER = "à désigner"


@dataclass(frozen=True, slots=True)
class Du:
    """`cle` names the thing, so that it is said once to each."""

    decision: Decision
    personne: Personne
    titre: Titre
    cle: str


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
        for du in dus:
            if not RappelDecision.objects.filter(
                decision=du.decision, personne=du.personne, cle=du.cle, date_envoi__isnull=False
            ).exists():
                prevus.setdefault(du.personne, []).append(du.decision)
        return [Envoi(personne, decisions, None) for personne, decisions in prevus.items()]
    for du in dus:
        RappelDecision.objects.get_or_create(
            decision=du.decision, personne=du.personne, cle=du.cle, defaults={"created_at": now}
        )
    return _distribuer({(du.decision.pk, du.personne.pk, du.cle): du for du in dus}, now=now)


def _dus(today: datetime.date) -> Iterator[Du]:
    """Open decisions whose day of reminder has come, for each person who is to be written to."""
    diffusees = Decision.objects.diffusees()
    decisions = diffusees.en_attente(diffusees).filter(
        echeance__lt=today - AVANT + datetime.timedelta(days=1)
    )
    decisions = decisions.select_related(
        "reunion__convention", "reunion__instance_gouvernance", "responsable__utilisateur", "service"
    )
    for decision in decisions.order_by("echeance", "pk"):
        if jour := jour_de_rappel(decision.echeance, today):
            for personne, titre in _qui_en_repond(decision, today):
                if adresse_de(personne, today=today):
                    yield Du(decision, personne, titre, f"{decision.echeance}-{jour}")


def _qui_en_repond(decision: Decision, today: datetime.date) -> list[tuple[Personne, Titre]]:
    if decision.responsable:
        return [(decision.responsable, Titre.RESPONSABLE)]
    if decision.service:
        if connus := _connus_dans(decision, today):
            return [(personne, Titre.SERVICE) for personne in connus]
        titre = Titre.POUR_LE_SERVICE
    elif decision.is_en_retard(today):
        titre = Titre.A_DESIGNER
    else:
        return []
    return [(personne, titre) for personne in charges_de(decision.reunion.convention, au=today)]


def _connus_dans(decision: Decision, today: datetime.date) -> list[Personne]:
    """People whose function in the service goes on, and who can be written to."""
    fonctions = Fonction.objects.filter(service=decision.service).en_vigueur(au=today)
    personnes = Personne.objects.filter(
        convention=decision.convention_id, pk__in=fonctions.values("personne")
    ).select_related("utilisateur")
    return [p for p in personnes.order_by("nom", "prenom", "pk") if adresse_de(p, today=today)]


def _distribuer(dus: dict[tuple[int, int, str], Du], *, now: datetime.datetime) -> list[Envoi]:
    en_attente: dict[Personne, list[RappelDecision]] = {}
    for rappel in (
        RappelDecision.objects.filter(date_envoi=None).select_related("personne__utilisateur").order_by("pk")
    ):
        if (rappel.decision_id, rappel.personne_id, rappel.cle) in dus:
            en_attente.setdefault(rappel.personne, []).append(rappel)
        else:
            rappel.delete()  # done, moved or given to somebody else meanwhile
    if not en_attente:
        return []
    connexion = get_connection()
    envois = []
    for personne, rappels in en_attente.items():
        pris = [r for r in rappels if _prendre(r, now)]
        if pris:
            siens = [dus[r.decision_id, r.personne_id, r.cle] for r in pris]
            parti = _envoyer(personne, pris, siens, connexion, now=now)
            envois.append(Envoi(personne, [du.decision for du in siens], parti))
    return envois


def _prendre(rappel: RappelDecision, now: datetime.datetime) -> bool:
    libres = RappelDecision.objects.filter(pk=rappel.pk, date_envoi=None)
    return bool(libres.update(date_envoi=now))


def _envoyer(personne, rappels, dus: list[Du], connexion, *, now) -> bool:
    courriel = composer(personne, dus, today=timezone.localdate(now))
    courriel.connection = connexion
    try:
        courriel.send()
    except PANNES as panne:  # its words may hold the address
        logger.warning("Rappel de décisions pas encore envoyé : %s", type(panne).__name__)
        rendus = RappelDecision.objects.filter(pk__in=[rappel.pk for rappel in rappels])
        rendus.update(date_envoi=None)
        return False
    return True


def composer(personne: Personne, dus: list[Du], *, today: datetime.date) -> EmailMultiAlternatives:
    """Text first, the same in HTML; each decision leads to its page."""
    nb = len(dus)
    retard = sum(du.decision.is_en_retard(today) for du in dus)
    objet = f"{nb} décision{pluriel(nb)} à suivre" + (f", dont {retard} en retard" if retard else "")
    context = {
        "personne": personne,
        "lignes": [(du.decision, du.decision.is_en_retard(today), du.titre.value) for du in dus],
        "convention": dus[0].decision.reunion.convention,
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
