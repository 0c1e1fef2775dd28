"""The tree, drawn and in words: who reads its state, and at what date."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import Avancement
from fiches.models import FicheProjet

URL = "/dijon-2024/arbre/"


def textes(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_drawing_gathers_the_objectives_that_one_fiche_carries(client_de):
    page = client_de("cooperation").get(URL)

    groupes = {
        tuple(n.axe.code for n in groupe.noeuds): [f.code for f in groupe.fiches]
        for racine in page.context["racines"]
        for groupe in racine.groupes
    }
    assert groupes["AVS.1", "AVS.2", "AVS.3", "AVS.4", "AVS.5"] == ["AVS-1"]
    assert groupes["PE.1",] == ["PE-1"]
    assert "3/4 étapes" in textes(page)


def test_an_objective_without_a_fiche_is_said(client_de):
    fiche = FicheProjet.objects.get(code="PE-3")
    fiche.axes.clear()

    assert "aucune fiche" in textes(client_de("cooperation").get(URL))


def test_the_same_in_words(client_de):
    page = client_de("lecteur").get(f"{URL}?vue=textes")

    assert "Objectifs opérationnels" in textes(page)
    assert "Objectifs opérationnels" not in textes(client_de("lecteur").get(URL))


@pytest.mark.parametrize(("nom", "lit"), [("cooperation", True), ("copil", False), ("lecteur", False)])
def test_who_waits_for_the_bilan_sees_no_state(client_de, nom, lit):
    page = textes(client_de(nom).get(URL))

    assert ("3/4 étapes" in page) is lit
    assert ("en cours" in page) is lit


def test_before_today_a_state_is_that_of_the_last_year_that_had_ended(client_de):
    client = client_de("cooperation")
    page = textes(client.get(f"{URL}?au=2025-03-01"))

    assert "ceux du 31 décembre 2024" in page
    assert "3/4 étapes" not in page
    assert "ceux du 31 décembre 2025" in textes(client.get(f"{URL}?au=2025-12-31"))


def test_a_state_of_a_past_day_says_the_status_and_the_progress_of_that_year(client_de):
    Avancement.objects.filter(fiche__code="PE-1", annee=2024).update(  # no history: a state to begin with
        statut="reportee", taux_avancement=17
    )
    page = textes(client_de("cooperation").get(f"{URL}?au=2025-03-01"))

    assert "reportée (proposée au COPIL) 17 %" in page.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("au", "dit"),
    [
        ("2024-03-01", "aucune année de la convention n’était finie"),
        ("2031-01-01", "ne se montre pas d’avance"),
    ],
)
def test_a_day_without_a_state_says_so(client_de, au, dit):
    page = textes(client_de("cooperation").get(f"{URL}?au={au}"))

    assert dit in page
    assert "en cours" not in page


def test_who_waits_for_the_bilan_sees_no_past_state_either(client_de):
    assert "31 décembre 2024" not in textes(client_de("copil").get(f"{URL}?au=2025-03-01"))


def test_the_drawing_costs_the_same_whatever_its_size(client_de):
    client = client_de("cooperation")
    client.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        client.get(URL)
    assert len(requetes) < 30
