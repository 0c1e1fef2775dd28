"""Open data known by their headings: small files made for these tests, in the columns that we know of (ADR 21)."""

import pytest

from evaluation.models import AutreNom, Observation, SerieSociale, TerritoireCompare
from tests.evaluation.veille.fichiers import apercu, csv, deposer, importer
from tests.structures.fichiers import confirmer

pytestmark = pytest.mark.django_db
CAF = csv(
    ("Année", "Numéro commune", "Nom commune", "Nombre de places EAJE", "Taux de couverture EAJE"),
    ("2021", "21231", "DIJON", "1520", "31,2"),
    ("2022", "21231", "DIJON", "1544", "s"),
    ("2022", "21617", "TALANT", "96", "40,1"),
    ("2022", "75056", "PARIS", "40000", "50"),
)
CAF_PAR_ANNEE = csv(
    ("CODGEO", "LIBGEO", "Places EAJE 2021", "Places EAJE 2022"),
    ("21231", "Dijon", "1520", "1544"),
    ("75056", "Paris", "40000", ""),
)
INSEE = csv(
    ("CODGEO", "P21_POP", "P21_POP0002", "P21_POP0305", "P21_H0014"),
    ("21231", "159346", "4311.123456789", "4207", "12000"),
    ("01001", "800", "20", "25", "70"),
)
IRIS = csv(
    ("IRIS", "COM", "P21_POP0002", "P21_POP0305"),
    ("212310101", "21231", "120", "100"),
    ("212310102", "21231", "80.5", "s"),
    ("212310201", "21231", "60", "50"),
)


@pytest.fixture
def modele(chargee):
    """modele("caf-eaje") adds its series, as one click does."""

    def ajouter(code):
        return chargee.post("/dijon-2024/veille/modeles/", {"modele": code}, follow=True)

    return ajouter


def valeurs(code):
    observations = Observation.objects.filter(serie__code=code).select_related(
        "serie__convention__territoire", "quartier", "territoire_compare"
    )
    return {(o.lieu, o.periode): None if o.is_secrete else float(o.valeur) for o in observations}


def test_the_series_are_asked_for_first_and_added_once(chargee, modele):
    page = deposer(chargee, CAF, serie="")
    assert "il manque 2 séries" in " ".join(page.context["form"].errors["fichier"])

    assert "2 séries ajoutées" in modele("caf-eaje").content.decode()
    assert "rien n’est changé" in modele("caf-eaje").content.decode()

    serie = SerieSociale.objects.get(code="caf-couverture-eaje")
    assert (serie.nature, serie.cumul, serie.producteur, serie.is_publique) == (
        "taux",
        "moyenne",
        "Cnaf",
        True,
    )


def test_places_by_commune_and_year_are_read_and_other_communes_left(chargee, modele, dijon):
    TerritoireCompare.objects.create(convention=dijon, niveau="commune", nom="Talant", code="21617")
    modele("caf-eaje")

    page = apercu(chargee, CAF, serie="")
    assert "1 ligne d’autres territoires est laissée de côté" in page.content.decode()
    confirmer(chargee, page)

    assert valeurs("caf-places-eaje") == {
        ("Dijon", "2021"): 1520.0,
        ("Dijon", "2022"): 1544.0,
        ("Talant", "2022"): 96.0,
    }
    assert valeurs("caf-couverture-eaje") == {
        ("Dijon", "2021"): 31.2,
        ("Dijon", "2022"): None,
        ("Talant", "2022"): 40.1,
    }


def test_a_column_a_year_is_known_too(chargee, modele):
    modele("caf-eaje")

    importer(chargee, CAF_PAR_ANNEE, serie="")

    assert valeurs("caf-places-eaje") == {("Dijon", "2021"): 1520.0, ("Dijon", "2022"): 1544.0}


def test_population_by_age_takes_its_bands_and_its_year_from_the_titles(chargee, modele):
    modele("insee-age")

    importer(chargee, INSEE, serie="")

    assert valeurs("insee-pop") == {("Dijon", "2021"): 159346.0}
    assert valeurs("insee-pop-0-2") == {("Dijon", "2021"): 4311.1235}  # four decimals are kept
    assert valeurs("insee-pop-3-5") == {("Dijon", "2021"): 4207.0}


def test_iris_are_added_up_by_quartier_and_one_withheld_withholds_the_sum(chargee, modele, dijon, quartier):
    modele("insee-age")
    for code in ("212310101", "212310102"):
        AutreNom.objects.create(convention=dijon, nom=code, quartier=quartier("Grésilles"))

    page = apercu(chargee, IRIS, serie="")
    texte = page.content.decode()
    assert "2 Iris sont additionnés" in texte
    assert "1 ligne d’autres territoires est laissée de côté" in texte
    confirmer(chargee, page)

    assert valeurs("insee-pop-0-2") == {("Grésilles", "2021"): 200.5}
    assert valeurs("insee-pop-3-5") == {("Grésilles", "2021"): None}


def test_a_file_of_other_communes_alone_says_what_to_do(chargee, modele):
    modele("caf-eaje")

    page = deposer(chargee, csv(("CODGEO", "Places EAJE 2021"), ("75056", "1")), serie="")

    assert "Territoires et codes" in " ".join(page.context["form"].errors["fichier"])


def test_a_bad_figure_names_the_column_of_the_producer(chargee, modele):
    modele("insee-age")

    page = apercu(chargee, csv(("CODGEO", "P21_POP0002"), ("21231", "beaucoup")), serie="")

    [refusee] = page.context["refusees"]
    assert (refusee.numero, refusee.fautes[0].colonne) == (2, "P21_POP0002")


def test_a_file_with_other_headings_is_read_like_any_other(chargee, serie, modele):
    modele("caf-eaje")

    page = deposer(chargee, csv(("Commune", "Année", "Berceaux"), ("Dijon", "2022", "3")))

    assert page.request["PATH_INFO"].endswith("colonnes/")
