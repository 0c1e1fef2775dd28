"""The mail of a message about a meeting: text first, the same in HTML, with the documents that go with it."""

import datetime
from collections.abc import Callable
from email.mime.base import MIMEBase
from email.mime.text import MIMEText

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from ctg.models import Personne
from ctg.templatetags.affichage import date_longue
from gouvernance.diffusion import document_de
from gouvernance.documents import nom_de_fichier, render_convocation, render_releve
from gouvernance.enums import NatureEnvoi
from gouvernance.invitations_ics import composer_ics, methode
from gouvernance.models import EnvoiReunion, Reunion

OBJETS = {
    NatureEnvoi.CONVOCATION: "Convocation : {quoi}, {quand}",
    NatureEnvoi.CHANGEMENT: "Changement : {quoi}, {quand}",
    NatureEnvoi.ANNULATION: "Annulation : {quoi}, {quand}",
    NatureEnvoi.COMPTE_RENDU: "Compte rendu : {quoi}, {quand}",
    NatureEnvoi.AVAL_DEMANDE: "Aval attendu sur un compte rendu : {quoi}, {quand}",
    NatureEnvoi.AVAL_DONNE: "Aval donné, compte rendu à diffuser : {quoi}, {quand}",
    NatureEnvoi.AVAL_REFUSE: "Aval refusé, compte rendu à corriger : {quoi}, {quand}",
}


def composer(
    envoi: EnvoiReunion, changements, *, now: datetime.datetime
) -> Callable[[Personne], EmailMultiAlternatives]:
    """What makes the mail of each person; what all of them receive is made once."""
    reunion = envoi.reunion
    is_invitation = envoi.nature != NatureEnvoi.COMPTE_RENDU and not envoi.is_du_circuit
    jour = datetime.date.fromisoformat(envoi.contenu["date"]) if is_invitation else reunion.date
    objet = OBJETS[NatureEnvoi(envoi.nature)].format(
        quoi=reunion.instance_gouvernance, quand=date_longue(jour)
    )
    context = {
        "envoi": envoi,
        "reunion": reunion,
        "convention": reunion.convention,
        "changements": changements,
        "jour": jour,
        "lien": f"{settings.ADRESSE}{reunion.get_absolute_url()}",
        "decisions": [] if is_invitation or envoi.is_du_circuit else list(reunion.decisions.for_list()),
    }
    gabarit = "aval" if envoi.is_du_circuit else "reunion"
    textes = [
        render_to_string(f"gouvernance/courriels/{gabarit}.{suffixe}", context) for suffixe in ("txt", "html")
    ]
    piece = _piece(envoi, now=now)

    def courriel_pour(personne: Personne) -> EmailMultiAlternatives:
        courriel = EmailMultiAlternatives(
            " ".join(f"Pilotage CTG – {objet}".split()),
            textes[0],
            settings.DEFAULT_FROM_EMAIL,
            [envoi.adresse_de(personne)],
        )
        courriel.attach_alternative(textes[1], "text/html")
        if is_invitation:
            for part in _invitation(envoi, personne, now=now):
                courriel.attach(part)
        if piece:
            courriel.attach(*piece)
        return courriel

    return courriel_pour


def _piece(envoi: EnvoiReunion, *, now: datetime.datetime) -> tuple[str, bytes, str] | None:
    if envoi.nature == NatureEnvoi.ANNULATION or envoi.is_du_circuit:
        return None
    if envoi.nature == NatureEnvoi.COMPTE_RENDU:
        nom, octets = _compte_rendu(envoi.reunion, now=now)
    else:
        nom, octets = nom_de_fichier("convocation", envoi.reunion), render_convocation(envoi.reunion, now=now)
    return nom, octets, "application/pdf"


def _compte_rendu(reunion: Reunion, *, now: datetime.datetime) -> tuple[str, bytes]:
    """The very file that was distributed."""
    document = document_de(reunion)
    if document is None:  # distributed before its files were kept
        return nom_de_fichier("compte-rendu", reunion), render_releve(reunion, now=now)
    with document.fichier.open("rb") as fichier:
        return document.nom, fichier.read()


def _invitation(envoi: EnvoiReunion, personne: Personne, *, now: datetime.datetime) -> list[MIMEBase]:
    ics = composer_ics(envoi, email=personne.email, nom=str(personne), now=now).decode()
    part = MIMEText(ics, "calendar", "utf-8")
    part.set_param("method", methode(envoi))
    part.add_header("Content-Disposition", "attachment", filename="invitation.ics")
    return [part]
