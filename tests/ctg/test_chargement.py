"""Loading: idempotent, all or nothing, and never over what somebody changed."""

import csv
import shutil

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from ctg.chargement.colonnes import lire_date
from ctg.chargement.services import charger
from ctg.chargement.tableau import ChargementError, ValeurError
from ctg.models import DONNEES_DEMONSTRATION, Convention, Organisme
from evaluation.models import Mesure
from fiches.models import Etape, FicheProjet
from structures.models import Structure
from tests.conftest import FIXTURES

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(tmp_path):
    """A copy of the signed text that a test may change: edit(table, line, column, value)."""
    copie = tmp_path / "dijon"
    shutil.copytree(FIXTURES / "dijon", copie)

    def edit(tableau, ligne, colonne, valeur):
        path = copie / f"{tableau}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        rows[ligne - 1][rows[0].index(colonne)] = valeur
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)

    return copie, edit


def test_loading_again_changes_nothing():
    for nom in ("dijon", "demo", "dijon"):
        resultat = charger(FIXTURES / nom)

        assert (resultat.nb_crees, resultat.nb_modifies, resultat.conflits) == (0, 0, [])


def test_a_change_of_the_file_is_taken(dossier):
    copie, edit = dossier
    edit("structures", 2, "adresse", "26 Rue Balzac")

    resultat = charger(copie)

    assert resultat.nb_modifies == 1
    assert Structure.objects.get(code="a2-01").adresse == "26 Rue Balzac"


def test_what_somebody_changed_is_kept_and_said(dossier):
    copie, edit = dossier
    edit("structures", 2, "adresse", "26 Rue Balzac")
    Structure.objects.filter(code="a2-01").update(adresse="27 Rue Balzac")

    resultat = charger(copie)

    assert Structure.objects.get(code="a2-01").adresse == "27 Rue Balzac"
    [conflit] = resultat.conflits
    assert "structures.csv, ligne 2" in str(conflit)
    assert "27 Rue Balzac" in str(conflit)


def test_force_takes_the_file(dossier):
    copie, _ = dossier
    Structure.objects.filter(code="a2-01").update(adresse="27 Rue Balzac")

    charger(copie, forcer=True)

    assert Structure.objects.get(code="a2-01").adresse == "25 Rue Balzac"


def test_the_demonstration_shows_every_fiche_and_the_years_to_come():
    avec = FicheProjet.objects.filter(indicateurs__mesures__situation="renseignee")
    for annee in (2024, 2025):
        assert avec.filter(indicateurs__mesures__annee=annee).distinct().count() == 15
        assert avec.filter(indicateurs__cibles__annee=annee).distinct().count() == 15
    assert set(Mesure.objects.filter(annee=2026).values_list("etat", "source")) == {
        ("provisoire", DONNEES_DEMONSTRATION)
    }
    assert avec.filter(indicateurs__mesures__annee=2026).distinct().count() == 3
    assert Etape.objects.filter(echeance__year=2027, is_faite=False).count() >= 5
    assert not FicheProjet.objects.filter(territoire__contains="ci-contre").exists()
    assert FicheProjet.objects.get(code="AVS-1").constat


def test_an_empty_cell_erases_nothing():
    FicheProjet.objects.filter(code="AVS-1").update(intitule="Un titre trouvé dans la fiche signée")

    resultat = charger(FIXTURES / "dijon")

    assert resultat.conflits == []
    assert FicheProjet.objects.get(code="AVS-1").intitule == "Un titre trouvé dans la fiche signée"


def test_what_was_deleted_does_not_come_back():
    Structure.objects.get(code="a2b-01").inscriptions.all().delete()

    resultat = charger(FIXTURES / "dijon")

    assert resultat.nb_crees == 0
    assert [str(c.actuel) for c in resultat.conflits] == ["supprimé"]


def test_one_bad_cell_and_nothing_is_written(dossier):
    copie, edit = dossier
    edit("structures", 2, "adresse", "26 Rue Balzac")
    edit("structures", 3, "code_postal", "2100")

    with pytest.raises(ChargementError) as error:
        charger(copie)

    assert error.value.fautes == ["structures.csv, ligne 3 : Un code postal a cinq chiffres."]
    assert Structure.objects.get(code="a2-01").adresse == "25 Rue Balzac"


@pytest.mark.parametrize(
    ("tableau", "colonne", "valeur", "message"),
    [
        ("structures", "type", "creche-parentale", "valeur « creche-parentale » : aucun enregistrement"),
        ("axes", "ordre", "premier", "écrivez un nombre entier"),
        ("documents", "date", "le 2 mars", "écrivez une date comme"),
        ("documents", "nature", "note", "écrivez l’un de : reference, deliberation"),
        ("instances", "is_tenue", "vrai", "écrivez oui ou non"),
        ("organismes", "nom", "VYV\x00", "ôtez le caractère nul"),
    ],
)
def test_faults_say_where_what_and_the_remedy(dossier, tableau, colonne, valeur, message):
    copie, edit = dossier
    edit(tableau, 2, colonne, valeur)

    with pytest.raises(ChargementError) as error:
        charger(copie)

    assert any(
        f"{tableau}.csv, ligne 2, colonne « {colonne} »" in f and message in f for f in error.value.fautes
    )


def test_unknown_tables_columns_doubles_and_short_rows(tmp_path):
    (tmp_path / "inconnu.csv").write_text("a\n1\n")
    (tmp_path / "niveaux.csv").write_text("rang,singulier,couleur\n1,axe,bleu\n")
    (tmp_path / "organismes.csv").write_text("nom,sigle\nA,a\nA,b\nB\n")

    with pytest.raises(ChargementError) as error:
        charger(tmp_path)

    texte = "\n".join(error.value.fautes)
    assert "inconnu.csv : ce tableau n’est pas connu" in texte
    assert "la colonne « couleur » n’est pas connue" in texte
    assert "« A » est déjà à la ligne 2" in texte
    assert "1 cellules pour 2 colonnes" in texte


@pytest.mark.parametrize("contenu", [b"nom\n\xff\xfe", b'nom\n"ouvert'])
def test_damaged_files_are_refused(tmp_path, contenu):
    (tmp_path / "organismes.csv").write_bytes(contenu)

    with pytest.raises(ChargementError):
        charger(tmp_path)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ChargementError, match="aucun tableau"):
        charger(tmp_path)


def test_a_workbook_loads_like_the_folder(tmp_path):
    workbook = Workbook()
    workbook.active.title = "convention"
    workbook.active.append(["slug"])
    workbook.active.append(["dijon-2024"])
    feuille = workbook.create_sheet("organismes")
    feuille.append(["nom", "sigle", "source"])
    feuille.append(["Un partenaire", "UP", "Annexe 4"])
    workbook.save(tmp_path / "c.xlsx")

    charger(tmp_path / "c.xlsx")

    assert Organisme.objects.get(nom="Un partenaire").sigle == "UP"


def test_another_convention_loads_beside_the_first(dossier):
    copie, edit = dossier
    edit("convention", 2, "slug", "dijon-2028")

    charger(copie)

    assert Convention.objects.get(slug="dijon-2028").fiches.count() == 15
    assert Convention.objects.get(slug="dijon-2024").fiches.count() == 15


def test_a_fault_of_the_convention_itself_is_said_once(dossier):
    """The other tables are there: they are not said to be missing something that is there."""
    copie, edit = dossier
    edit("convention", 2, "slug", "dijon-2028")
    edit("convention", 2, "date_fin", "31 décembre")

    with pytest.raises(ChargementError) as refus:
        charger(copie)

    assert len(refus.value.fautes) == 2
    assert "31 décembre" in refus.value.fautes[0]
    assert "corrigez d’abord celui de la convention" in refus.value.fautes[1]


def test_command_trial_writes_nothing(dossier, capsys):
    copie, edit = dossier
    edit("structures", 2, "adresse", "26 Rue Balzac")

    call_command("charger_convention", str(copie), "--essai")

    assert "~ structures a2-01 : adresse" in capsys.readouterr().out
    assert Structure.objects.get(code="a2-01").adresse == "25 Rue Balzac"


def test_command_says_all_the_faults(tmp_path):
    with pytest.raises(CommandError, match="Rien n’a été chargé"):
        call_command("charger_convention", str(tmp_path))


def test_demo_accounts_are_made_only_where_they_may_be(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("comptes_demo")


@pytest.mark.parametrize("texte", ["2024-13", "24", "2024-02-30", "2024-1-1-1", "x"])
def test_bad_dates_are_refused(texte):
    with pytest.raises(ValeurError):
        lire_date(texte)
