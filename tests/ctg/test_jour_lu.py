"""The day that a page is read at: how it is asked, said and kept, and what it never shows."""

import csv
import datetime
import io
import json
import re

import pytest
from openpyxl import load_workbook

from ctg.models import Avenant
from fiches.models import FicheProjet
from structures.inscriptions import changer, retirer
from structures.models import Inscription

pytestmark = pytest.mark.django_db
C = "/dijon-2024/"
PAGES = (
    "arbre/",
    "fiches/",
    "fiches/PE-1/",
    "fiches/quartiers/",
    "demarches/",
    "moyens/",
    "structures/",
    "structures/carte/",
    "structures/annexes/",
    "indicateurs/",
    "gouvernance/",
    "gouvernance/instances/copil/",
)
JOUR = datetime.date(2026, 6, 1)


@pytest.fixture
def balzac():
    return Inscription.objects.get(structure__code="a2-01")


@pytest.fixture
def avenant(dijon):
    return Avenant.objects.create(convention=dijon, numero=1, date_effet=JOUR)


@pytest.mark.parametrize("adresse", PAGES)
def test_every_page_says_the_day_and_offers_others(client_de, avenant, adresse):
    client = client_de("cooperation")

    aujourdhui = client.get(C + adresse).content.decode()
    page = client.get(f"{C}{adresse}?au=2025-03-01").content.decode()

    assert "jour-avis" not in aujourdhui
    assert 'href="?au=2024-12-31"' in aujourdhui
    assert 'href="?au=2026-06-01">avenant n°\u00a01</a>' in aujourdhui
    assert "à la date du <strong>1er\u00a0mars\u00a02025</strong>." in page
    assert 'value="2025-03-01"' in page
    assert "hors de la convention" not in page


@pytest.mark.parametrize("adresse", PAGES)
@pytest.mark.parametrize(
    ("au", "dit"),
    [
        ("2025-02-30", "Cette date n’existe pas"),
        ("hier", "Cette date n’existe pas"),
        ("0001-01-01", "n’est pas entre 2000 et 2100"),
        ("9999-12-31", "n’est pas entre 2000 et 2100"),
    ],
)
def test_what_is_no_day_is_said_and_today_is_shown(client_de, adresse, au, dit):
    page = client_de("cooperation").get(f"{C}{adresse}?au={au}")

    assert page.status_code == 200
    assert page.content.decode().count(dit) == 1
    assert not page.context["jour"].is_autre


@pytest.mark.parametrize("adresse", PAGES)
@pytest.mark.parametrize("au", ["2000-01-01", "2100-12-31"])
def test_a_day_out_of_the_convention_is_said(client_de, adresse, au):
    page = client_de("cooperation").get(f"{C}{adresse}?au={au}", follow=True)

    assert page.status_code == 200
    assert "hors de la convention" in page.content.decode()


@pytest.mark.parametrize(
    ("adresse", "page"),
    [
        ("fiches/?export=csv&", "fiches/"),
        ("fiches/quartiers/?export=xlsx&", "fiches/quartiers/"),
        ("structures/?export=geojson&", "structures/"),
        ("indicateurs/?export=csv&", "indicateurs/"),
        ("structures/annexes/pdf/?", "structures/annexes/"),
    ],
)
def test_a_file_of_no_day_is_not_that_of_today(client_de, adresse, page):
    lue = client_de("cooperation").get(f"{C}{adresse}au=2025-02-30", follow=True)

    assert lue.redirect_chain == [(C + page, 302)]
    assert "Le fichier n’est pas fait." in lue.content.decode()


@pytest.mark.parametrize(
    ("adresse", "liens"),
    [
        ("arbre/", ["fiches/PE-1/"]),
        ("arbre/?vue=textes", ["fiches/PE-1/"]),
        ("fiches/", ["fiches/PE-1/", "fiches/quartiers/"]),
        ("fiches/PE-1/", ["fiches/"]),
        ("fiches/quartiers/", ["fiches/PE-1/", "fiches/"]),
        ("demarches/", ["fiches/JEU-1/"]),
        ("structures/", ["structures/annexes/"]),
        ("indicateurs/", ["fiches/PE-1/"]),
        ("gouvernance/", ["gouvernance/instances/copil/"]),
    ],
)
def test_links_keep_the_day(client_de, adresse, liens):
    page = client_de("cooperation").get(f"{C}{adresse}{'&' if '?' in adresse else '?'}au=2025-03-01")

    contenu = page.content.decode()
    contenu = contenu[contenu.index("<main") :]
    for lien in liens:
        assert f'href="{C}{lien}?au=2025-03-01' in contenu
        if lien != "fiches/":
            assert f'href="{C}{lien}"' not in contenu


def test_filters_keep_the_day_and_the_day_keeps_the_filters(client_de):
    page = client_de("cooperation").get(f"{C}fiches/?q=famille&au=2025-03-01").content.decode()

    filtres, choix = page[page.index('role="search" aria-label="Filtrer') :], page[page.index("jour-choix") :]
    assert '<input type="hidden" name="au" value="2025-03-01"' in filtres[: filtres.index("</form>")]
    assert '<a class="btn btn-second" href="?au=2025-03-01">Effacer</a>' in filtres
    assert '<input type="hidden" name="q" value="famille">' in choix[: choix.index("</form>")]


def test_a_list_of_a_day_has_the_rows_and_the_words_of_that_day(client_de):
    FicheProjet.objects.filter(code="PE-1").update(date_fin=JOUR)
    FicheProjet.objects.filter(code="PE-2").update(date_effet=JOUR)
    client = client_de("lecteur")

    def codes(au):
        return {f.code for f in client.get(f"{C}fiches/?au={au}").context["page_obj"].object_list} & {
            "PE-1",
            "PE-2",
        }

    assert codes("2026-05-31") == {"PE-1"}
    assert codes("2026-06-01") == {"PE-2"}


def test_a_fiche_that_had_not_begun_leads_to_its_first_day(client_de):
    FicheProjet.objects.filter(code="PE-2").update(date_effet=JOUR)

    page = client_de("lecteur").get(f"{C}fiches/PE-2/?au=2025-01-01", follow=True)

    assert page.redirect_chain == [(f"{C}fiches/PE-2/?au=2026-06-01", 302)]
    assert "la fiche PE-2 n’existait pas" in page.content.decode()
    assert client_de("lecteur").get(f"{C}fiches/PE-99/?au=2025-01-01").status_code == 404


@pytest.mark.parametrize("nom", ["copil", "lecteur", "signataire"])
@pytest.mark.parametrize("adresse", ["fiches/", "fiches/PE-1/", "arbre/", "fiches/?export=csv"])
@pytest.mark.parametrize("au", ["2025-12-31", "2025-03-01", "2027-01-01"])
def test_no_day_gives_a_figure_to_who_waits_for_the_bilan(client_de, nom, adresse, au):
    page = client_de(nom).get(f"{C}{adresse}{'&' if '?' in adresse else '?'}au={au}").content.decode()

    page = page[page.index("<main") :] if "<main" in page else page
    for mot in ("Statut", "en préparation", "réalisée", "Avancement", "étapes"):
        assert mot not in re.sub(r'<div class="jour-avis".*?</div>', "", page, flags=re.DOTALL)
    assert client_de(nom).get(f"{C}moyens/?au={au}").status_code == 403


def test_a_status_of_another_day_is_that_of_the_year_that_had_ended(client_de):
    client = client_de("cooperation")

    page = client.get(f"{C}fiches/?au=2025-03-01")
    [titres, *lignes] = csv.reader(
        io.StringIO(client.get(f"{C}fiches/?au=2025-03-01&export=csv").content.decode("utf-8-sig")),
        delimiter=";",
    )

    assert "Statut au 31 décembre 2024" in page.content.decode()
    assert titres[-3:] == [
        "Statut au 31 décembre 2024",
        "Avancement au 31 décembre 2024 (%)",
        "En vigueur le",
    ]
    assert {ligne[-1] for ligne in lignes} == {"01/03/2025"}
    assert "en_retard" not in page.context["filter"].form.fields


def test_files_are_named_after_their_day_and_those_of_today_are_not(client_de):
    client = client_de("cooperation")

    for adresse in ("fiches/", "fiches/quartiers/", "structures/", "indicateurs/"):
        jour = client.get(f"{C}{adresse}?export=xlsx&au=2025-03-01")
        sheet = load_workbook(io.BytesIO(jour.content)).active
        assert "-au-2025-03-01.xlsx" in jour["Content-Disposition"]
        assert sheet.cell(1, sheet.max_column).value == "En vigueur le"
        assert sheet.cell(2, sheet.max_column).value == datetime.datetime(2025, 3, 1)  # noqa: DTZ001 -- of a cell
        aujourdhui = client.get(f"{C}{adresse}?export=csv")
        assert "-au-" not in aujourdhui["Content-Disposition"]
        assert "En vigueur le" not in aujourdhui.content.decode()


def test_the_registry_of_a_day_says_the_lines_as_signed(client_de, balzac, avenant):
    changer(balzac.pk, avenant, {"nom": "Multi-accueil Drapeau", "gestionnaire": "Mutualité neuve"})
    partie = Inscription.objects.filter(annexe="2", date_effet=None, date_fin=None).order_by("ordre")[1]
    retirer(partie.pk, avenant)
    client = client_de("lecteur")

    def lues(au, **filtres):
        page = client.get(f"{C}structures/", {"au": au, **filtres})
        return {s.nom_lu for s in page.context["object_list"]}

    veille, jour = lues("2026-05-31"), lues("2026-06-01")
    assert {"Multi-accueil Balzac", partie.nom} <= veille
    assert "Multi-accueil Drapeau" not in veille
    assert "Multi-accueil Drapeau" in jour
    assert partie.nom not in jour
    assert lues("2026-06-01", gestionnaire="Mutualité neuve") == {"Multi-accueil Drapeau"}
    points = json.loads(client.get(f"{C}structures/?export=geojson&au=2026-05-31").content)
    assert points["au"] == "2026-05-31"
    assert "Multi-accueil Balzac" in {p["properties"]["nom"] for p in points["features"]}


def test_the_page_of_a_structure_says_its_line_of_that_day(client_de, balzac, avenant):
    changer(balzac.pk, avenant, {"nom": "Multi-accueil Drapeau"})
    client, adresse = client_de("cooperation"), f"{C}structures/{balzac.structure_id}/"

    veille = client.get(f"{adresse}?au=2026-05-31").content.decode()
    avant_tout = client.get(f"{adresse}?au=2026-06-01").content.decode()

    assert "<h1>Multi-accueil Balzac</h1>" in veille
    assert "Multi-accueil Drapeau" not in veille
    assert "Modifier</a>" not in veille
    assert "<h1>Multi-accueil Drapeau</h1>" in avant_tout
    Inscription.objects.filter(structure=balzac.structure, date_effet=None).update(
        date_effet=datetime.date(2025, 1, 1)
    )
    assert "n’était inscrite à aucune annexe" in client.get(f"{adresse}?au=2024-06-01").content.decode()


@pytest.mark.parametrize(("au", "annees"), [("2025-03-01", [2024]), ("2025-12-31", [2024, 2025])])
def test_values_of_a_day_are_those_of_the_years_that_had_ended(client_de, au, annees):
    page = client_de("cooperation").get(f"{C}indicateurs/?export=csv&au={au}").content.decode("utf-8-sig")

    assert re.findall(r"Valeur (\d{4})", page.splitlines()[0]) == [str(annee) for annee in annees]


def test_what_is_near_a_structure_is_read_at_the_same_day(client_de, balzac, avenant):
    structure = balzac.structure
    page = client_de("cooperation").get(f"{C}structures/{structure.pk}/?au=2026-05-31").content.decode()

    assert f"?gestionnaire={structure.gestionnaire_id}&amp;au=2026-05-31" in page
    assert f"?quartier={structure.quartier_id}&amp;au=2026-05-31" in page


@pytest.mark.parametrize(
    ("adresse", "dit"),
    [
        ("quartiers/?au=2025-03-01", True),
        ("personnes/?au=2025-03-01", True),
        ("veille/?au=2025-03-01", True),
        ("quartiers/", False),
        ("quartiers/?au=hier", False),
        ("arbre/?au=2025-03-01", False),
        ("acteurs/?au=2025-03-01", False),
    ],
)
def test_a_page_that_is_of_today_only_says_so(client_de, adresse, dit):
    reponse = client_de("cooperation").get(C + adresse)
    page = reponse.content.decode()

    assert reponse.status_code == 200
    assert ("ne se lit pas à une autre date" in page) is dit


def test_the_seats_of_another_day_are_only_read(client_de):
    client, adresse = client_de("cooperation"), f"{C}gouvernance/instances/copil/"

    assert "Ajouter une personne" in client.get(adresse).content.decode()
    assert "Ajouter une personne" not in client.get(f"{adresse}?au=2025-03-01").content.decode()
