"""The agenda of a person at a secret address: parsed as an agenda would, and never more than its holder may read."""

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from ctg.agenda import ecrire_agenda, renouveler, revoquer
from ctg.anonymisation import anonymiser
from ctg.journaux import nettoyer
from ctg.models import AdresseAgenda, Mandat, Quartier
from ctg.sujets import sujet_de
from gouvernance.invitations_ics import uid
from gouvernance.models import DateAnnuelle, Decision, Jalon, Reunion

PAGE = "/compte/agenda/"
TODAY = timezone.localdate()
DEMAIN = TODAY + datetime.timedelta(days=1)


def nouvelle_adresse(client) -> str:
    page = client.post(PAGE).content.decode()
    return re.search(r'value="https?://[^"/]+(/ics/[^"]+/)"', page)[1]


def lire(adresse) -> dict[str, dict]:
    """{UID: event} of the feed, read without any session."""
    reponse = Client().get(adresse)
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(e["UID"]): e for e in Calendar.from_ical(reponse.content).walk("VEVENT")}


def noms(adresse) -> set[str]:
    return {str(e["SUMMARY"]) for e in lire(adresse).values()}


@pytest.fixture
def fete(dijon):
    gresilles = Quartier.objects.get(nom="Grésilles")
    return Jalon.objects.create(
        convention=dijon,
        titre="Kermesse ; du quartier, « été »",
        quartier=gresilles,
        date_debut=DEMAIN,
        date_fin=DEMAIN + datetime.timedelta(days=2),
        lieu="Place centrale",
        note="Une ligne\nune autre",
    )


def test_the_feed_says_what_the_calendar_says(client_de, fete, dijon):
    adresse = nouvelle_adresse(client_de("lecteur"))
    [evenement] = [e for e in lire(adresse).values() if "Kermesse" in e["SUMMARY"]]

    assert str(evenement["SUMMARY"]) == "Kermesse ; du quartier, « été » (Grésilles)"
    assert evenement["DTSTART"].dt == DEMAIN
    assert evenement["DTEND"].dt == DEMAIN + datetime.timedelta(days=3)  # the day after the last
    assert str(evenement["LOCATION"]) == "Place centrale"
    assert str(evenement["DESCRIPTION"]) == "Une ligne\nune autre"
    assert fete.page in str(evenement["URL"])


def test_a_date_keeps_its_uid_when_it_moves_and_says_when_it_changed(client_de, fete):
    adresse = nouvelle_adresse(client_de("lecteur"))
    [(nom, avant)] = [(u, e) for u, e in lire(adresse).items() if "Kermesse" in e["SUMMARY"]]
    fete.historique.update(history_date=timezone.now() - datetime.timedelta(days=3))
    [ancienne] = [e for u, e in lire(adresse).items() if u == nom]

    fete.date_debut = fete.date_fin = DEMAIN + datetime.timedelta(days=9)
    fete.titre = "Kermesse reportée"
    fete.save()
    apres = lire(adresse)[nom]

    assert apres["DTSTART"].dt == avant["DTSTART"].dt + datetime.timedelta(days=9)
    assert apres["DTSTAMP"].dt > ancienne["DTSTAMP"].dt


def test_a_date_taken_out_of_the_calendar_leaves_the_feed(client_de, fete):
    adresse = nouvelle_adresse(client_de("lecteur"))
    assert any("Kermesse" in nom for nom in noms(adresse))

    fete.delete()

    assert not any("Kermesse" in nom for nom in noms(adresse))


def test_meetings_yearly_dates_decisions_and_campaigns_are_there_for_who_reads_them(client_de, dijon):
    DateAnnuelle.objects.create(convention=dijon, titre="Déclaration", jour=DEMAIN.day, mois=DEMAIN.month)
    Decision.objects.filter(reunion__annee=2025, reunion__rang=3, rang=1).update(
        echeance=DEMAIN, etat="en_cours"
    )
    equipe, lecteur = (nouvelle_adresse(client_de(nom)) for nom in ("referent", "lecteur"))

    communs = {"Comité de pilotage – Préparation du mi-parcours", "Déclaration"}
    assert communs <= noms(equipe)
    assert communs <= noms(lecteur)
    assert any(nom.startswith("Échéance 2025-03-D01") for nom in noms(lecteur))
    campagne = "Campagne 2026 : date limite de saisie"
    assert campagne in noms(equipe)
    assert campagne not in noms(lecteur)  # who reads no live figure follows no campaign


def test_what_is_done_or_replaced_is_no_due_date_any_more(client_de):
    decision = Decision.objects.get(reunion__annee=2025, reunion__rang=3, rang=1)
    decision.echeance, decision.etat = DEMAIN, "en_cours"
    decision.save()
    adresse = nouvelle_adresse(client_de("lecteur"))
    assert any("2025-03-D01" in nom for nom in noms(adresse))

    decision.etat = "faite"
    decision.save()

    assert not any("2025-03-D01" in nom for nom in noms(adresse))


def test_rights_are_asked_at_each_reading(client_de, compte, fete):
    adresse = nouvelle_adresse(client_de("referent"))
    assert any("Campagne" in nom for nom in noms(adresse))

    Mandat.objects.filter(utilisateur=compte("referent")).update(date_fin=TODAY)
    assert lire(adresse) == {}

    compte_referent = compte("referent")
    compte_referent.is_active = False
    compte_referent.save()
    assert Client().get(adresse).status_code == 404


def test_the_address_is_taken_back_and_made_anew(client_de, compte):
    client = client_de("lecteur")
    premiere = nouvelle_adresse(client)
    deuxieme = nouvelle_adresse(client)

    assert premiere != deuxieme
    assert Client().get(premiere).status_code == 404
    assert Client().get(deuxieme).status_code == 200
    assert "ne reçoivent plus rien" in client.post(PAGE, {"retirer": "1"}, follow=True).content.decode()
    assert Client().get(deuxieme).status_code == 404
    assert "Il n’y avait plus d’adresse" in client.post(PAGE, {"retirer": "1"}, follow=True).content.decode()


def test_the_secret_is_shown_once_and_kept_nowhere(client_de, compte):
    client = client_de("lecteur")
    secret = nouvelle_adresse(client).split("/")[2]

    assert secret not in client.get(PAGE).content.decode()
    ligne = AdresseAgenda.objects.get(utilisateur=compte("lecteur"))
    assert secret not in str(vars(ligne))
    assert len(secret) >= 43  # 256 bits
    assert secret not in nettoyer(f"GET /ics/{secret}/ 200")


def test_each_has_their_own(compte):
    renouveler(compte("lecteur"), now=timezone.now())
    renouveler(compte("caf"), now=timezone.now())

    assert revoquer(compte("lecteur"))
    assert not revoquer(compte("lecteur"))
    assert AdresseAgenda.objects.filter(utilisateur=compte("caf")).exists()


def test_an_agenda_that_comes_back_is_told_that_nothing_changed(client_de, fete):
    adresse = nouvelle_adresse(client_de("lecteur"))
    premiere = Client().get(adresse)

    assert premiere["Cache-Control"] == "private, max-age=900"
    assert Client().get(adresse, headers={"If-None-Match": premiere["ETag"]}).status_code == 304
    fete.titre = "Kermesse d’hiver"
    fete.save()
    assert Client().get(adresse, headers={"If-None-Match": premiere["ETag"]}).status_code == 200


def test_a_secret_that_is_nobody_s_is_not_found_and_nothing_is_written_there(db):
    client = Client()

    assert client.get("/ics/inconnu/").status_code == 404
    assert client.post("/ics/inconnu/").status_code in {302, 403, 404, 405}
    assert client.get(f"/ics/{'a' * 5000}/").status_code == 404


def test_the_same_dates_give_the_same_bytes(compte, fete):
    user = compte("lecteur")

    assert ecrire_agenda(user, today=TODAY) == ecrire_agenda(type(user).objects.get(pk=user.pk), today=TODAY)


def test_somebody_made_anonymous_has_no_address_left(compte):
    user = compte("lecteur")
    renouveler(user, now=timezone.now())

    anonymiser(sujet_de(compte=user), au=TODAY, forcer=True)

    assert not AdresseAgenda.objects.exists()


def test_a_meeting_has_its_hours_and_the_name_that_its_invitation_gave_it(client_de, dijon):
    reunion = Reunion.objects.create(
        convention=dijon,
        instance_gouvernance=dijon.instances_gouvernance.get(slug="copil"),
        annee=DEMAIN.year,
        rang=90,
        date=DEMAIN,
        heure_debut=datetime.time(14, 0),
        duree=210,
    )
    adresse = nouvelle_adresse(client_de("copil"))
    evenement = lire(adresse)[uid(reunion)]

    debut = datetime.datetime.combine(DEMAIN, datetime.time(14, 0), tzinfo=ZoneInfo("Europe/Paris"))
    assert evenement["DTSTART"].dt == debut
    assert evenement["DTEND"].dt == debut + datetime.timedelta(hours=3, minutes=30)
    assert "TRANSP" not in evenement  # one is busy


def test_how_often_it_is_read_again_is_a_duration(client_de):
    lignes = Client().get(nouvelle_adresse(client_de("lecteur"))).content.decode().splitlines()
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in lignes
    assert "X-PUBLISHED-TTL:PT6H" in lignes
