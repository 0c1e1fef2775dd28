"""Importing structures: what is read right, and how titles are matched to columns."""

import datetime

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ctg.imports.fichiers import lire_tableau
from ctg.models import CorrespondanceColonnes, Organisme, Porte
from structures.models import Structure
from tests.structures.fichiers import (
    IMPORTER,
    NEUVE,
    TITRES,
    apercu,
    classeur,
    csv,
    deposer,
    importer,
    neuve,
    ods,
    rang_ods,
)
from tests.structures.mauvais_fichiers import masquer_colonne

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_of_any_separator_and_usual_encoding(chargee, separateur, encodage):
    importer(chargee, csv(neuve(Adresse="3, rue des Lilas ; été"), separateur=separateur, encodage=encodage))

    structure = Structure.objects.get(nom="Crèche « L’Œuvre »")
    assert (
        structure.adresse,
        structure.capacite,
        structure.gestionnaire.nom,
        structure.type_structure.code,
    ) == (
        "3, rue des Lilas ; été",
        12,
        "Ville de Dijon",
        "eaje",
    )
    assert structure.historique.get().porte == Porte.IMPORT
    assert structure.historique.get().history_change_reason == "Import de « depot.csv »"


def avec_une_autre_feuille(workbook):
    workbook.create_sheet("Notes").append(["a"])
    workbook.create_sheet("Cachée", 0).append(["rien"])
    workbook.worksheets[0].sheet_state = "hidden"


@pytest.mark.parametrize(
    "contenu",
    [
        lambda: classeur(NEUVE),
        lambda: classeur((*NEUVE[:3], 21000, *NEUVE[4:6], 12.0)),
        lambda: classeur(NEUVE, (), ("  ",)),
        lambda: classeur(NEUVE, changer=avec_une_autre_feuille),
        lambda: ods(rang_ods(*TITRES) + rang_ods(*NEUVE)),
        lambda: ods(
            "<table:table-row/>"
            + rang_ods(*TITRES)
            + rang_ods(*NEUVE[:6], ('office:value-type="float" office:value="12"', "12,0"))
            + '<table:table-row table:number-rows-repeated="1048570"/>'
        ),
    ],
)
def test_a_workbook_or_an_opendocument_sheet(chargee, contenu):
    importer(chargee, contenu())

    structure = Structure.objects.get(nom=NEUVE[0])
    assert (structure.code_postal, structure.capacite) == ("21000", 12)


def test_the_sheets_that_are_not_read_are_said(chargee):
    page = apercu(chargee, classeur(NEUVE, changer=avec_une_autre_feuille))

    assert "Feuille non lue : Notes" in page.content.decode()


COLONNES_ODS = (
    '<table:table-column table:number-columns-repeated="6"/><table:table-column table:visibility="collapse"/>'
)


@pytest.mark.parametrize(
    "contenu",
    [
        lambda: classeur(NEUVE, changer=masquer_colonne),
        lambda: ods(COLONNES_ODS + rang_ods(*TITRES) + rang_ods(*NEUVE)),
    ],
)
def test_hidden_columns_are_read_and_said(chargee, contenu):
    page = apercu(chargee, contenu())

    assert "Colonne masquée dans le fichier, lue comme les autres : « Capacité (places) »" in (
        page.content.decode()
    )
    assert {c.titre: c.apres for c in page.context["nouvelles"][0].changements}["Capacité (places)"] == "12"
    assert "masquée" not in apercu(chargee, classeur(NEUVE)).content.decode()


def test_dates_of_the_1904_calendar_are_the_days_that_the_spreadsheet_shows():
    def en_1904(workbook):
        workbook.epoch = CALENDAR_MAC_1904

    contenu = classeur(("Une", datetime.date(2026, 3, 1)), titres=("Nom", "Ouverture"), changer=en_1904)

    [ligne] = lire_tableau(contenu).lignes
    assert ligne.cellules == ("Une", "01/03/2026")


def test_spaces_and_empty_lines_say_nothing_and_the_lines_keep_their_number(chargee):
    page = apercu(chargee, csv((), neuve(Nom="  Crèche neuve "), (), neuve(Nom="Autre lieu", Capacité="x")))

    lignes = page.context["apercu"].lignes
    assert [ligne.numero for ligne in lignes] == [3, 5]
    assert Structure.objects.filter(nom="Crèche neuve").count() == 0
    assert {c.titre: c.apres for c in lignes[0].changements}["Nom"] == "Crèche neuve"


def test_names_are_found_by_their_other_spellings(chargee):
    Organisme.objects.filter(nom="Ville de Dijon").update(autres_graphies="Mairie de Dijon\nCommune Dijon")

    importer(chargee, csv(neuve(Gestionnaire="mairie de DIJON", Type="eaje")))

    assert Structure.objects.get(nom=NEUVE[0]).gestionnaire.nom == "Ville de Dijon"


def test_titles_are_matched_by_likeness_changed_and_remembered(chargee, client_de, dijon):
    titres = (
        "Désignation",
        "NATURE",
        "rue",
        "CP",
        "Ville",
        "organisme gestionnaire",
        "Nb de places",
        "Remarques",
    )
    contenu = csv((*NEUVE, "à revoir"), titres=titres)

    page = deposer(chargee, contenu)
    form = page.context["form"]
    assert [form[f"colonne-{rang}"].initial for rang in range(8)] == [
        "",
        "type_structure",
        "adresse",
        "code_postal",
        "commune",
        "gestionnaire",
        "capacite",
        "",
    ]
    choisies = {nom: form[nom].initial for nom in form.fields} | {"colonne-0": "nom"}
    page = chargee.post(f"{IMPORTER}colonnes/", choisies, follow=True)

    assert "Colonne non importée : « Remarques »" in page.content.decode()
    assert page.context["apercu"].nb["nouvelle"] == 1
    # The same titles again, by somebody else, in another order.
    melangees = csv(("à revoir", *NEUVE), titres=("remarques", *titres[:-1]))
    client_de("admin")
    page = deposer(chargee, melangees)
    assert page.request["PATH_INFO"] == f"{IMPORTER}apercu/"
    assert page.context["apercu"].nb["nouvelle"] == 1
    assert CorrespondanceColonnes.objects.get().convention == dijon
