"""Messages about a meeting: convocation, what changed, cancellation, minutes. Each person receives each once.

A row of `DestinataireEnvoi` is a mail to be sent; it is claimed by one conditional UPDATE before it leaves, so that two
runs at once send it once. The same content asked again adds the people who had not received it, and no other.
"""

import datetime
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from smtplib import SMTPException

from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import transaction

from ctg.models import Personne
from ctg.templatetags.affichage import date_longue
from gouvernance.courriels import composer
from gouvernance.enums import NatureEnvoi
from gouvernance.models import DestinataireEnvoi, EnvoiReunion, Reunion
from gouvernance.ordre_du_jour import collect_ordre_du_jour
from gouvernance.verrous import verrouiller

logger = logging.getLogger(__name__)
PANNES = (SMTPException, OSError)
INVITATIONS = (NatureEnvoi.CONVOCATION, NatureEnvoi.CHANGEMENT, NatureEnvoi.ANNULATION)
AGENDA = ("date", "heure_debut", "duree", "lieu")  # what moves a meeting in a calendar
PASSEE = "La date ou l’heure de la réunion est passée : changez-la si elle est reportée, puis convoquez."
LIBELLES = {
    "date": "Date",
    "heure_debut": "Heure",
    "duree": "Durée",
    "lieu": "Lieu",
    "points": "Ordre du jour",
}


@dataclass(frozen=True, slots=True)
class Changement:
    """What the last convocation said, and what this one says."""

    libelle: str
    avant: str
    apres: str


def contenu_de(reunion: Reunion) -> dict:
    """What a convocation says of the meeting; compared with the next one's."""
    ordre = collect_ordre_du_jour(reunion, au=reunion.date)
    return {
        "date": reunion.date.isoformat(),
        "heure_debut": reunion.heure_debut.strftime("%H:%M") if reunion.heure_debut else "",
        "duree": reunion.duree,
        "lieu": reunion.lieu,
        "points": [
            f"{place.numero}. {place.point.intitule}"
            + (f" ({place.point.label})" if place.point.label else "")
            for place in ordre.places
        ],
    }


def derniere_convocation(reunion: Reunion) -> EnvoiReunion | None:
    envois = EnvoiReunion.objects.filter(
        reunion=reunion, nature__in=[NatureEnvoi.CONVOCATION, NatureEnvoi.CHANGEMENT]
    )
    return envois.order_by("-rang").first()


def changements(avant: dict, apres: dict) -> list[Changement]:
    return [
        Changement(libelle, _dire(nom, avant.get(nom)), _dire(nom, apres.get(nom)))
        for nom, libelle in LIBELLES.items()
        if avant.get(nom) != apres.get(nom)
    ]


def changements_de(envoi: EnvoiReunion) -> list[Changement]:
    """What that message tells: the difference with the convocation before it."""
    precedentes = EnvoiReunion.objects.filter(
        reunion=envoi.reunion_id,
        rang__lt=envoi.rang,
        nature__in=[NatureEnvoi.CONVOCATION, NatureEnvoi.CHANGEMENT],
    )
    precedente = precedentes.order_by("-rang").first()
    return changements(precedente.contenu, envoi.contenu) if precedente else []


def a_prevenir(reunion: Reunion, *, now: datetime.datetime) -> tuple[EnvoiReunion, list[Changement]] | None:
    """What the last convocation does not say any more of a meeting to come; None: those convoked know all of it."""
    if reunion.is_annulee or reunion.has_commence(now) or (dernier := derniere_convocation(reunion)) is None:
        return None
    differences = changements(dernier.contenu, contenu_de(reunion))
    return (dernier, differences) if differences else None


def _dire(nom: str, valeur) -> str:
    if nom == "date" and valeur:
        return date_longue(datetime.date.fromisoformat(valeur))
    if nom == "duree" and valeur:
        return f"{valeur}\u00a0minutes"
    if nom == "points":
        return " ; ".join(valeur or []) or "(vide)"
    return str(valeur or "(à préciser)")


@transaction.atomic
def convoquer(
    reunion_id: int, personnes: Iterable[Personne], *, user, now: datetime.datetime, message: str = ""
) -> EnvoiReunion:
    """A convocation, or what changed since the last one. Raises ValidationError."""
    reunion = verrouiller(reunion_id)
    if reunion.is_annulee:
        raise ValidationError("Cette réunion est annulée : elle ne se convoque plus.")
    if reunion.has_commence(now):
        raise ValidationError(PASSEE)
    contenu = contenu_de(reunion)
    if not contenu["points"]:
        raise ValidationError("L’ordre du jour est vide : ajoutez-y au moins un point, puis convoquez.")
    dernier = derniere_convocation(reunion)
    if dernier is not None and dernier.contenu == contenu:
        return _adresser(dernier, personnes)
    if dernier is None:
        nature, sequence = NatureEnvoi.CONVOCATION, 0
    else:
        bouge = any(dernier.contenu.get(nom) != contenu[nom] for nom in AGENDA)
        nature, sequence = NatureEnvoi.CHANGEMENT, dernier.sequence + bouge
    return enregistrer_envoi(
        reunion, nature, personnes, user=user, now=now, sequence=sequence, contenu=contenu, message=message
    )


@transaction.atomic
def prevenir_annulation(reunion_id: int, *, user, now: datetime.datetime) -> EnvoiReunion | None:
    """To all who were convoked; None where nobody was."""
    reunion = verrouiller(reunion_id)
    dernier = derniere_convocation(reunion)
    personnes = convoques(reunion)
    if dernier is None or not personnes:
        return None
    return enregistrer_envoi(
        reunion,
        NatureEnvoi.ANNULATION,
        personnes,
        user=user,
        now=now,
        sequence=dernier.sequence + 1,
        contenu=dernier.contenu,
        message=reunion.motif_annulation,
    )


@transaction.atomic
def envoyer_compte_rendu(
    reunion_id: int, personnes: Iterable[Personne], *, user, now: datetime.datetime, message: str = ""
) -> EnvoiReunion:
    """Distributed minutes, to their readers. Raises ValidationError."""
    reunion = verrouiller(reunion_id)
    if not reunion.is_diffusee:
        raise ValidationError("Le compte rendu n’est pas diffusé : il ne s’envoie pas.")
    envoi = EnvoiReunion.objects.filter(reunion=reunion, nature=NatureEnvoi.COMPTE_RENDU).first()
    if envoi is not None:
        return _adresser(envoi, personnes)
    return enregistrer_envoi(
        reunion, NatureEnvoi.COMPTE_RENDU, personnes, user=user, now=now, message=message
    )


def enregistrer_envoi(
    reunion, nature, personnes, *, user, now, sequence=0, contenu=None, message=""
) -> EnvoiReunion:
    rangs = EnvoiReunion.objects.filter(reunion=reunion).order_by("-rang").values_list("rang", flat=True)
    envoi = EnvoiReunion(
        reunion=reunion,
        rang=(rangs.first() or 0) + 1,
        nature=nature,
        sequence=sequence,
        contenu=contenu or {},
        message=message.strip(),
        envoye_par=user,
        created_at=now,
    )
    envoi.full_clean(exclude=["contenu"])
    envoi.save()
    return _adresser(envoi, personnes)


def _adresser(envoi: EnvoiReunion, personnes: Iterable[Personne]) -> EnvoiReunion:
    personnes = list(personnes)
    if not personnes:
        raise ValidationError("Choisissez au moins une personne.")
    for personne in personnes:
        connue = personne.convention_id == envoi.reunion.convention_id and not personne.is_anonyme
        if not (connue and envoi.adresse_de(personne)):
            raise ValidationError(
                f"{personne} ne peut rien recevoir : notez d’abord son adresse électronique."
            )
        DestinataireEnvoi.objects.get_or_create(envoi=envoi, personne=personne)
    return envoi


def convoques(reunion: Reunion) -> list[Personne]:
    """All who were told of the meeting, and can still be written to."""
    personnes = Personne.objects.filter(
        envois_recus__envoi__reunion=reunion, envois_recus__envoi__nature__in=INVITATIONS, is_anonyme=False
    ).exclude(email="")
    return list(personnes.distinct().order_by("nom", "prenom", "pk"))


def _est_depasse(envoi: EnvoiReunion) -> bool:
    """The circuit of the minutes went on while its mail could not leave: nobody waits for it any more."""
    if not envoi.is_du_circuit:
        return False
    suivants = EnvoiReunion.objects.filter(reunion=envoi.reunion, nature=envoi.nature, rang__gt=envoi.rang)
    return envoi.reunion.etat_compte_rendu != NatureEnvoi.DU_CIRCUIT[envoi.nature] or suivants.exists()


@dataclass(frozen=True, slots=True)
class Resultat:
    nb_envoyes: int = 0
    nb_en_attente: int = 0


def distribuer(envoi_id: int, *, now: datetime.datetime) -> Resultat:
    """Send what is to be sent and was not. Never in a transaction: a claim is seen by every other run at once."""
    envoi = EnvoiReunion.objects.select_related(
        "reunion__convention", "reunion__instance_gouvernance", "envoye_par"
    ).get(pk=envoi_id)
    destinataires = list(
        DestinataireEnvoi.objects.filter(envoi=envoi, date_envoi=None)
        .select_related("personne__utilisateur")
        .order_by("pk")
    )
    if not destinataires:
        return Resultat()
    if _est_depasse(envoi):
        DestinataireEnvoi.objects.filter(envoi=envoi, date_envoi=None).delete()
        return Resultat()
    courriel_pour = composer(envoi, changements_de(envoi), now=now)
    connexion = get_connection()
    try:
        connexion.open()
    except PANNES as panne:
        logger.warning("Envoi %s en attente : %s", envoi.pk, type(panne).__name__)
        return Resultat(0, len(destinataires))
    envoyes = en_attente = 0
    try:
        for destinataire in destinataires:
            libres = DestinataireEnvoi.objects.filter(pk=destinataire.pk, date_envoi=None)
            if not libres.update(date_envoi=now):  # another run has taken it
                continue
            courriel = courriel_pour(destinataire.personne)
            courriel.connection = connexion
            try:
                courriel.send()
            except PANNES as panne:  # its words may hold the address
                logger.warning(
                    "Destinataire %s pas encore prévenu : %s", destinataire.pk, type(panne).__name__
                )
                DestinataireEnvoi.objects.filter(pk=destinataire.pk).update(date_envoi=None)  # no history
                en_attente += 1
            else:
                envoyes += 1
    finally:
        connexion.close()
    return Resultat(envoyes, en_attente)


def reprendre(*, now: datetime.datetime) -> list[tuple[EnvoiReunion, Resultat]]:
    """What is said of the circuit of the minutes and could not leave: every day, until it does or is over."""
    en_attente = DestinataireEnvoi.objects.filter(date_envoi=None).values("envoi")
    envois = EnvoiReunion.objects.filter(nature__in=NatureEnvoi.DU_CIRCUIT, pk__in=en_attente)
    envois = envois.select_related("reunion__convention").order_by("pk")
    return [(envoi, distribuer(envoi.pk, now=now)) for envoi in envois]
