"""The shapes in which producers publish: each is read to the same figures."""

import io

import pytest
from openpyxl import Workbook

from ctg.models import Decoupage, ImportFait, Quartier
from evaluation.models import AutreNom, Observation, TerritoireCompare
from tests.evaluation.veille.fichiers import IMPORTER, apercu, csv, deposer, ecrites, importer

pytestmark = pytest.mark.django_db
ATTENDU = {
    ("Dijon", "2022"): "4955",
    ("Dijon", "2023"): "4940.5",
    ("Grésilles", "2022"): "0",
    ("Centre–ville", "2022"): "secret",
    ("Centre–ville", "2023"): "390",
}
PAR_ANNEE = csv(
    ("Quartier", "2022", "2023"),
    ("DIJON", "4 955", "4940,5"),
    ("gresilles", "0", ""),
    ("Centre ville", "c", "390"),
)
PAR_QUARTIER = csv(
    ("Année", "Dijon", "Grésilles", "Centre-ville"),
    ("2022", "4955", "0", "nd"),
    ("2023", "4940,5", "", "390"),
)
UNE_LIGNE = csv(
    ("Territoire", "Période", "Valeur"),
    ("Dijon", "2022", "4955"),
    ("Dijon", "2023", "4940,5"),
    ("Grésilles", "2022", "0"),
    ("Grésilles", "2023", ""),
    ("Centre–ville", "2022", "secret statistique"),
    ("Centre–ville", "2023", "390"),
)


@pytest.mark.parametrize("contenu", [PAR_ANNEE, PAR_QUARTIER, UNE_LIGNE], ids=["annee", "quartier", "ligne"])
def test_the_three_shapes_say_the_same(chargee, serie, contenu):
    importer(chargee, contenu)

    assert ecrites(serie) == ATTENDU


@pytest.mark.parametrize(
    ("separateur", "encodage"), [(",", "utf-8"), ("\t", "utf-8-sig"), (";", "cp1252"), ("|", "utf-8")]
)
def test_separator_and_encoding_are_guessed(chargee, serie, separateur, encodage):
    contenu = csv(("Quartier", "2022"), ("Grésilles", "12"), separateur=separateur, encodage=encodage)

    importer(chargee, contenu)

    assert ecrites(serie) == {("Grésilles", "2022"): "12"}


def test_a_workbook_is_read_with_its_numbers_and_years(chargee, serie):
    workbook = Workbook()
    workbook.active.append(["Quartier", 2022, 2023])
    workbook.active.append(["Grésilles", 12.5, None])
    workbook.save(sortie := io.BytesIO())

    importer(chargee, sortie.getvalue())

    assert ecrites(serie) == {("Grésilles", "2022"): "12.5"}


def test_the_same_file_again_changes_nothing_and_leaves_no_history(chargee, serie):
    importer(chargee, PAR_ANNEE)

    page = apercu(chargee, PAR_ANNEE)

    assert (page.context["apercu"].nb["inchangee"], page.context["apercu"].change_quelque_chose) == (5, False)
    assert Observation.historique.filter(serie=serie).count() == 5


def test_a_later_file_corrects_and_is_undone(chargee, serie):
    importer(chargee, PAR_ANNEE)
    importer(chargee, csv(("Quartier", "2022", "2024"), ("Centre ville", "401", "c")))
    assert ecrites(serie)["Centre–ville", "2022"] == "401"
    assert ecrites(serie)["Centre–ville", "2024"] == "secret"

    dernier = ImportFait.objects.latest("pk")
    chargee.post(f"{IMPORTER}{dernier.pk}/annuler/")

    assert ecrites(serie) == ATTENDU


def test_school_years_and_days_are_read_as_the_series_says(chargee, serie):
    serie.periode = "scolaire"
    serie.save()
    importer(chargee, csv(("Quartier", "2023-2024", "2024/25"), ("Grésilles", "7", "8")))
    assert ecrites(serie) == {("Grésilles", "2023-2024"): "7", ("Grésilles", "2024-2025"): "8"}

    Observation.objects.filter(serie=serie).delete()
    serie.periode = "jour"
    serie.save()
    importer(chargee, csv(("Date", "Grésilles"), ("31/12/2023", "9"), ("2024-06-30", "10")))
    assert ecrites(serie) == {("Grésilles", "31/12/2023"): "9", ("Grésilles", "30/06/2024"): "10"}


def test_a_territory_is_known_by_its_code_or_by_another_name(chargee, serie, dijon, quartier):
    TerritoireCompare.objects.create(
        convention=dijon, niveau="region", nom="Bourgogne-Franche-Comté", code="27"
    )
    AutreNom.objects.create(convention=dijon, nom="Les Grésilles (QPV)", quartier=quartier("Grésilles"))

    importer(
        chargee,
        csv(
            ("Code", "Nom du quartier", "Année", "Valeur"),
            ("21231", "", "2022", "1"),
            ("27", "", "2022", "2"),
            ("", "les gresilles qpv", "2022", "3"),
            ("999", "côte d'or", "2022", "4"),
        ),
    )

    assert ecrites(serie) == {
        ("Dijon", "2022"): "1",
        ("Bourgogne-Franche-Comté", "2022"): "2",
        ("Grésilles", "2022"): "3",
        ("Côte-d’Or", "2022"): "4",
    }


def test_a_quartier_of_another_decoupage_is_named_with_it(chargee, serie, dijon):
    dee = Decoupage.objects.get(territoire=dijon.territoire, code="secteurs-dee")
    Quartier.objects.create(decoupage=dee, nom="Grésilles", ordre=1)

    importer(
        chargee,
        csv(("Quartier", "2022"), ("Secteurs de la DEE / Grésilles", "5"), ("Grésilles", "6")),
    )

    lus = Observation.objects.filter(serie=serie).values_list("quartier__decoupage__code", "valeur")
    assert {(code, int(valeur)) for code, valeur in lus} == {("secteurs-dee", 5), ("quartiers", 6)}


def test_columns_of_our_own_are_matched_once_and_remembered(chargee, serie):
    contenu = csv(("Secteur géographique", "Millésime", "Combien"), ("Grésilles", "2022", "12"))
    page = deposer(chargee, contenu)
    assert page.request["PATH_INFO"].endswith("colonnes/")
    champs = [f"colonne-{rang}" for rang in range(4)]
    chargee.post(
        f"{IMPORTER}colonnes/",
        dict(zip(champs, ("territoire", "periode", "valeur", "serie"), strict=True)),
        follow=True,
    )

    page = deposer(chargee, contenu)

    assert page.request["PATH_INFO"].endswith("apercu/")
    assert page.context["apercu"].nb["nouvelle"] == 1


def test_what_a_series_exports_comes_back_unchanged(chargee, serie):
    importer(chargee, PAR_ANNEE)
    sortie = chargee.get("/dijon-2024/veille/series/essai/?export=csv").content

    page = apercu(chargee, sortie, serie="")

    assert page.context["apercu"].nb | {} == {
        "nouvelle": 0,
        "modifiee": 0,
        "inchangee": 5,
        "refusee": 0,
        "a_justifier": 0,
        "a_choisir": 0,
    }
