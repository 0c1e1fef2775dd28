"""What is sent about a meeting: to whom, once, with what changed, and an invitation that calendars follow."""

import datetime
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone
from icalendar import Calendar

from ctg.models import Personne
from gouvernance import envois
from gouvernance.envois import convoquer, distribuer, prevenir_annulation
from gouvernance.models import EnvoiReunion, MandatMembre, Reunion
from gouvernance.services import enregistrer_reunion
from gouvernance.transitions import annuler
from tests.navigation import formulaire

NOW = timezone.now()
DEMAIN = timezone.localdate() + datetime.timedelta(days=40)


@pytest.fixture
def reunion(reunir, inscrire):
    reunion = reunir(str(DEMAIN), heure_debut=datetime.time(14, 0), duree=90, lieu="Hôtel de ville")
    inscrire(reunion, "Bilan de l’année")
    return reunion


@pytest.fixture
def envoyer(reunion, zoe, compte):
    """envoyer() convokes Zoé, and gives the mails that left."""

    def convoquer_zoe(*personnes):
        mail.outbox.clear()
        envoi = convoquer(reunion.pk, personnes or [zoe], user=compte("cooperation"), now=NOW)
        distribuer(envoi.pk, now=NOW)
        return envoi, list(mail.outbox)

    return convoquer_zoe


def invitation(courriel):
    part = next(p for p in courriel.message().walk() if p.get_content_type() == "text/calendar")
    calendrier = Calendar.from_ical(part.get_payload(decode=True))
    return calendrier["method"], next(iter(calendrier.walk("VEVENT"))), part.get_param("method")


def test_a_convocation_carries_agenda_pdf_and_invitation(envoyer, zoe):
    envoi, [courriel] = envoyer()

    assert (envoi.nature, courriel.to) == ("convocation", [zoe.email])
    assert courriel.subject.startswith("Pilotage CTG – Convocation : Comité de pilotage, ")
    assert "1. Bilan de l’année" in courriel.body
    types = [part.get_content_type() for part in courriel.message().walk()]
    assert {"text/plain", "text/html", "text/calendar", "application/pdf"} <= set(types)
    methode, event, parametre = invitation(courriel)
    assert (methode, parametre, event["sequence"], event["status"]) == ("REQUEST", "REQUEST", 0, "CONFIRMED")
    debut = event["dtstart"].dt
    assert (debut.date(), debut.hour, debut.utcoffset()) == (
        DEMAIN,
        14,
        timezone.make_aware(datetime.datetime.combine(DEMAIN, datetime.time(14))).utcoffset(),
    )
    assert event["dtend"].dt - debut == datetime.timedelta(minutes=90)
    assert event["location"] == "Hôtel de ville"


def test_the_same_convocation_reaches_each_person_once(envoyer, zoe, dijon):
    autre = Personne.objects.create(convention=dijon, nom="Petit", email="petit@exemple.fr")
    envoi, _ = envoyer()

    encore, courriels = envoyer(zoe, autre)

    assert encore == envoi
    assert [courriel.to for courriel in courriels] == [[autre.email]]
    assert envoyer(zoe, autre)[1] == []


def test_a_change_is_said_and_moves_the_sequence_only_if_the_calendar_does(envoyer, reunion, inscrire):
    uid = invitation(envoyer()[1][0])[1]["uid"]
    inscrire(reunion, "Budget")
    envoi, [courriel] = envoyer()
    assert (envoi.nature, envoi.sequence) == ("changement", 0)
    assert "Ordre du jour : 1. Bilan de l’année → 1. Bilan de l’année ; 2. Budget" in courriel.body

    for lieu, attendu in (("Caf", 1), ("Hôtel de ville", 2)):
        reunion.lieu = lieu
        enregistrer_reunion(reunion)
        envoi, [courriel] = envoyer()
        _, event, _ = invitation(courriel)
        assert (event["sequence"], event["uid"], event["location"]) == (attendu, uid, lieu)
    assert "Lieu : Caf → Hôtel de ville" in courriel.body


def test_a_cancellation_reaches_all_who_were_convoked(envoyer, reunion, zoe, compte):
    envoyer()
    user = compte("cooperation")
    annuler(reunion.pk, user=user, now=NOW, motif="Salle indisponible")
    mail.outbox.clear()

    distribuer(prevenir_annulation(reunion.pk, user=user, now=NOW).pk, now=NOW)

    [courriel] = mail.outbox
    methode, event, _ = invitation(courriel)
    assert (methode, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert "Salle indisponible" in courriel.body
    assert courriel.to == [zoe.email]
    with pytest.raises(ValidationError, match="annulée"):
        envoyer()


@pytest.mark.parametrize(
    ("changer", "message"),
    [
        (
            lambda r, z: Reunion.objects.filter(pk=r.pk).update(date="2026-01-05", annee=2026, rang=90),
            "est passée",
        ),
        (lambda r, z: r.points.all().delete(), "ordre du jour est vide"),
        (lambda r, z: Personne.objects.filter(pk=z.pk).update(email=""), "adresse électronique"),
    ],
)
def test_what_cannot_be_sent_is_said(envoyer, reunion, zoe, changer, message):
    changer(reunion, zoe)
    zoe.refresh_from_db()

    with pytest.raises(ValidationError, match=message):
        envoyer()
    assert not EnvoiReunion.objects.filter(reunion=reunion).exists()


def test_a_mail_that_could_not_leave_tries_again(envoyer, monkeypatch):
    def panne(self):
        raise SMTPException

    with monkeypatch.context() as patch:
        patch.setattr(envois.composer.__globals__["EmailMultiAlternatives"], "send", panne)
        envoi, _ = envoyer()
    assert not envoi.destinataires.exclude(date_envoi=None).exists()

    assert distribuer(envoi.pk, now=NOW).nb_envoyes == 1
    assert distribuer(envoi.pk, now=NOW).nb_envoyes == 0


def test_by_the_page_a_double_click_sends_once(client_de, reunion, zoe, django_capture_on_commit_callbacks):
    client, url = client_de("cooperation"), f"{reunion.get_absolute_url()}convoquer/"
    data = formulaire(client.get(url)) | {"personnes": [zoe.pk], "message": "À bientôt"}

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert client.post(url, data).status_code == 302

    assert [courriel.to for courriel in mail.outbox] == [[zoe.email]]
    assert "À bientôt" in mail.outbox[0].body
    assert "rien n’a changé depuis" in client.get(url).content.decode()
    assert (
        "Choisissez au moins une personne"
        in client.post(url, formulaire(client.get(url)) | {"personnes": []}).content.decode()
    )


def test_who_holds_a_seat_sits_or_is_a_member_is_proposed(client_de, reunion, zoe, copil):
    MandatMembre.objects.create(membre=copil.membres.get(ordre=1), personne=zoe)

    form = client_de("cooperation").get(f"{reunion.get_absolute_url()}convoquer/").context["form"]

    proposees = Personne.objects.filter(pk__in=form.fields["personnes"].initial).exclude(pk=zoe.pk)
    assert zoe.pk in form.fields["personnes"].initial
    assert {p.utilisateur.email.partition("@")[0] for p in proposees} == {
        "caf",
        "cooperation",
        "copil",
        "signataire",
    }


def test_the_page_warns_who_keeps_meetings_that_the_convocation_is_out_of_date(
    reunion, envoyer, zoe, client_de, compte
):
    phrase, url = "ne dit plus la même chose", reunion.get_absolute_url()

    def avertie(nom="cooperation"):
        return phrase in client_de(nom).get(url).content.decode()

    assert not avertie()  # nobody was told anything yet
    envoyer()
    assert not avertie()
    reunion.lieu = "Caf"
    enregistrer_reunion(reunion)

    assert avertie()
    page = client_de("cooperation").get(url).content.decode()
    assert "Lieu : Hôtel de ville → Caf" in page
    assert f"{url}convoquer/" in page[page.index(phrase) :][:400]
    for autre in ("caf", "copil", "lecteur"):
        assert not avertie(autre)
    envoyer()
    assert not avertie()
    reunion.points.all().delete()
    assert avertie()
    annuler(reunion.pk, user=compte("cooperation"), now=NOW, motif="Grève")
    assert not avertie()


def test_a_meeting_whose_minutes_are_sent_warns_of_nothing_and_is_not_convoked(
    reunion, envoyer, zoe, client_de, compte
):
    envoyer()
    reunion.lieu = "Caf"
    enregistrer_reunion(reunion)
    Reunion.objects.filter(pk=reunion.pk).update(etat_compte_rendu="transmis")

    page = client_de("cooperation").get(reunion.get_absolute_url()).content.decode()
    assert "ne dit plus la même chose" not in page
    with pytest.raises(ValidationError, match="est passée"):
        convoquer(reunion.pk, [zoe], user=compte("cooperation"), now=NOW)


@pytest.mark.parametrize(
    ("heure", "est_passee"), [(datetime.time(8), True), (datetime.time(18), False), (None, False)]
)
def test_the_hour_counts_too(reunion, zoe, compte, heure, est_passee):
    midi = timezone.make_aware(datetime.datetime.combine(reunion.date, datetime.time(12)))
    reunion.heure_debut = heure
    enregistrer_reunion(reunion)

    assert reunion.has_commence(midi) is est_passee
    if est_passee:
        with pytest.raises(ValidationError, match="est passée"):
            convoquer(reunion.pk, [zoe], user=compte("cooperation"), now=midi)
