"""The register of the observed effects: counted, narrowed, found without accents, given as a table."""

import csv
import io

import pytest

from evaluation.models import Effet
from fiches.models import FicheProjet

pytestmark = pytest.mark.django_db
URL = "/dijon-2024/evaluation/effets/"


@pytest.fixture
def effets(dijon):
    Effet.objects.all().delete()

    def noter(code, constat, **champs):
        fiche = FicheProjet.objects.get(code=code) if code else None
        defauts = {"annee": 2025, "sens": "positif", "is_attendu": True, "origine": "direct"}
        return Effet.objects.create(convention=dijon, fiche=fiche, constat=constat, **defauts | champs)

    noter("PE-1", "Des familles du quartier s’entraident", parties_prenantes="Mères isolées")
    noter("PE-2", "Files d’attente déplacées", sens="negatif", is_attendu=False, annee=2024)
    noter("ENF-1", "Élèves plus calmes", origine="indirect", preuve="=1+1")
    noter("", "Les services se parlent", is_attendu=False)
    return noter


def constats(page):
    return [effet.constat.split()[0] for effet in page.context["object_list"]]


def test_all_are_there_the_latest_first_and_counted(client_de, effets):
    page = client_de("cooperation").get(URL)

    assert constats(page) == ["Les", "Des", "Élèves", "Files"]
    assert page.context["comptes"] == {"positifs": 3, "negatifs": 1, "inattendus": 2}
    assert "toute la convention" in page.content.decode()


@pytest.mark.parametrize(
    ("demande", "attendus"),
    [
        ("q=meres ISOLEES", ["Des"]),
        ("q=eleves", ["Élèves"]),
        ("sens=negatif", ["Files"]),
        ("is_attendu=false", ["Les", "Files"]),
        ("origine=indirect", ["Élèves"]),
        ("annee=2024", ["Files"]),
        ("q=introuvable", []),
        ("tri=-annee", ["Les", "Des", "Élèves", "Files"]),
    ],
)
def test_they_are_narrowed(client_de, effets, demande, attendus):
    assert constats(client_de("cooperation").get(f"{URL}?{demande}")) == attendus


def test_by_axe_and_by_fiche(client_de, effets):
    client = client_de("cooperation")
    axe = FicheProjet.objects.get(code="PE-1").axe

    assert constats(client.get(f"{URL}?axe={axe.pk}")) == ["Des", "Files"]
    fiche = FicheProjet.objects.get(code="ENF-1")
    assert constats(client.get(f"{URL}?fiche={fiche.pk}")) == ["Élèves"]


def test_the_caf_does_not_read_an_entry_that_is_not_submitted(client_de, effets):
    assert constats(client_de("caf").get(URL)) == ["Les"]


def test_the_caf_reads_it_once_submitted(client_de, effets, soumise):
    assert constats(client_de("caf").get(URL)) == ["Les", "Des"]


def test_what_is_shown_is_given_as_a_table(client_de, effets):
    reponse = client_de("cooperation").get(f"{URL}?origine=indirect&export=csv")

    [titres, ligne] = list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
    assert titres[:3] == ["Effet observé", "Pour qui", "À quoi on le voit"]
    assert ligne[:4] == ["Élèves plus calmes", "", "'=1+1", "ENF-1"]


def test_without_any_the_page_says_where_they_are_noted(client_de, dijon):
    Effet.objects.all().delete()

    page = client_de("cooperation").get(URL).content.decode()
    assert "Aucun effet n’est encore noté." in page
    assert "Exporter ce qui est affiché" not in page
