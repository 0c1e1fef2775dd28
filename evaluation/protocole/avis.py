"""Who is told that something waits for the approval, and the mail. See `AvisApprobation`."""

import datetime
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from ctg.enums import Role
from ctg.models import Mandat, Signataire, Utilisateur
from evaluation.models import AvisApprobation, Protocole, QuestionEvaluative
from evaluation.models.approuvables import Approuvable
from evaluation.protocole.enums import StatutProtocole

logger = logging.getLogger(__name__)
PANNES = (SMTPException, OSError)
GENRES = {"protocole": Protocole, "question": QuestionEvaluative}


def prevenir(genre: str, pk: int, *, now: datetime.datetime) -> None:
    objet = GENRES[genre].objects.select_related("convention").filter(pk=pk).first()
    if objet is None or objet.statut != StatutProtocole.SOUMISE:  # taken back meanwhile
        return
    for compte in representants(objet, au=timezone.localdate(now)):
        AvisApprobation.objects.get_or_create(
            utilisateur=compte,
            empreinte=objet.empreinte,
            defaults={genre: objet, "created_at": now},
        )
    distribuer(now=now)


def representants(objet: Approuvable, *, au: datetime.date) -> list[Utilisateur]:
    """Accounts that may answer for a signataire that has not."""
    signent = Signataire.objects.filter(convention=objet.convention_id).en_vigueur(au=au)
    mandats = (
        Mandat.objects.filter(
            role=Role.REPRESENTANT, convention=objet.convention_id, organisme__in=signent.values("organisme")
        )
        .exclude(organisme__in=objet.approbations.values("organisme"))
        .actifs(au=au)
    )
    comptes = Utilisateur.objects.filter(pk__in=mandats.values("utilisateur"), is_active=True)
    return list(comptes.order_by("pk"))


def distribuer(*, now: datetime.datetime) -> int:
    """Send what was not sent; the number of mails. Never in a transaction: a claim is seen by every other run."""
    attendent = AvisApprobation.objects.filter(date_envoi=None)
    nb = 0
    for avis in attendent.select_related("protocole", "question", "utilisateur").order_by("pk"):
        if avis.objet.statut != StatutProtocole.SOUMISE or avis.objet.empreinte != avis.empreinte:
            avis.delete()
        elif AvisApprobation.objects.filter(pk=avis.pk, date_envoi=None).update(date_envoi=now):  # no history
            nb += _envoyer(avis)
    return nb


def _envoyer(avis: AvisApprobation) -> bool:
    try:
        composer(avis).send()
    except PANNES as panne:  # its words may hold the address
        logger.warning("Avis %s pas encore envoyé : %s", avis.pk, type(panne).__name__)
        AvisApprobation.objects.filter(pk=avis.pk).update(date_envoi=None)  # no history
        return False
    return True


def composer(avis: AvisApprobation) -> EmailMultiAlternatives:
    objet = avis.objet
    context = {
        "objet": objet,
        "is_protocole": isinstance(objet, Protocole),
        "convention": objet.convention,
        "lien": f"{settings.ADRESSE}{objet.get_absolute_url()}",
    }
    quoi = "le protocole d’évaluation" if context["is_protocole"] else f"la question {objet.code}"
    courriel = EmailMultiAlternatives(
        f"Pilotage CTG – Votre approbation est attendue : {quoi}",
        render_to_string("evaluation/courriels/approbation.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [avis.utilisateur.email],
    )
    courriel.attach_alternative(
        render_to_string("evaluation/courriels/approbation.html", context), "text/html"
    )
    return courriel
