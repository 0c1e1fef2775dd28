"""Importing the yearly activity: which structure a row is about, what is written, what comes back the same."""

import pytest

from structures.models import Activite, Structure
from tests.structures.fichiers import apercu, csv, importer

pytestmark = pytest.mark.django_db
ADRESSE = "/dijon-2024/structures/activite/importer/"
TITRES = (
    "Code de la structure",
    "Nom",
    "Année",
    "Places",
    "Heures réalisées",
    "Enfants accueillis",
    "Taux d’occupation (%)",
)


@pytest.fixture(autouse=True)
def _sans_demonstration(dijon):
    Activite.objects.all().delete()


def fichier(*lignes):
    return csv(*lignes, titres=TITRES)


def test_by_code_or_by_name_the_figures_are_written(chargee, balzac):
    autre = Structure.objects.get(code="a2-02")

    page = importer(
        chargee,
        fichier(
            ("a2-01", "", "2025", "25", "41 250,5", "0", ""),
            ("", autre.nom.upper(), "2025", "", "", "12", "81,5"),
        ),
        adresse=ADRESSE,
    )

    assert "2 lignes ajoutées" in page.content.decode()
    lue = Activite.objects.get(structure=balzac, annee=2025)
    assert (lue.places, str(lue.heures), lue.enfants, lue.taux_occupation) == (25, "41250.50", 0, None)
    assert Activite.objects.get(structure=autre).places is None  # what is missing is not zero


def test_a_row_that_is_there_changes_and_an_empty_cell_erases_nothing(chargee, balzac):
    Activite.objects.create(structure=balzac, annee=2025, places=20, enfants=30)

    importer(chargee, fichier(("a2-01", "", "2025", "", "", "31", "")), adresse=ADRESSE)

    lue = Activite.objects.get()
    assert (lue.places, lue.enfants) == (20, 31)


@pytest.mark.parametrize(
    ("ligne", "dit"),
    [
        (("", "", "2025", "1", "", "", ""), "ne dit pas de quelle structure"),
        (("zz-99", "", "2025", "1", "", "", ""), "n’est pas une structure du registre"),
        (("a2-01", "Une autre", "2025", "1", "", "", ""), "la ligne nomme « Une autre »"),
        (("a2-01", "", "l’an passé", "1", "", "", ""), "n’est pas une année"),
        (("a2-01", "", "1999", "1", "", "", ""), "n’est pas une année"),
        (("a2-01", "", "2031", "1", "", "", ""), "pas une année de la convention (2024 à 2027)"),
        (("a2-01", "", "2027", "1", "", "", ""), "L’année 2027 n’a pas commencé"),
        (("a2-01", "", "2025", "1501", "", "", ""), "au plus 1\u202f500 places"),
        (("a2-01", "", "2025", "", "", "", "201"), "de 0 à 200"),
        (("a2-01", "", "2025", "", "", "douze", ""), "douze"),
    ],
)
def test_a_bad_row_is_refused_with_its_remedy_and_no_row_is_written(chargee, ligne, dit):
    page = apercu(chargee, fichier(("a2-02", "", "2025", "3", "", "", ""), ligne), adresse=ADRESSE)

    [refusee] = page.context["refusees"]
    assert refusee.numero == 3
    assert dit in refusee.probleme
    assert not Activite.objects.exists()


def test_a_refusal_says_its_column_and_its_value(chargee):
    page = apercu(
        chargee,
        fichier(("a2-01", "", "2031", "1", "", "", ""), ("zz-99", "", "2025", "1", "", "", "")),
        adresse=ADRESSE,
    )

    fautes = [(f.colonne, f.valeur) for ligne in page.context["refusees"] for f in ligne.fautes]
    assert fautes == [("Année", "2031"), ("Code de la structure", "zz-99")]


@pytest.mark.parametrize("dit", ["75,5%", "75,5\u202f%", "75,5 %"])
def test_a_rate_is_written_with_its_sign_or_without(chargee, balzac, dit):
    importer(chargee, fichier(("a2-01", "", "2025", "", "", "", dit)), adresse=ADRESSE)

    assert str(Activite.objects.get(structure=balzac).taux_occupation) == "75.50"


def test_two_rows_of_one_year_are_refused(chargee):
    page = apercu(
        chargee,
        fichier(("a2-01", "", "2025", "3", "", "", ""), ("a2-01", "", "2025", "4", "", "", "")),
        adresse=ADRESSE,
    )
    assert "la même chose que la ligne 2" in page.context["refusees"][0].probleme


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ods"])
def test_what_goes_out_comes_back_the_same(chargee, balzac, extension):
    Activite.objects.create(structure=balzac, annee=2025, heures="1234.5", enfants=0, source="=1+1")
    contenu = chargee.get(f"{ADRESSE}modele/{extension}/").content

    page = apercu(chargee, contenu, f"activites.{extension}", adresse=ADRESSE)

    assert page.context["apercu"].nb["inchangee"] == 1
    assert not page.context["apercu"].change_quelque_chose


def test_it_is_undone(chargee, balzac):
    importer(chargee, fichier(("a2-01", "", "2025", "25", "", "", "")), adresse=ADRESSE)
    depart = chargee.get(ADRESSE)

    chargee.post(depart.context["annulation"])

    assert not Activite.objects.exists()
