"""Mails of a campaign: its opening, what an entry becomes, and reminders to those who still owe something.

A row of `Rappel` is what is to be said; it is claimed by one conditional UPDATE before its mail leaves, so that two
runs at once send it once. What a mail lists is read when it leaves: who owes nothing any more receives nothing.
"""

import datetime
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from smtplib import SMTPException

from django.core.mail import get_connection
from django.utils import timezone

from ctg.models import Convention, Utilisateur
from evaluation.courriels import composer
from evaluation.echeances import derniere_echeance, jours_de_rappel
from evaluation.enums import NatureRappel, StatutCampagne
from evaluation.models import Campagne, Rappel, Saisie
from evaluation.suivi import Devoir, collect_devoirs, collect_suivi

logger = logging.getLogger(__name__)
PANNES = (SMTPException, OSError)
SUITES = {
    "soumettre": NatureRappel.SOUMISE,
    "renvoyer": NatureRappel.RENVOYEE,
    "rouvrir": NatureRappel.ROUVERTE,
}


@dataclass(frozen=True, slots=True)
class Resultat:
    nb_envoyes: int = 0
    nb_en_attente: int = 0

    def __add__(self, autre: "Resultat") -> "Resultat":
        return Resultat(self.nb_envoyes + autre.nb_envoyes, self.nb_en_attente + autre.nb_en_attente)

    @property
    def phrase(self) -> str:
        if not self.nb_envoyes and not self.nb_en_attente:
            return "Aucun courriel à envoyer : personne ne doit plus rien, ou chacun a déjà été relancé aujourd’hui."
        s = "s" if self.nb_envoyes >= 2 else ""
        phrase = f"{self.nb_envoyes}\u00a0courriel{s} envoyé{s}."
        if self.nb_en_attente:
            x = "s" if self.nb_en_attente >= 2 else ""
            phrase += f" {self.nb_en_attente}\u00a0n’{'ont' if x else 'a'} pas pu partir : nouvel essai au prochain envoi."
        return phrase


def annoncer(action: str, pk: int) -> None:
    """After the commit of a transition (`transitions.apres`)."""
    now = timezone.now()
    if action == "ouvrir":
        campagne = Campagne.objects.select_related("convention").get(pk=pk)
        _noter(campagne, _comptes(_devoirs(campagne, now)), NatureRappel.OUVERTURE, "ouverture", now=now)
        distribuer(campagne, now=now)
    elif action in SUITES:
        saisie = Saisie.objects.select_related("campagne__convention").get(pk=pk)
        nature = SUITES[action]
        devoirs = [d for d in _devoirs(saisie.campagne, now) if d.suivi.saisie.pk == pk]
        cle = f"{nature}-{pk}-{saisie.version}"
        _noter(saisie.campagne, _comptes(devoirs), nature, cle, now=now, saisie=saisie)
        distribuer(saisie.campagne, now=now)


def relancer(campagne: Campagne, *, now: datetime.datetime) -> Resultat:
    """The button: everyone who still owes something, once a day at most."""
    cle = f"relance-{timezone.localdate(now)}"
    _noter(campagne, _comptes(_devoirs(campagne, now)), NatureRappel.RELANCE, cle, now=now)
    return distribuer(campagne, now=now)


def a_rappeler(campagne: Campagne, *, now: datetime.datetime) -> tuple[str, list[Utilisateur]]:
    """(the thing, those who owe something and have not been told since the last day of reminder)."""
    if campagne.statut != StatutCampagne.OUVERTE or not campagne.is_rappels_automatiques:
        return "", []
    jour = derniere_echeance(
        jours_de_rappel(campagne),
        campagne.date_limite,
        ouverture=timezone.localdate(campagne.date_ouverture),
        today=timezone.localdate(now),
    )
    if jour is None:
        return "", []
    depuis = timezone.make_aware(datetime.datetime.combine(jour, datetime.time.min))
    prevenus = set(
        Rappel.objects.filter(campagne=campagne, created_at__gte=depuis).values_list("utilisateur", flat=True)
    )
    comptes = [compte for compte in _comptes(_devoirs(campagne, now)) if compte.pk not in prevenus]
    return f"echeance-{jour}", comptes


def envoyer_rappels(
    *, now: datetime.datetime, essai: bool = False
) -> list[tuple[Campagne, list[Utilisateur], Resultat]]:
    """Every open campaign, and what could not leave before. Idempotent."""
    bilan = []
    en_attente = Rappel.objects.filter(date_envoi=None).values("campagne")
    campagnes = Campagne.objects.filter(statut=StatutCampagne.OUVERTE) | Campagne.objects.filter(
        pk__in=en_attente
    )
    for campagne in campagnes.select_related("convention").order_by("convention", "annee", "pk"):
        cle, comptes = a_rappeler(campagne, now=now)
        if essai:
            resultat = Resultat(0, len(comptes))
        else:
            _noter(campagne, comptes, NatureRappel.ECHEANCE, cle, now=now)
            resultat = distribuer(campagne, now=now)
        bilan.append((campagne, comptes, resultat))
    return bilan


def distribuer(campagne: Campagne, *, now: datetime.datetime) -> Resultat:
    """Send what is to be said and was not. Never in a transaction: a claim is seen by every other run at once."""
    rappels = list(
        Rappel.objects.filter(campagne=campagne, date_envoi=None).select_related("utilisateur").order_by("pk")
    )
    if not rappels:
        return Resultat()
    devoirs = _devoirs(campagne, now)
    connexion = get_connection()
    try:
        connexion.open()
    except PANNES as panne:
        logger.warning("Courriels de la campagne %s en attente : %s", campagne.pk, type(panne).__name__)
        return Resultat(0, len(rappels))
    resultat = Resultat()
    try:
        for rappel in rappels:
            siens = [d for d in devoirs if d.compte.pk == rappel.utilisateur_id and _concerne(rappel, d)]
            if siens:
                resultat += _envoyer(rappel, campagne, siens, connexion, now=now)
            else:
                rappel.delete()
    finally:
        connexion.close()
    return resultat


def _envoyer(rappel: Rappel, campagne: Campagne, devoirs: list[Devoir], connexion, *, now) -> Resultat:
    libres = Rappel.objects.filter(pk=rappel.pk, date_envoi=None)
    if not libres.update(date_envoi=now):  # another run has taken it
        return Resultat()
    courriel = composer(rappel, campagne, devoirs, today=timezone.localdate(now))
    courriel.connection = connexion
    try:
        courriel.send()
    except PANNES as panne:  # its words may hold the address
        logger.warning("Rappel %s pas encore envoyé : %s", rappel.pk, type(panne).__name__)
        Rappel.objects.filter(pk=rappel.pk).update(date_envoi=None)  # no history
        return Resultat(0, 1)
    return Resultat(1)


def _concerne(rappel: Rappel, devoir: Devoir) -> bool:
    if rappel.saisie_id is not None and devoir.suivi.saisie.pk != rappel.saisie_id:
        return False
    valide = devoir.nature == "valider"
    if rappel.nature == NatureRappel.SOUMISE:
        return valide
    return rappel.saisie_id is None or not valide


def _devoirs(campagne: Campagne, now: datetime.datetime) -> list[Devoir]:
    convention: Convention = campagne.convention
    saisies = Saisie.objects.filter(campagne=campagne)
    return collect_devoirs(collect_suivi(saisies, convention, today=timezone.localdate(now)))


def _comptes(devoirs: Iterable[Devoir]) -> list[Utilisateur]:
    return list({devoir.compte.pk: devoir.compte for devoir in devoirs}.values())


def _noter(campagne, comptes, nature, cle, *, now, saisie=None) -> None:
    """What is to be said, once: the constraint says whether it was already."""
    for compte in comptes:
        Rappel.objects.get_or_create(
            campagne=campagne,
            utilisateur=compte,
            cle=cle,
            defaults={"nature": nature, "saisie": saisie, "created_at": now},
        )
