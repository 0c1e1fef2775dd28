"""« Au moins n par an »: held, due, missed."""

import datetime

import pytest

from ctg.models import Quartier
from gouvernance.models import Jalon
from gouvernance.obligations import collect_obligations, collect_seminaires

AU = datetime.date(2026, 11, 25)


@pytest.fixture
def seminaire(dijon):
    """An instance that must meet once a year, and that has not met yet."""
    Jalon.objects.filter(nature="seminaire").delete()
    return dijon.instances_gouvernance.get(slug="seminaire")


def etats(dijon, instance, au=AU):
    obligations = collect_obligations(dijon, [instance], au=au)[instance.pk]
    return {annee: obligation.etat for annee, obligation in obligations.items()}


def test_without_a_meeting_past_years_are_missed_and_this_one_is_due(dijon, seminaire):
    assert etats(dijon, seminaire) == {2026: "due", 2025: "manquee", 2024: "manquee"}


def test_a_meeting_held_is_held_and_one_to_come_is_planned(dijon, seminaire, reunir):
    reunir("2025-06-01", instance_gouvernance=seminaire)
    reunir("2026-11-26", instance_gouvernance=seminaire)
    obligations = collect_obligations(dijon, [seminaire], au=AU)[seminaire.pk]

    assert etats(dijon, seminaire) == {2026: "prevue", 2025: "tenue", 2024: "manquee"}
    assert obligations[2026].prochaine == datetime.date(2026, 11, 26)
    assert etats(dijon, seminaire, datetime.date(2026, 11, 26))[2026] == "tenue"


def test_the_number_asked_is_counted(dijon, seminaire, reunir):
    seminaire.frequence_min = 2
    reunir("2026-01-10", instance_gouvernance=seminaire)
    assert etats(dijon, seminaire)[2026] == "due"
    reunir("2026-12-10", instance_gouvernance=seminaire)
    assert etats(dijon, seminaire)[2026] == "prevue"

    reunir("2026-02-10", instance_gouvernance=seminaire)
    assert etats(dijon, seminaire)[2026] == "tenue"


def test_nothing_is_due_without_a_frequency_or_outside_the_convention(dijon, seminaire, reunir):
    reunir("2023-05-01", instance_gouvernance=seminaire)
    reunir("2027-05-01", instance_gouvernance=seminaire)
    assert (etats(dijon, seminaire)[2023], etats(dijon, seminaire)[2027]) == ("", "")
    assert etats(dijon, seminaire, datetime.date(2028, 1, 2))[2028] == ""

    seminaire.frequence_min = None
    assert set(etats(dijon, seminaire).values()) == {""}
    dijon.date_fin, seminaire.frequence_min = None, 1
    assert set(etats(dijon, seminaire).values()) == {""}


def test_pages_say_it_in_words(client_de, seminaire):
    client = client_de("lecteur")

    for url in ("/dijon-2024/", "/dijon-2024/gouvernance/", "/dijon-2024/gouvernance/instances/seminaire/"):
        assert "0 réunion tenue pour 1 attendue" in client.get(url).content.decode()
    assert "manquée" in client.get("/dijon-2024/gouvernance/instances/seminaire/").content.decode()


def test_the_instance_shows_the_meetings_of_the_year_asked(client_de):
    client, url = client_de("lecteur"), "/dijon-2024/gouvernance/instances/copil/"

    assert {r.numero for r in client.get(url, {"annee": "2025"}).context["reunions"]} == {
        "2025-01",
        "2025-03",
    }
    assert client.get(url, {"annee": "1789"}).context["annee"] == datetime.date.today().year  # noqa: DTZ011


def test_the_seminaires_of_the_quartiers_are_its_meetings(dijon, seminaire, reunir):
    ouche, gresilles = (Quartier.objects.get(nom=nom) for nom in ("Fontaine d’Ouche", "Grésilles"))

    def poser(quartier, date, nature="seminaire"):
        jour = datetime.date.fromisoformat(date)
        Jalon.objects.create(
            convention=dijon, titre="Séminaire", nature=nature, quartier=quartier, date_debut=jour
        )

    poser(gresilles, "2026-03-01", nature="temps_fort")
    assert etats(dijon, seminaire)[2026] == "due"
    poser(ouche, "2026-12-01")
    assert etats(dijon, seminaire)[2026] == "prevue"
    poser(gresilles, "2026-11-01")
    reunir("2026-11-01", instance_gouvernance=seminaire)  # the same one, noted twice
    obligation = collect_obligations(dijon, [seminaire], au=AU)[seminaire.pk][2026]
    assert (obligation.etat, obligation.tenues) == ("tenue", 1)

    lignes = {s.quartier.nom: (s.tenu, s.prevu) for s in collect_seminaires(dijon, 2026, au=AU)}
    assert len(lignes) == 9
    assert lignes["Fontaine d’Ouche"] == (None, datetime.date(2026, 12, 1))
    assert lignes["Grésilles"] == (datetime.date(2026, 11, 1), None)
    assert set(lignes.values()) == {lignes["Fontaine d’Ouche"], lignes["Grésilles"], (None, None)}


def test_the_page_of_the_seminaire_counts_the_quartiers(client_de):
    page = client_de("lecteur").get("/dijon-2024/gouvernance/instances/seminaire/", {"annee": "2025"})

    assert "2 quartiers sur 9 en ont un" in page.content.decode()


def test_the_sentence_of_the_annexe_stands_behind_each_obligation(client_de, dijon):
    phrase = "Le comité se réunit au moins une fois par an"
    client = client_de("lecteur")

    for url in ("/dijon-2024/", "/dijon-2024/gouvernance/", "/dijon-2024/gouvernance/instances/copil/"):
        assert phrase in client.get(url).content.decode()
