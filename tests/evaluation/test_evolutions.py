"""The list of indicators shows their years to who reads figures, and to no one what they do not read yet."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import Indicateur, Mesure
from tests.evaluation.outils import qui

pytestmark = pytest.mark.django_db
LISTE = "/dijon-2024/indicateurs/?q=PE-1-01"


def valeur_2026(nombre):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    Mesure.objects.filter(indicateur=indicateur, annee=2026).delete()
    Mesure.objects.create(
        indicateur=indicateur,
        annee=2026,
        situation="renseignee",
        valeur=nombre,
        saisie_par=qui("cooperation"),
    )


def test_a_row_draws_the_years_that_are_known(client_de):
    page = client_de("cooperation").get(LISTE).content.decode()

    lignes = re.findall(r"<tr class=.*?</tr>", page, re.DOTALL)
    [ligne] = [ligne for ligne in lignes if ">PE-1-01<" in ligne]
    assert ligne.count('<svg class="etincelle"') == 1
    assert "2024\u00a0: 1\u202f310\u00a0familles, 2025\u00a0: 1\u202f385\u00a0familles. Sans valeur" in ligne


@pytest.mark.parametrize("nom", ["lecteur", "copil"])
def test_who_does_not_read_figures_sees_none(client_de, nom):
    for adresse in (LISTE, f"{LISTE}&col=evolution", f"{LISTE}&col=evolution&export=csv"):
        page = client_de(nom).get(adresse).content.decode()
        assert "1\u202f385" not in page
        assert "1385" not in page
        assert "Évolution" not in page


@pytest.mark.parametrize(("nom", "lit"), [("cooperation", True), ("caf", False)])
def test_an_entry_under_way_is_not_read_by_the_caf(client_de, nom, lit):
    valeur_2026(1234)
    client = client_de(nom)

    page = client.get(LISTE).content.decode()
    table = client.get(f"{LISTE}&export=csv").content.decode()

    assert ("2026\u00a0: 1\u202f234\u00a0familles" in page) is lit
    assert ("1234" in table) is lit


def test_the_values_leave_with_the_table(client_de):
    table = client_de("cooperation").get(f"{LISTE}&col=evolution&export=csv").content.decode("utf-8-sig")

    lignes = csv.DictReader(io.StringIO(table), delimiter=";")
    lus = next(ligne for ligne in lignes if ligne["Code"] == "PE-1-01")
    assert (lus["Valeur 2024"], lus["Valeur 2025"]) == ("1310", "1385")


def test_queries_do_not_grow_with_the_rows(client_de):
    client, nombres = client_de("cooperation"), []
    client.get(LISTE)
    for adresse in (LISTE, "/dijon-2024/indicateurs/"):
        with CaptureQueriesContext(connection) as requetes:
            client.get(adresse)
        nombres.append(len(requetes))

    assert nombres[1] <= nombres[0] + 1  # a filter that is not there reads nothing
