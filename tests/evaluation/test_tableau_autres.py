"""The table as ODS and CSV, and its sheet in tidy form: the same figures, nothing that computes."""

import csv
import io
import shutil
import subprocess
from decimal import Decimal as D
from zipfile import ZipFile

import pytest
from django.utils import timezone
from odf.opendocument import load
from odf.style import PageLayoutProperties
from odf.table import DatabaseRange, Table, TableCell, TableColumn, TableHeaderRows, TableRow
from openpyxl import load_workbook

from evaluation.documents import DOCUMENTS, FORMATS
from evaluation.edition import Edition
from evaluation.feuilles_xlsx import ENTETE
from evaluation.models import Avancement, Indicateur, Mesure, ModaliteIndicateur, ValeurVentilee
from evaluation.reports import collect_bilan

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(dijon):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    part = ModaliteIndicateur.objects.create(indicateur=indicateur, ordre=1, libelle="=1+1")
    mesure = Mesure.objects.get(indicateur=indicateur, annee=2025)
    ValeurVentilee.objects.create(mesure=mesure, modalite=part, valeur=D("12.5"))
    Avancement.objects.filter(fiche__code="PE-1", annee=2025).update(
        realisations='=HYPERLINK("x")\nDeux lignes'
    )
    Mesure.objects.filter(indicateur__code="PE-1-02", annee=2025).delete()
    return Edition(collect_bilan(dijon, 2025, now=timezone.localtime()))


def lignes_xlsx(edition, feuille):
    sheet = load_workbook(io.BytesIO(FORMATS["xlsx"].render(edition)))[feuille]
    entete, *lignes = sheet.iter_rows(min_row=ENTETE, values_only=True)
    return [dict(zip(entete, ligne, strict=True)) for ligne in lignes]


def test_the_tidy_sheet_says_each_value_once(edition):
    lignes = lignes_xlsx(edition, "Données")
    siennes = [li for li in lignes if li["Code indicateur"] == "PE-1-01"]

    assert [(li["Année"], li["Mesure"], li["Part"] or "", li["Valeur"]) for li in siennes] == [
        (2023, "départ", "", 1200),
        (2025, "cible", "", 1400),
        (2024, "réalisé", "", 1310),
        (2025, "réalisé", "", 1385),
        (2025, "réalisé, part", "=1+1", 12.5),
    ]
    [absente] = [
        li
        for li in lignes
        if (li["Code indicateur"], li["Année"], li["Mesure"]) == ("PE-1-02", 2025, "réalisé")
    ]
    assert (absente["Valeur"], absente["En toutes lettres"]) == (None, "non renseigné")
    attendues = Mesure.objects.filter(annee=2025, valeur__isnull=False).exclude(indicateur__nature="oui_non")
    dites = {
        li["Code indicateur"]: D(str(li["Valeur"]))
        for li in lignes
        if (li["Année"], li["Mesure"]) == (2025, "réalisé") and li["Valeur"] is not None
    }
    assert dites == {
        m.indicateur.code: m.valeur.normalize() + 0 for m in attendues.select_related("indicateur")
    }


def test_its_range_has_a_name(edition):
    workbook = load_workbook(io.BytesIO(FORMATS["xlsx"].render(edition)))

    plage = workbook.defined_names["Donnees"].attr_text
    nb = len(lignes_xlsx(edition, "Données"))
    assert plage == f"'Données'!$A${ENTETE}:$O${ENTETE + nb}"


def test_the_csv_is_the_first_sheet_as_french_spreadsheets_read_it(edition):
    octets = DOCUMENTS["csv"].render(edition)
    assert octets.startswith(b"\xef\xbb\xbf")
    lignes = list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))
    attendues = lignes_xlsx(edition, "Tableau récapitulatif")

    assert len(lignes) == len(attendues)
    premiere = next(li for li in lignes if li["Code indicateur"] == "PE-1-01")
    assert (premiere["Réalisé 2025"], premiere["Cible 2025"]) == ("1385", "1400")
    assert premiere["Réalisations 2025"].startswith("'=HYPERLINK")
    assert any("," in li["Réalisé 2025"] for li in lignes)
    assert not any(cell.startswith(("=", "+", "@")) for li in lignes for cell in li.values())


def test_the_ods_holds_every_sheet_with_numbers_as_numbers(edition):
    octets = DOCUMENTS["ods"].render(edition)
    with ZipFile(io.BytesIO(octets)) as archive:
        premiere = archive.infolist()[0]
        assert (premiere.filename, premiere.compress_type) == ("mimetype", 0)
        assert b"formula" not in archive.read("content.xml")
    ods = load(io.BytesIO(octets))
    feuilles = {t.getAttribute("name"): t for t in ods.spreadsheet.getElementsByType(Table)}
    classeur = load_workbook(io.BytesIO(FORMATS["xlsx"].render(edition)))

    assert list(feuilles) == classeur.sheetnames
    for nom, table in feuilles.items():
        lues = [
            [
                D(cell.getAttribute("value")) if cell.getAttribute("valuetype") == "float" else None
                for cell in row.getElementsByType(TableCell)
            ]
            for row in table.getElementsByType(TableRow)
        ]
        ecrites = [
            [D(str(v)) if isinstance(v, int | float) else None for v in row]
            for row in classeur[nom].iter_rows(values_only=True)
        ]
        assert lues == ecrites, nom


@pytest.mark.parametrize("extension", ["ods", "csv"])
def test_the_same_edition_gives_the_same_bytes(edition, extension):
    assert DOCUMENTS[extension].render(edition) == DOCUMENTS[extension].render(edition)


@pytest.mark.parametrize("extension", ["ods", "csv"])
def test_the_live_table_is_downloaded_in_each_form(client_de, extension):
    reponse = client_de("cooperation").get(f"/dijon-2024/evaluation/2025/tableau/{extension}/")

    assert reponse.status_code == 200
    assert reponse["Content-Disposition"].endswith(f'.{extension}"')


@pytest.mark.skipif(shutil.which("localc") is None, reason="no LibreOffice Calc on this machine")
@pytest.mark.parametrize("extension", ["ods", "xlsx"])
def test_libreoffice_opens_it_and_computes_nothing(edition, tmp_path, extension):
    (tmp_path / f"t.{extension}").write_bytes(DOCUMENTS[extension].render(edition))
    profil = f"-env:UserInstallation=file://{tmp_path}/profil"
    subprocess.run(
        [
            "soffice",
            "--headless",
            profil,
            "--convert-to",
            "csv",
            "--outdir",
            tmp_path,
            tmp_path / f"t.{extension}",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    lu = (tmp_path / "t.csv").read_text(encoding="cp1252")
    assert "PE-1-01" in lu
    assert "#NAME?" not in lu


def test_the_ods_is_laid_out_as_the_workbook(edition):
    classeur = load_workbook(io.BytesIO(FORMATS["xlsx"].render(edition)))
    ods = load(io.BytesIO(DOCUMENTS["ods"].render(edition)))
    filtrees = [sheet.title for sheet in classeur if sheet.auto_filter.ref]

    for sheet, table in zip(classeur, ods.spreadsheet.getElementsByType(Table), strict=True):
        assert len(table.getElementsByType(TableColumn)) == sheet.max_column
        assert bool(table.getElementsByType(TableHeaderRows)) is (sheet.title in filtrees)
    plages = ods.spreadsheet.getElementsByType(DatabaseRange)
    assert [plage.getAttribute("targetrangeaddress").split("'")[1] for plage in plages] == filtrees
    assert {
        p.getAttribute("printorientation")
        for p in ods.automaticstyles.getElementsByType(PageLayoutProperties)
    } == {"landscape"}


def test_a_row_of_the_workbook_is_as_high_as_its_longest_text(edition):
    feuille = load_workbook(io.BytesIO(FORMATS["xlsx"].render(edition)))["Tableau récapitulatif"]
    hauteurs = {row: feuille.row_dimensions[row].height or 15 for row in range(5, feuille.max_row + 1)}

    for row, hauteur in hauteurs.items():
        for cell in feuille[row]:
            if isinstance(cell.value, str):
                largeur = feuille.column_dimensions[cell.column_letter].width
                assert len(cell.value) / largeur <= hauteur / 15, cell.coordinate
    assert len(set(hauteurs.values())) > 1
