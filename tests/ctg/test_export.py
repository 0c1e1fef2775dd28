"""What a convention gives back is what was loaded, and loading it again changes nothing."""

import csv
import datetime
import shutil
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from ctg.chargement.classeur import ecrire_classeur, ecrire_modele
from ctg.chargement.colonnes import lire_date
from ctg.chargement.export import exporter
from ctg.chargement.lecture import lire_classeur
from ctg.chargement.services import charger
from ctg.chargement.tableau import ChargementError, tableaux
from ctg.models import Avenant, Convention, Demarche, LigneChargee, Organisme, Service
from ctg.models.historique import acte
from fiches.models import FicheProjet, Implication
from fiches.succession import succeder
from structures.models import Structure
from tests.conftest import FIXTURES, VAL_CLAIR

pytestmark = pytest.mark.django_db
LE_JOUR = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
HOSTILES = ("=1+1", "'guillemet", "un\u202f: deux\nlignes", "007", "a | b", '"', "émoji 👩‍👩‍👧")


def lignes_de(dossier):
    """{table: [{column: cell}]} of a folder, without the cells that say nothing."""
    tables = {}
    for path in sorted(dossier.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            tables[path.stem] = [{k: v for k, v in ligne.items() if v} for ligne in csv.DictReader(stream)]
    return tables


@pytest.fixture
def val_clair():
    return charger(VAL_CLAIR).convention


def test_a_convention_gives_back_its_own_tables(val_clair, tmp_path):
    call_command(
        "exporter_convention", str(tmp_path / "sortie"), "--convention", "val-clair-2025", verbosity=0
    )

    rendues = lignes_de(tmp_path / "sortie")
    [convention] = rendues["convention"]
    assert convention.pop("is_demonstration") == "non"
    assert rendues["structures"][0].pop("age_min") == "10\u00a0mois"
    assert rendues["structures"][0].pop("age_max") == "3\u00a0ans"
    attendues = lignes_de(VAL_CLAIR)
    del attendues["structures"][0]["age_min"], attendues["structures"][0]["age_max"]
    assert rendues == attendues


@pytest.mark.parametrize("slug", ["dijon-2024", "val-clair-2025"])
def test_loading_what_is_given_back_changes_nothing(val_clair, slug, tmp_path):
    call_command("exporter_convention", str(tmp_path / "c.xlsx"), "--convention", slug, verbosity=0)

    resultat = charger(tmp_path / "c.xlsx")

    assert (resultat.nb_crees, resultat.nb_modifies, resultat.conflits) == (0, 0, [])
    assert resultat.nb_inchanges > 50


def test_what_somebody_typed_comes_back_whole(val_clair, tmp_path):
    fiche = FicheProjet.objects.get(convention=val_clair, code="A-1")
    for texte in HOSTILES:
        with acte("page"):
            fiche.constat, fiche.notes_internes = texte, texte
            fiche.save()
        call_command(
            "exporter_convention", str(tmp_path / "c.xlsx"), "--convention", val_clair.slug, verbosity=0
        )
        LigneChargee.objects.filter(convention=val_clair).delete()  # as if it came from elsewhere

        resultat = charger(tmp_path / "c.xlsx")

        assert (resultat.nb_modifies, resultat.conflits) == (0, []), texte
        fiche.refresh_from_db()
        assert fiche.constat == texte


def test_an_avenant_s_past_text_is_not_given_back(val_clair):
    fiche = FicheProjet.objects.get(convention=val_clair, code="A-2")
    FicheProjet.objects.filter(pk=fiche.pk).update(date_fin=datetime.date(2026, 1, 1))

    rendus = {ecrit.tableau.nom: ecrit.lignes for ecrit in exporter(val_clair)}

    assert [ligne[0] for ligne in rendus["fiches"]] == ["A-1", "B-3", "B-4", "C-5"]


def test_what_hangs_on_a_closed_fiche_is_not_given_back(val_clair):
    FicheProjet.objects.filter(convention=val_clair, code="A-1").update(date_fin=datetime.date(2026, 1, 1))

    rendus = {ecrit.tableau.nom: ecrit.lignes for ecrit in exporter(val_clair)}

    assert [ligne[1] for ligne in rendus["indicateurs"]] == ["B-3-01"]
    assert "cibles" not in rendus


def test_only_the_organismes_that_it_names(val_clair):
    Organisme.objects.create(nom="Un organisme de personne", nature="autre")

    rendus = {ecrit.tableau.nom: ecrit.lignes for ecrit in exporter(val_clair)}

    noms = {ligne[0] for ligne in rendus["organismes"]}
    assert "Association Les Petits Pas" in noms  # manages a structure, signs nothing
    assert not noms & {"Un organisme de personne", "Ville de Dijon"}


def test_two_conventions_do_not_mix(val_clair):
    rendus = {ecrit.tableau.nom: ecrit.lignes for ecrit in exporter(val_clair)}

    assert [ligne[0] for ligne in rendus["structures"]] == ["vc-01", "vc-02", "vc-03"]
    assert "demarches" not in rendus
    assert Demarche.objects.exists()


def test_the_setting_of_the_aval_goes_with_it(val_clair):
    donnent = Organisme.objects.filter(pk__in=val_clair.get_organismes_aval())

    assert set(donnent.values_list("nom", flat=True)) == {"Caf du Clairmontois", "MSA des Trois-Plateaux"}
    des_comptes_rendus = Organisme.objects.filter(pk__in=val_clair.get_organismes_aval_comptes_rendus())
    assert [organisme.nom for organisme in des_comptes_rendus] == ["Caf du Clairmontois"]


def test_the_model_has_a_sheet_for_each_table_of_a_text_and_loads_nothing(tmp_path):
    path = tmp_path / "modele.xlsx"
    call_command("exporter_convention", str(path), "--modele", verbosity=0)

    classeur = load_workbook(path)
    dossier = {path.stem for path in (FIXTURES / "dijon").glob("*.csv")}
    assert dossier <= set(classeur.sheetnames)
    assert "mesures" not in classeur.sheetnames  # what is entered during the convention
    assert [cell.value for cell in classeur["niveaux"][1]][:3] == ["rang", "singulier", "pluriel"]
    with pytest.raises(ChargementError, match="aucun tableau à charger"):
        charger(path)


def test_a_model_that_one_fills_loads(tmp_path):
    """As a spreadsheet writes: numbers, real dates, a title that moved."""
    classeur = load_workbook(BytesIO(ecrire_modele(date=LE_JOUR)))
    for nom in ("convention", "documents", "postes"):
        feuille = classeur[nom]
        with (VAL_CLAIR / f"{nom}.csv").open(encoding="utf-8", newline="") as stream:
            for rang, ligne in enumerate(csv.DictReader(stream), start=2):
                for colonne, cell in enumerate(feuille[1], start=1):
                    feuille.cell(rang, colonne).value = ligne.get(cell.value) or None
    classeur["convention"].cell(2, 5).value = datetime.date(2024, 12, 12)
    classeur["convention"].cell(2, 6).value = "20/01/2025"
    classeur["convention"].cell(2, 7).value = 2025
    del classeur["postes"]
    classeur.save(tmp_path / "rempli.xlsx")

    convention = charger(tmp_path / "rempli.xlsx").convention

    assert convention.date_deliberation == datetime.date(2024, 12, 12)
    assert convention.date_signature == datetime.date(2025, 1, 20)
    assert (convention.date_debut, convention.precision_debut) == (datetime.date(2025, 1, 1), "annee")
    assert convention.documents.count() == 2


def test_the_same_workbook_gives_the_same_bytes(val_clair):
    assert ecrire_classeur("t", exporter(val_clair), date=LE_JOUR) == ecrire_classeur(
        "t", exporter(val_clair), date=LE_JOUR
    )


def test_every_column_says_what_one_writes_in_it():
    for tableau in tableaux():
        assert tableau.titre
        for nom, colonne in tableau.colonnes.items():
            assert colonne.aide, f"{tableau.nom}.{nom}"


def test_a_formula_and_a_cell_without_title_are_said(tmp_path):
    classeur = Workbook()
    feuille = classeur.active
    feuille.title = "organismes"
    feuille.append(["nom", "sigle"])
    feuille.append(["=1+1", "X"])
    classeur.save(tmp_path / "f.xlsx")
    with pytest.raises(ChargementError, match="cellule A2 : Cette cellule contient une formule"):
        charger(tmp_path / "f.xlsx")
    feuille["A2"], feuille["C2"] = "Un nom", "de trop"
    classeur.save(buffer := BytesIO())
    with pytest.raises(ChargementError, match="ligne 2, colonne C, « de trop »"):
        lire_classeur(buffer, "f.xlsx")


@pytest.mark.parametrize("contenu", [b"", b"pas un classeur", b"PK\x03\x04abc"])
def test_a_damaged_workbook_is_refused_with_a_sentence(contenu):
    with pytest.raises(ChargementError) as error:
        lire_classeur(BytesIO(contenu), "x.xlsx")

    assert len(error.value.fautes) == 1


@pytest.mark.parametrize(
    ("arguments", "dit"),
    [
        (["x.xlsx"], "l’un des deux"),
        (["x.xlsx", "--modele", "--convention", "dijon-2024"], "l’un des deux"),
        (["dossier", "--modele"], "donnez un nom en .xlsx"),
        (["x.xlsx", "--convention", "nulle-part"], "Connues : .*dijon-2024"),
    ],
)
def test_the_command_says_what_it_needs(arguments, dit):
    with pytest.raises(CommandError, match=dit):
        call_command("exporter_convention", *arguments)


@pytest.mark.parametrize(
    ("texte", "attendue", "precision"),
    [
        ("23/09/2024", datetime.date(2024, 9, 23), "jour"),
        ("9/2024", datetime.date(2024, 9, 1), "mois"),
        ("2024", datetime.date(2024, 1, 1), "annee"),
        ("2024-09-23", datetime.date(2024, 9, 23), "jour"),
    ],
)
def test_dates_are_read_as_files_and_as_spreadsheets_write_them(texte, attendue, precision):
    assert lire_date(texte) == (attendue, precision)


def test_a_convention_is_copied_under_another_address(tmp_path):
    """Another database, or the same one beside: nothing of the first moves."""
    call_command("exporter_convention", str(tmp_path / "d"), "--convention", "dijon-2024", verbosity=0)
    shutil.copy(tmp_path / "d" / "convention.csv", tmp_path / "avant.csv")
    texte = (tmp_path / "d" / "convention.csv").read_text(encoding="utf-8")
    (tmp_path / "d" / "convention.csv").write_text(
        texte.replace("dijon-2024", "dijon-2028", 1), encoding="utf-8"
    )
    for nom in ("aval", "mesures", "parts", "avancements"):  # of closed years, or of the other address
        (tmp_path / "d" / f"{nom}.csv").unlink(missing_ok=True)
    avant = Structure.objects.count()

    resultat = charger(tmp_path / "d")

    assert resultat.convention.fiches.count() == 15
    assert Convention.objects.get(slug="dijon-2024").fiches.filter(date_fin=None).count() == 15
    assert Structure.objects.count() == avant


def test_what_an_avenant_changed_is_given_back_as_it_is_now(dijon, tmp_path):
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=datetime.date(2026, 1, 1))
    succeder(FicheProjet.objects.get(code="ENF-1").pk, avenant, {"intitule": "Le titre de l’avenant"})

    rendus = {ecrit.tableau.nom: ecrit for ecrit in exporter(dijon)}
    rang = list(rendus["fiches"].tableau.colonnes).index("intitule")
    [ligne] = [ligne for ligne in rendus["fiches"].lignes if ligne[0] == "ENF-1"]
    assert ligne[rang] == "Le titre de l’avenant"

    call_command("exporter_convention", str(tmp_path / "c.xlsx"), "--convention", dijon.slug, verbosity=0)
    resultat = charger(tmp_path / "c.xlsx")
    assert (resultat.nb_crees, resultat.nb_modifies, resultat.conflits) == (0, 0, [])


def test_a_row_that_says_nothing_but_its_name_is_given_back(val_clair):
    fiche, caf = FicheProjet.objects.filter(convention=val_clair).first(), Organisme.objects.first()
    pole = Service.objects.create(organisme=caf, nom="Un pôle sans source")
    FicheProjet.objects.filter(pk=fiche.pk).update(service_pilote=pole)
    Implication.objects.create(fiche=fiche, organisme=caf, role="associe")

    rendus = {
        ecrit.tableau.nom: [dict(zip(ecrit.tableau.colonnes, ligne, strict=True)) for ligne in ecrit.lignes]
        for ecrit in exporter(val_clair)
    }

    assert "Un pôle sans source" in {ligne["nom"] for ligne in rendus["services"]}
    assert caf.nom in {ligne["organisme"] for ligne in rendus["implications"]}
