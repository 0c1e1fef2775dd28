"""Which fiche covers which quartier: the matrix, its totals, its export."""

import datetime
import io

import pytest
from openpyxl import load_workbook

from ctg.models import Quartier
from fiches.couverture import collect_couverture
from fiches.models import FicheProjet

URL = "/dijon-2024/fiches/quartiers/"


@pytest.fixture
def une_seule_couverture(dijon):
    """PE-1 names Grésilles and Montchapet, ENF-1 Grésilles, and no other fiche any quartier."""
    for fiche in dijon.fiches.all():
        fiche.quartiers.clear()
    quartiers = {q.nom: q for q in Quartier.objects.de_reference(dijon.territoire)}
    FicheProjet.objects.get(code="PE-1").quartiers.set([quartiers["Grésilles"], quartiers["Montchapet"]])
    FicheProjet.objects.get(code="ENF-1").quartiers.set([quartiers["Grésilles"]])


def test_totals_by_quartier_and_by_fiche(dijon, une_seule_couverture):
    couverture = collect_couverture(dijon, au=datetime.date(2026, 1, 1))

    totaux = dict(couverture.totaux)
    assert (totaux["Grésilles"], totaux["Montchapet"], totaux["Université"]) == (2, 1, 0)
    assert {ligne.code: ligne.nb for ligne in couverture.lignes if ligne.nb} == {"PE-1": 2, "ENF-1": 1}
    assert (couverture.nb_liens, len(couverture.sans_quartier), len(couverture.lignes)) == (3, 13, 15)


def test_rows_and_columns_are_in_the_order_of_the_plan_and_of_the_text(dijon):
    couverture = collect_couverture(dijon, au=datetime.date(2026, 1, 1))

    assert [ligne.code for ligne in couverture.lignes][:6] == [
        "PE-1",
        "PE-2",
        "PE-3",
        "PE-4",
        "PE-5",
        "ENF-1",
    ]
    assert [nom for _, nom in couverture.colonnes][:2] == ["Toison d’Or", "Grésilles"]
    assert len(couverture.colonnes) == 9


def test_a_fiche_that_ended_is_not_in_the_matrix(dijon):
    FicheProjet.objects.filter(code="PE-1").update(date_fin=datetime.date(2025, 6, 1))

    codes = {ligne.code for ligne in collect_couverture(dijon, au=datetime.date(2026, 1, 1)).lignes}
    assert "PE-1" not in codes
    assert "PE-1" in {ligne.code for ligne in collect_couverture(dijon, au=datetime.date(2025, 1, 1)).lignes}


def test_the_page_says_what_names_no_quartier(client_de, une_seule_couverture):
    FicheProjet.objects.filter(code="PE-2").update(territoire="Toute la **ville**")
    page = client_de("lecteur").get(URL).content.decode()

    assert "fiches sans quartier nommé : <strong>13</strong>" in page
    assert "aucun quartier nommé : « Toute la ville »" in page
    assert page.count('<span class="visually-hidden">oui</span>') == 3


def test_the_workbook_holds_the_same_numbers(client_de, une_seule_couverture):
    reponse = client_de("copil").get(URL, {"export": "xlsx"})

    assert reponse["Content-Disposition"] == 'attachment; filename="fiches-par-quartier-dijon-2024.xlsx"'
    rangs = list(load_workbook(io.BytesIO(reponse.content)).active.iter_rows(values_only=True))
    assert rangs[0][:5] == ("Axe", "Fiche", "Intitulé", "Toison d’Or", "Grésilles")
    [pe_1] = [rang for rang in rangs if rang[1] == "PE-1"]
    assert pe_1[3:13] == (None, 1, None, None, None, None, None, None, 1, 2)
    assert rangs[-1][2:5] == ("Nombre de fiches", 0, 2)
    assert len(rangs) == 17


def test_the_csv_is_one_that_a_french_spreadsheet_opens(client_de):
    texte = client_de("copil").get(URL, {"export": "csv"}).content.decode("utf-8-sig")

    assert texte.splitlines()[0].startswith("Axe;Fiche;Intitulé;Toison d’Or;Grésilles")


def test_an_unknown_format_is_the_page(client_de):
    assert "text/html" in client_de("copil").get(URL, {"export": "exe"})["Content-Type"]


def test_query_count_does_not_grow_with_the_fiches(client_de, dijon, django_assert_num_queries):
    client = client_de("cooperation")
    client.get("/aide/")  # the first page of a session writes when it began
    # session, account, mandates, convention, 3 perimeters, quartiers, fiches, their quartiers
    with django_assert_num_queries(11):
        client.get(URL)
