"""Sparklines and small multiples: one scale, missing years left open, words for each point."""

from decimal import Decimal as D

import pytest

from evaluation.etincelles import petits_multiples
from evaluation.models import Indicateur, Mesure, ModaliteIndicateur, ValeurVentilee
from tests.conftest import ANNEES


def test_one_scale_for_all_and_no_line_over_a_missing_year():
    dessins = petits_multiples(
        {"Nord": [D(10), None, D(40)], "Sud": [D(20), D(40), D(0)], "Vide": [None, None, None]},
        [2024, 2025, 2026],
        "places",
    )
    nord, sud = dessins["Nord"], dessins["Sud"]

    assert dessins["Vide"] is None
    assert nord.traits == ()  # 2025 is missing between the two
    assert len(sud.traits) == 1
    # 40 stands at the top in both, 0 on the ground.
    assert nord.points[-1][1] == sud.points[1][1] == "4.0"
    assert sud.points[-1][1] == "28.0"
    assert (
        nord.description == "2024\u00a0: 10\u00a0places, 2026\u00a0: 40\u00a0places. Sans valeur\u00a0: 2025."
    )


def test_nothing_is_drawn_where_nothing_is_known():
    assert petits_multiples({}, [2024], "") == {}
    assert petits_multiples({"A": [None]}, [2024], "") == {"A": None}
    assert petits_multiples({"A": [D(0)]}, [2024], "")["A"].points[0][1] == "28.0"


@pytest.fixture
def detail(db):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    parts = [
        ModaliteIndicateur.objects.create(indicateur=indicateur, ordre=n, libelle=f"Part {n}") for n in (1, 2)
    ]
    mesure = Mesure.objects.get(indicateur=indicateur, annee=2025)
    for part in parts:
        ValeurVentilee.objects.create(mesure=mesure, modalite=part, valeur=7)
    return f"/dijon-2024/indicateurs/{indicateur.pk}/"


def test_the_page_of_an_indicator_tells_its_years_and_its_parts(client_de, detail):
    page = client_de("cooperation").get(detail).content.decode()

    for annee in ANNEES:
        assert f'<th scope="row" data-label="Année">{annee}</th>' in page
    assert "1\u202f385\u00a0familles" in page
    assert page.count('class="etincelle"') == 2
    assert "<title>Part 1, par année</title>" in page


@pytest.mark.parametrize("nom", ["copil", "lecteur"])
def test_who_reads_no_live_figure_reads_none_here(client_de, detail, nom):
    page = client_de(nom).get(detail).content.decode()

    assert "1\u202f385" not in page
    assert "etincelle" not in page


def test_the_caf_reads_no_value_that_is_not_submitted(client_de, detail):
    assert "1\u202f385" not in client_de("caf").get(detail).content.decode()
