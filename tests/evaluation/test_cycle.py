"""Where the year stands, on the dashboard."""

import datetime

import pytest
from django.utils import timezone

from evaluation.cycle import A_VENIR, annee_du_cycle, cycle
from evaluation.models import Campagne
from tests.evaluation.conftest import ANNEE

TODAY = datetime.date(2026, 6, 1)


def etats(user, dijon, today=None):
    annee, jalons = cycle(user, dijon, today=today or timezone.localdate())
    return annee, {jalon.nom: jalon.etat for jalon in jalons}


@pytest.fixture
def seule(dijon):
    """2025 is the only year that has a campaign."""
    Campagne.objects.exclude(annee=ANNEE).delete()


def test_the_earliest_year_that_is_not_published(dijon):
    assert annee_du_cycle(dijon).annee == 2024


def test_an_open_campaign_waits_for_its_last_day(dijon, compte, seule):
    Campagne.objects.update(date_limite=TODAY + datetime.timedelta(days=3))
    annee, jalons = cycle(compte("cooperation"), dijon, today=TODAY)
    assert annee == ANNEE
    assert [(j.nom, j.etat) for j in jalons[:3]] == [
        ("Campagne ouverte", "fait"),
        ("Date limite", "en cours"),
        ("Campagne close", "a venir"),
    ]
    assert jalons[1].detail == "dans 3\xa0jours"
    assert [(j.nom, j.etat) for j in jalons[3:]] == [(nom, "a venir") for nom in A_VENIR]


def test_late_it_is_to_be_closed(dijon, compte, seule):
    Campagne.objects.update(date_limite=TODAY - datetime.timedelta(days=3))
    _, connus = etats(compte("cooperation"), dijon, TODAY)
    assert (connus["Date limite"], connus["Campagne close"]) == ("fait", "en cours")


def test_closed_it_is_to_be_frozen(dijon, compte, close, seule):
    _, connus = etats(compte("cooperation"), dijon)
    assert (connus["Campagne close"], connus["Figé"], connus["Débat"]) == ("fait", "en cours", "a venir")


def test_the_steps_of_the_bilan_are_those_that_one_reads(dijon, compte, amener, seule):
    """Before it is transmitted, the Caf is told nothing of a version."""
    amener("au_debat")
    assert etats(compte("cooperation"), dijon)[1]["Débat"] == "en cours"
    assert etats(compte("caf"), dijon)[1]["Débat"] == "a venir"


def test_a_refusal_shows(dijon, compte, amener, seule):
    amener("refusee")
    assert etats(compte("caf"), dijon)[1]["Aval"] == "refus"


def test_published_everything_is_done(dijon, compte, amener, seule):
    amener("publiee")
    _, connus = etats(compte("cooperation"), dijon)
    assert set(connus.values()) <= {"fait", "dispense"}


def test_without_a_campaign_there_is_nothing_to_say(dijon, compte):
    Campagne.objects.all().delete()
    assert cycle(compte("cooperation"), dijon, today=TODAY) is None


def test_the_dashboard_shows_it_to_those_who_follow(client_de):
    assert "Où en est l’année" in client_de("petite-enfance").get("/dijon-2024/").content.decode()
    assert "Où en est l’année" not in client_de("copil").get("/dijon-2024/").content.decode()


def test_the_report_comes_first_for_who_comes_to_download(client_de, amener):
    amener("publiee")
    page = client_de("copil").get("/dijon-2024/").content.decode()
    assert page.index("Bilan annuel") < page.index("Le plan d’actions") < page.index("La convention</h2>")
