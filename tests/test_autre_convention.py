"""A convention of another shape, loaded from its tables alone: one level of axes, numbers that go on, five years, three
communes, seven signataires, two of whom give the aval, committees of other names, two chargés de coopération."""

import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ctg.chargement.services import charger
from ctg.enums import Role
from ctg.models import Mandat
from evaluation.autres_documents import render_coup_d_oeil_pdf
from evaluation.documents import FORMATS
from evaluation.edition import Edition
from evaluation.models import Indicateur, Mesure
from evaluation.reports import collect_bilan
from tests.conftest import VAL_CLAIR

pytestmark = pytest.mark.django_db
DES_AUTRES = ("Dijon", "Côte-d", "axe thématique", "axes thématiques", "axe stratégique", "0 axe")
PAGES = (
    "",
    "arbre/",
    "arbre/?vue=textes",
    "arbre/?au=2029-12-31",
    "demarches/",
    "fiches/",
    "fiches/A-1/",
    "fiches/C-5/",
    "fiches/quartiers/",
    "structures/",
    "structures/carte/",
    "structures/annexes/",
    "structures/activite/",
    "quartiers/",
    "acteurs/",
    "gouvernance/",
    "gouvernance/instances/assemblee-des-maires/",
    "gouvernance/decisions/",
    "gouvernance/calendrier/?annee=2025",
    "gouvernance/coordination/",
    "indicateurs/",
    "moyens/",
    "evaluation/2025/",
    "evaluation/2029/",
    "evaluation/2025/tableau/",
    "documents/",
    "personnes/",
    "parametres/",
)


@pytest.fixture
def val_clair(compte):
    convention = charger(VAL_CLAIR).convention
    Mandat.objects.create(
        convention=convention, utilisateur=compte("cooperation"), role=Role.CHARGE_COOPERATION
    )
    return convention


def test_every_page_speaks_of_this_convention_only(val_clair, client_de):
    client, fautes = client_de("cooperation"), []
    for page in PAGES:
        reponse = client.get(f"/val-clair-2025/{page}")
        texte = reponse.content.decode()
        fautes += [(page, mot) for mot in DES_AUTRES if mot in texte]
        if reponse.status_code != 200:
            fautes.append((page, reponse.status_code))
    assert fautes == []


@pytest.fixture
def edition(val_clair):
    """The year 2025, with one value known."""
    indicateur = Indicateur.objects.get(fiche__convention=val_clair, code="A-1-01")
    Mesure.objects.create(
        indicateur=indicateur, annee=2025, situation="renseignee", valeur=64, etat="definitive"
    )
    return Edition(collect_bilan(val_clair, 2025, now=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)))


def texte_de(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.document
@pytest.mark.parametrize(
    ("rendre", "dits"),
    [
        (FORMATS["pdf"].render, ("Val-Clair", "B-3", "64 matinées", "MSA des Trois-Plateaux", "2029")),
        (render_coup_d_oeil_pdf, ("Val-Clair", "5 fiches projet")),
    ],
)
def test_its_documents_speak_of_it(edition, rendre, dits):
    texte = texte_de(rendre(edition)).replace("\u202f", " ").replace("\xa0", " ")

    assert [dit for dit in dits if dit not in texte] == []
    assert [mot for mot in DES_AUTRES if mot in texte] == []


def test_its_table_has_its_value(edition):
    classeur = load_workbook(BytesIO(FORMATS["xlsx"].render(edition)))
    cellules = {cell.value for feuille in classeur for rang in feuille.iter_rows() for cell in rang}

    assert {"A-1", "C-5", 64} <= cellules
    assert not [texte for texte in cellules if isinstance(texte, str) and any(m in texte for m in DES_AUTRES)]


def test_a_tree_of_one_level_has_no_empty_column(val_clair, client_de):
    page = client_de("cooperation").get("/val-clair-2025/arbre/").content.decode()

    assert "schema-objectifs" not in page
    assert "2 fiches · Pôle enfance et jeunesse" in page
