"""Two bilans side by side."""

import dataclasses
from decimal import Decimal as D

import pytest
from django.utils import timezone

from evaluation.comparaison import CHANGE, EGAL, NOUVEAU, PARTI, comparer
from evaluation.enums import StatutBilan as B
from evaluation.reports import collect_bilan
from tests.evaluation.conftest import ANNEE, changer

pytestmark = pytest.mark.django_db


@pytest.fixture
def annees(dijon):
    now = timezone.localtime()
    return collect_bilan(dijon, 2024, now=now), collect_bilan(dijon, 2025, now=now)


def test_what_changed_from_a_year_to_the_next(annees):
    pe1 = next(f for f in comparer(*annees) if f.code == "PE-1")
    ligne = next(i for i in pe1.indicateurs if i.code == "PE-1-01")
    statut, taux, _ = pe1.lignes

    assert (ligne.difference, ligne.unite, ligne.etat) == (D(75), "familles", CHANGE)
    assert ligne.avant.startswith("1\u202f310")
    assert (statut.avant, statut.apres) == ("en préparation", "en cours")
    assert (taux.difference, taux.unite) == (D(35), "points")


def test_a_bilan_and_itself_do_not_differ(annees):
    assert all(f.nb_changements == 0 for f in comparer(annees[1], annees[1]))


def test_what_appears_and_what_goes(annees):
    a, b = annees
    a = dataclasses.replace(a, fiches=a.fiches[1:])
    b = dataclasses.replace(b, fiches=b.fiches[:-1])

    fiches = {f.code: f for f in comparer(a, b)}

    assert fiches["PE-1"].etat == NOUVEAU
    assert {i.etat for i in fiches["PE-1"].indicateurs} == {NOUVEAU}
    assert fiches["AVS-2"].etat == PARTI
    assert list(fiches)[-1] == "AVS-2"
    assert {i.etat for i in fiches["PE-3"].indicateurs} <= {CHANGE, EGAL}


def test_the_page_shows_what_changed_and_the_rest_on_demand(amener, figer_v, client_de):
    amener(B.FIGEE)
    changer()
    figer_v()
    client, url = client_de("cooperation"), "/dijon-2024/evaluation/comparer/"

    page = client.get(f"{url}?a={ANNEE}-1&b={ANNEE}-2").content.decode()
    assert "Rien ne change entre ces deux bilans." in page  # only the description has
    assert "PE-1-01" in client.get(f"{url}?a={ANNEE}-1&b={ANNEE}-2&tout=1").content.decode()
    assert client.get(url).status_code == 200
    assert {client.get(f"{url}?a={faux}").status_code for faux in (f"{ANNEE}-9", "x", "2024-1", "²-1")} == {
        404
    }


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_of_bilans_asks_the_same_number_of_queries(
    amener, figer_v, client_de, item_count, django_assert_max_num_queries
):
    amener(B.FIGEE)
    for _ in range(item_count - 1):
        changer()
        figer_v()
    client = client_de("cooperation")
    client.get("/dijon-2024/evaluation/bilans/")

    with django_assert_max_num_queries(14):
        client.get("/dijon-2024/evaluation/bilans/")
