"""What the lists give out comes back in through the import, and changes nothing."""

from decimal import Decimal

import pytest

from structures.models import Activite, Structure
from tests.structures.fichiers import IMPORTER, apercu, deposer, importer

pytestmark = pytest.mark.django_db
LISTE = "/dijon-2024/structures/"
ACTIVITE = f"{LISTE}activite/"
EXTENSIONS = ["csv", "xlsx", "ods"]
TOUTES = ["nom", "type", "gestionnaire", "quartier", "annexe", "adresse", "source"]


@pytest.fixture
def piegee(balzac):
    """All that a spreadsheet likes to spoil."""
    Structure.objects.filter(pk=balzac.pk).update(
        code="01000",
        nom="=1+1",
        adresse="@12 rue\n bâtiment B",
        code_postal="01000",
        commune="L’Isle\u202fd’Or",
        source="- un\r\n+ deux",
    )
    return balzac


def inchangees(page) -> int:
    """How many rows, of which none says anything new."""
    lignes = page.context["apercu"].lignes
    assert {ligne.sort for ligne in lignes} == {"inchangee"}, [
        (li.nom, li.sort, li.changements, li.fautes) for li in lignes if li.sort != "inchangee"
    ]
    return len(lignes)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_list_of_structures_comes_back_without_a_question(chargee, piegee, extension):
    export = chargee.get(LISTE, {"export": extension, "col": TOUTES})

    page = deposer(chargee, export.content)

    assert page.request["PATH_INFO"] == f"{IMPORTER}apercu/"
    assert inchangees(page) == 58
    assert "Colonne non importée : « Annexe »" in page.content.decode()


def test_what_the_filters_show_is_corrected_and_comes_back(chargee, balzac):
    export = chargee.get(LISTE, {"export": "csv", "q": "accueil balzac"}).content.decode("utf-8-sig")
    titres, ligne = export.splitlines()
    assert titres == "Code;Nom;Type;Catégorie;Gestionnaire;Quartier;Annexe;Adresse;Code postal;Commune"
    assert "Chevreul-Parc" in ligne

    importer(chargee, f"{titres}\n{ligne.replace('Chevreul-Parc', 'Grésilles')}".encode())

    balzac.refresh_from_db()
    assert balzac.quartier.nom == "Grésilles"


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_activity_of_a_year_comes_back_without_a_question(chargee, piegee, extension):
    Activite.objects.all().delete()
    Activite.objects.create(
        structure=piegee, annee=2025, heures=Decimal("1234.5"), taux_occupation=0, source="=1+1\n\u202fdeux"
    )
    colonnes = ["nom", "type", "quartier", "places", "heures", "enfants", "taux_occupation", "source"]

    export = chargee.get(ACTIVITE, {"annee": "2025", "export": extension, "col": colonnes})
    page = deposer(chargee, export.content, adresse=f"{ACTIVITE}importer/")

    assert page.request["PATH_INFO"] == f"{ACTIVITE}importer/apercu/"
    assert inchangees(page) == 58  # a structure of which nothing is known says nothing
    assert Activite.objects.count() == 1


def test_a_row_that_names_a_source_and_no_figure_is_refused(chargee):
    contenu = "Code de la structure;Année;Source\na2-01;2026;Caf".encode()

    page = apercu(chargee, contenu, adresse=f"{ACTIVITE}importer/")

    assert "Écrivez au moins un chiffre" in page.content.decode()
