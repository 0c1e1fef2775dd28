"""Import and export of the administration: round trip, formulas, all or nothing."""

import io

import pytest
from openpyxl import load_workbook

from ctg.formats import CSVProtege, XLSXTypes, deproteger, proteger
from ctg.models import Organisme
from ctg.resources import OrganismeResource
from evaluation.resources import IndicateurResource
from fiches.models import FicheProjet
from fiches.resources import FicheResource
from structures.models import Structure
from structures.resources import StructureResource

pytestmark = pytest.mark.django_db
RESOURCES = [OrganismeResource, StructureResource, FicheResource, IndicateurResource]


def importer(resource, dataset, **kwargs):
    return resource().import_data(dataset, **kwargs)


@pytest.mark.parametrize("format_class", [CSVProtege, XLSXTypes])
@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_exported_imports_back_unchanged(dijon, resource, format_class):
    Organisme.objects.filter(nom="VYV").update(
        sigle="=1+1", mention="@moi\nligne 2", autres_graphies="- un\n+ deux"
    )
    fmt = format_class()
    content = fmt.export_data(resource().export())
    dataset = fmt.create_dataset(content)

    result = importer(resource, dataset)

    assert not result.has_errors(), [str(e.error) for row in result.rows for e in row.errors][:3]
    assert not result.has_validation_errors()
    assert result.totals["skip"] == len(dataset)


def test_texts_that_look_like_formulas(dijon):
    Organisme.objects.filter(nom="VYV").update(sigle="=1+1")
    dataset = OrganismeResource().export()

    sheet = load_workbook(io.BytesIO(XLSXTypes().export_data(dataset))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]

    assert [cell.data_type for cell in cells] == ["s"]
    assert "'=1+1" in CSVProtege().export_data(dataset).decode("utf-8-sig")


@pytest.mark.parametrize("texte", ["=1", "+1", "-1", "@x", "'x", "\tx", "x", "", "''"])
def test_the_prefix_is_taken_off(texte):
    assert deproteger(proteger(texte)) == texte


def test_one_bad_row_and_none_is_written(dijon):
    dataset = StructureResource().export()
    rows = [list(row) for row in dataset]
    noms, codes = dataset.headers.index("nom"), dataset.headers.index("code_postal")
    rows[0][noms], rows[1][codes] = "Renommée", "2100"
    modifie = dataset.__class__(*rows, headers=dataset.headers)

    result = importer(StructureResource, modifie)

    assert result.has_validation_errors()
    assert not Structure.objects.filter(nom="Renommée").exists()


def test_an_unknown_link_is_refused_with_what_to_do(dijon):
    dataset = StructureResource().export()
    rows = [list(row) for row in dataset]
    rows[0][dataset.headers.index("gestionnaire")] = "Personne"

    result = importer(StructureResource, dataset.__class__(*rows, headers=dataset.headers))

    assert "organisme inconnu : « Personne »" in str(result.invalid_rows[0].error)


def test_internal_notes_are_not_exported(dijon):
    assert FicheProjet.objects.exclude(notes_internes="").exists()
    assert "notes_internes" not in FicheResource().export().headers


def test_admin_pages_open_and_values_are_read_only(client_de):
    client = client_de("admin")
    for app, model in (
        ("ctg", "organisme"),
        ("ctg", "mandat"),
        ("ctg", "utilisateur"),
        ("structures", "structure"),
        ("fiches", "ficheprojet"),
        ("evaluation", "indicateur"),
        ("evaluation", "mesure"),
        ("gouvernance", "instancegouvernance"),
    ):
        assert client.get(f"/admin/{app}/{model}/").status_code == 200, model
    assert client.get("/admin/evaluation/mesure/add/").status_code == 403
    assert client.get("/admin/structures/structure/import/").status_code == 200
    fiche = FicheProjet.objects.get(code="PE-1")
    assert "entre nous" not in client.get(f"/admin/fiches/ficheprojet/{fiche.pk}/change/").content.decode()


def test_admin_says_that_data_are_invented_while_some_are(client_de, dijon):
    client = client_de("admin")
    assert "DONNÉES DE DÉMONSTRATION" in client.get("/admin/").content.decode()

    dijon.is_demonstration = False
    dijon.save()

    assert "DONNÉES DE DÉMONSTRATION" not in client.get("/admin/").content.decode()
