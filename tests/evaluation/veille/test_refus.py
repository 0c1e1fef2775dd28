"""Files and cells that are refused: what is said, where, and that nothing is written."""

import pytest

from evaluation.models import AutreNom, Observation, TerritoireCompare
from tests.evaluation.veille.fichiers import apercu, csv, deposer
from tests.structures.fichiers import OLE, archive, classeur

pytestmark = pytest.mark.django_db
LONG = ("Territoire", "Période", "Valeur")

CELLULES = [
    (("Grésilles", "2022", "1.234"), "Valeur", "1.234", "peut se lire de deux façons"),
    (("Grésilles", "2022", "1e5"), "Valeur", "1e5", "n’est pas un nombre"),
    (("Grésilles", "2022", "NaN"), "Valeur", "NaN", "n’est pas un nombre"),
    (("Grésilles", "2022", "douze"), "Valeur", "douze", "« c », « s » ou « nd »"),
    (("Grésilles", "2022", "=1+1"), "Valeur", "=1+1", "n’est pas un nombre"),
    (("Grésilles", "2022", "12 enfants"), "Valeur", "12 enfants", "n’est pas un nombre"),
    (("Grésilles", "2022", "-3"), "Valeur", "-3", "Un effectif n’est pas négatif"),
    (("Grésilles", "2022", "123456789012"), "Valeur", "123456789012", "est trop grand"),
    (("Grésilles", "2022", "0,12345"), "Valeur", "0,12345", "plus de 4 décimales"),
    (("Plombières", "2022", "1"), "Territoire", "Plombières", "n’est ni la ville, ni un quartier"),
    (("", "2022", "1"), "", "", "ne dit pas de quel territoire"),
    (("Grésilles", "", "1"), "Période", "", "n’est pas une année, comme 2024"),
    (("Grésilles", "22", "1"), "Période", "22", "n’est pas une année"),
    (("Grésilles", "2022-2023", "1"), "Période", "2022-2023", "n’est pas une année"),
    (("Grésilles", "l’an passé", "1"), "Période", "l’an passé", "n’est pas une année"),
    (("Grésilles", "2099", "1"), "Période", "2099", "n’a pas commencé"),
    (("Grésilles", "1950", "1"), "Période", "1950", "entre 1990 et 2100"),
]


@pytest.mark.parametrize(("ligne", "colonne", "valeur", "dit"), CELLULES)
def test_a_bad_cell_is_refused_where_it_is_and_nothing_is_written(
    chargee, serie, ligne, colonne, valeur, dit
):
    page = apercu(chargee, csv(LONG, ("Dijon", "2022", "5"), ligne))

    [refusee] = page.context["refusees"]
    [faute] = refusee.fautes
    assert (refusee.numero, faute.colonne, faute.valeur) == (3, colonne, valeur)
    assert dit in faute.remede
    assert not Observation.objects.filter(serie=serie).exists()


def test_a_figure_of_a_column_of_its_own_is_refused_under_its_title(chargee, serie):
    page = apercu(chargee, csv(("Quartier", "2022", "2023"), ("Grésilles", "1", "deux"), ("Dijon", "3", "4")))

    [refusee] = page.context["refusees"]
    assert (refusee.numero, refusee.fautes[0].colonne, refusee.fautes[0].valeur) == (2, "2023", "deux")
    assert not Observation.objects.filter(serie=serie).exists()


def test_the_problems_go_back_on_the_row_of_each_figure(chargee, serie):
    apercu(chargee, csv(("Quartier", "2022", "2023"), ("Grésilles", "un", "2")))

    reponse = chargee.get("/dijon-2024/veille/importer/problemes/")

    import io

    from openpyxl import load_workbook

    rangs = list(load_workbook(io.BytesIO(reponse.content)).active.iter_rows(values_only=True))
    assert [bool(rang[-1]) for rang in rangs[1:]] == [True, False]


FICHIERS = [
    (b"", "Ce fichier est vide"),
    (csv(("Quartier", "2022")), "n’a que la ligne des titres"),
    (csv(("Quartier", "2022"), ("Grésilles", "")), "n’a aucun chiffre sous ses titres"),
    (csv(("Quartier", "2022", "2022"), ("Grésilles", "1", "2")), "ont le même titre"),
    (csv(("Quartier", "2022", "Valeur"), ("Grésilles", "1", "2")), "gardez l’une des deux formes"),
    (csv(("Série", "Quartier", "2022"), ("essai", "Grésilles", "1")), "a une colonne « Série »"),
    (csv(("Quartier", "2022"), ("Grésilles", "1", "9")), "n’a pas de titre au-dessus"),
    (OLE + b"x" * 200, "ancien format d’Excel"),
    (b"%PDF-1.7 un rapport", "C’est un PDF"),
    (b"<html><table></table></html>", "page web"),
    (archive({"a.txt": b"x"}), "n’est pas un tableau"),
    (b'Quartier;2022\n"Gr\xc3\xa9silles;1', "guillemet"),
]


@pytest.mark.parametrize(("contenu", "dit"), FICHIERS)
def test_a_bad_file_is_refused_whole(chargee, serie, contenu, dit):
    page = deposer(chargee, contenu)

    assert dit in " ".join(page.context["form"].errors["fichier"])
    assert not Observation.objects.filter(serie=serie).exists()


def test_a_formula_in_a_workbook_is_refused_in_its_column(chargee, serie):
    page = apercu(chargee, classeur(("Grésilles", "=1+1"), titres=("Quartier", "2022")))

    [refusee] = page.context["refusees"]
    assert (refusee.fautes[0].colonne, "formule" in refusee.fautes[0].remede) == ("2022", True)


def test_two_rows_of_one_figure_are_refused(chargee, serie):
    page = apercu(chargee, csv(LONG, ("Grésilles", "2022", "1"), ("GRESILLES", "2022", "2")))

    assert [ligne.numero for ligne in page.context["refusees"]] == [3]


def test_too_many_figures_are_refused(chargee, serie, monkeypatch):
    monkeypatch.setattr("evaluation.veille.imports.OBSERVATIONS.max_lignes", 2)

    page = deposer(chargee, csv(("Quartier", "2021", "2022", "2023"), ("Grésilles", "1", "2", "3")))

    assert "2 au plus" in " ".join(page.context["form"].errors["fichier"])


@pytest.mark.parametrize(
    ("dite", "dit"), [("inconnue", "n’est pas une série de la veille"), ("", "ne dit pas de quelle série")]
)
def test_a_series_that_is_not_known_is_refused(chargee, serie, dite, dit):
    page = apercu(
        chargee,
        csv(("Série", *LONG), (dite, "Grésilles", "2022", "1"), ("essai", "Dijon", "2022", "2")),
        serie="",
    )

    [refusee] = page.context["refusees"]
    assert dit in refusee.probleme


def test_a_code_and_a_name_that_disagree_are_refused(chargee, serie):
    page = apercu(chargee, csv(("Code", "Quartier", "Année", "Valeur"), ("21", "Grésilles", "2022", "1")))

    assert "le code « 21 » est celui de « Côte-d’Or »" in page.context["refusees"][0].probleme.replace(
        "Le", "le"
    )


def test_a_name_of_two_territories_is_refused(chargee, serie, dijon):
    autre = TerritoireCompare.objects.create(convention=dijon, niveau="commune", nom="Talant", code="21")
    assert AutreNom.objects.filter(territoire_compare=autre).count() == 0

    page = apercu(chargee, csv(("Code", "Année", "Valeur"), ("21", "2022", "1")))

    assert "désigne plusieurs territoires" in page.context["refusees"][0].probleme


def test_the_series_of_another_convention_cannot_be_chosen(chargee, serie):
    page = deposer(chargee, csv(LONG, ("Grésilles", "2022", "1")), serie="pas-la")

    assert page.context["form"].errors["serie"]
