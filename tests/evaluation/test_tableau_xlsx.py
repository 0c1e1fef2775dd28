"""The workbook of the year: its types, its figures as they show, its sums."""

import io
from decimal import Decimal as D

import pytest
from openpyxl import load_workbook

from evaluation.documents import FORMATS
from evaluation.edition import Edition
from evaluation.models import Mesure
from evaluation.reports import collect_bilan
from fiches.models import FicheProjet
from tests.evaluation.outils import NOW, lignes_du_tableau

pytestmark = pytest.mark.django_db


def test_workbook_types_filters_and_set_up(bilan):
    classeur = load_workbook(io.BytesIO(FORMATS["xlsx"].render(Edition(bilan))))
    feuille = classeur["Tableau récapitulatif"]
    entetes = [cell.value for cell in feuille[4]]
    lignes = [dict(zip(entetes, (c.value for c in row), strict=True)) for row in feuille.iter_rows(min_row=5)]
    [pe101] = [ligne for ligne in lignes if ligne["Code indicateur"] == "PE-1-01"]

    assert classeur.sheetnames == [
        "Tableau récapitulatif",
        "Moyens",
        "Décisions",
        "Données",
        "Détails",
        "Lisez-moi",
    ]
    assert (pe101["Réalisé 2025"], pe101["Cible 2025"], pe101["Écart à la cible"]) == (1385, 1400, -15)
    assert [ligne["Réalisé 2025"] for ligne in lignes if ligne["Code indicateur"] == "PE-4-01"] == [
        "non renseigné"
    ]
    assert feuille.freeze_panes == "D5"
    assert feuille.auto_filter.ref.startswith("A4:")
    assert (feuille.page_setup.orientation, feuille.page_setup.paperSize) == ("landscape", 8)
    assert feuille.print_title_rows == "$4:$4"
    for nom in classeur.sheetnames:
        assert "DONNÉES DE DÉMONSTRATION" in classeur[nom]["A2"].value
    assert any("36 valeurs sur 40" in str(row[0].value) for row in classeur["Lisez-moi"].iter_rows())


def test_a_number_of_the_workbook_shows_its_own_decimals(dijon):
    fiche = FicheProjet.objects.get(code="PE-1")
    fiche.moyens.filter(annee=2025).delete()
    fiche.moyens.create(
        source="essai",
        signataire=dijon.signataires.first(),
        annee=2025,
        nature="fonctionnement",
        prevu=1200,
        realise="23505.90",
    )
    Mesure.objects.filter(indicateur__code="PE-4-03", annee=2025).update(valeur="12310.5")
    lignes = lignes_du_tableau(collect_bilan(dijon, 2025, now=NOW))

    assert {
        (code, nom): lignes[code][nom].number_format
        for code, nom in (
            ("PE-1-01", "Réalisé 2025"),
            ("PE-1-01", "Avancement (%)"),
            ("PE-1-01", "Atteinte (%)"),
            ("PE-1-01", "Euros prévus"),
            ("PE-1-01", "Euros réalisés"),
            ("PE-1-02", "Réalisé 2024"),
            ("PE-1-02", "Réalisé 2025"),
            ("PE-4-03", "Réalisé 2025"),
        )
    } == {
        ("PE-1-01", "Réalisé 2025"): "#,##0",
        ("PE-1-01", "Avancement (%)"): "#,##0",
        ("PE-1-01", "Atteinte (%)"): "#,##0.0",
        ("PE-1-01", "Euros prévus"): "#,##0",
        ("PE-1-01", "Euros réalisés"): "#,##0.00",
        ("PE-1-02", "Réalisé 2024"): "#,##0.0",
        ("PE-1-02", "Réalisé 2025"): "#,##0.00",
        ("PE-4-03", "Réalisé 2025"): "#,##0.00",
    }


def test_the_workbook_writes_fractions_and_states_in_words(dijon):
    Mesure.objects.filter(indicateur__code="PE-1-02", annee=2025).update(numerateur=8010, denominateur=12140)
    lignes = lignes_du_tableau(collect_bilan(dijon, 2025, now=NOW))

    assert lignes["PE-1-02"]["Motif, commentaire"].value.endswith("8\u202f010 sur 12\u202f140")
    assert (lignes["JEU-1-03"]["Réalisé 2024"].value, lignes["JEU-1-03"]["Réalisé 2025"].value) == (64, 131)
    assert (
        lignes["JEU-1-03"]["État de la valeur 2024"].value,
        lignes["JEU-1-03"]["État de la valeur"].value,
    ) == ("estimée", "définitive")
    assert lignes["JEU-2-02"]["État de la valeur 2024"].value == "sans objet"


def test_means_of_a_fiche_stand_once_so_that_sums_are_right(bilan):
    feuille = load_workbook(io.BytesIO(FORMATS["xlsx"].render(Edition(bilan))))["Tableau récapitulatif"]
    entetes = [cell.value for cell in feuille[4]]
    colonne = entetes.index("Euros prévus")
    total = sum(
        D(str(row[colonne].value)) for row in feuille.iter_rows(min_row=5) if row[colonne].value is not None
    )

    assert total == sum(
        m.prevu for f in bilan.fiches for m in f.moyens if not m.is_etp and m.prevu is not None
    )
