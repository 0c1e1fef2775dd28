"""The lists of annexes 2 and 2 bis as of a day, and between two days."""

import datetime
import io

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from structures.annexes import Changement, collect_annexes, comparer_annexes
from structures.models import Inscription

pytestmark = pytest.mark.django_db
URL = "/dijon-2024/structures/annexes/"
AVANT, MILIEU, APRES = (datetime.date(2025, mois, 1) for mois in (1, 6, 12))


@pytest.fixture
def balzac():
    return Inscription.objects.get(structure__code="a2-01")


def test_the_lists_are_those_of_the_signed_text(dijon, django_assert_num_queries):
    with django_assert_num_queries(1):
        deux, bis = collect_annexes(dijon, au=AVANT)

    assert (deux.nb, bis.nb) == (44, 14)
    assert [(r.titre, len(r.lignes)) for r in deux.rubriques] == [
        ("COMMUNE DIJON gestionnaire", 22),
        ("Autres Gestionnaires", 22),
    ]
    ligne = deux.rubriques[0].lignes[0]
    assert (ligne.type, ligne.nom, ligne.adresse) == (
        "EAJE",
        "Multi-accueil Balzac",
        "25 Rue Balzac, 21000 Dijon",
    )


def test_a_line_counts_from_its_day_to_the_eve_of_its_end(dijon, balzac):
    balzac.date_fin = MILIEU
    balzac.save()

    jours = (MILIEU - datetime.timedelta(days=1), MILIEU)
    assert [collect_annexes(dijon, au=jour)[0].nb for jour in jours] == [44, 43]


def test_what_came_left_and_changed_between_two_days(dijon, balzac):
    balzac.date_fin = MILIEU
    balzac.save()
    suite = Inscription.objects.get(pk=balzac.pk)
    suite.pk, suite._state.adding, suite.succede_a = None, True, balzac
    suite.date_effet, suite.date_fin, suite.nom = MILIEU, None, "Multi-accueil Balzac et Drapeau"
    suite.save()
    partie, venue = Inscription.objects.filter(annexe="2 bis").order_by("ordre")[:2]
    Inscription.objects.filter(pk=partie.pk).update(date_fin=MILIEU)
    Inscription.objects.filter(pk=venue.pk).update(date_effet=MILIEU)

    assert comparer_annexes(dijon, depuis=AVANT, au=APRES) == (
        Changement("entrée", venue.structure_id, "2 bis", venue.nom),
        Changement("sortie", partie.structure_id, "2 bis", partie.nom),
        Changement(
            "changée",
            balzac.structure_id,
            "2",
            "Multi-accueil Balzac et Drapeau",
            (("nom", "Multi-accueil Balzac", "Multi-accueil Balzac et Drapeau"),),
        ),
    )
    assert comparer_annexes(dijon, depuis=MILIEU, au=APRES) == ()


def test_the_page_compares_in_the_order_of_the_days(client_de, balzac):
    balzac.date_fin = MILIEU
    balzac.save()
    client = client_de("lecteur")

    for adresse in (f"{URL}?au=2025-12-01&depuis=2025-01-01", f"{URL}?au=2025-01-01&depuis=2025-12-01"):
        page = client.get(adresse)
        assert [c.quoi for c in page.context["changements"]] == ["sortie"]
        assert "Du 1er janvier 2025 au 1er décembre 2025" in page.content.decode().replace("\u00a0", " ")
    assert "aucune ligne n’a changé" in client.get(f"{URL}?depuis=2026-01-01").content.decode()
    assert "Cette date n’existe pas" in client.get(f"{URL}?au=2025-02-30").content.decode()


def test_a_day_before_the_first_inscription_is_empty_and_says_so(client_de, dijon):
    Inscription.objects.update(date_effet=MILIEU)

    assert (
        client_de("lecteur").get(f"{URL}?au=2025-01-01").content.decode().count("Aucune structure n’y") == 2
    )


def test_the_documents_hold_what_the_page_shows(client_de, dijon):
    client = client_de("copil")
    classeur = load_workbook(io.BytesIO(client.get(f"{URL}xlsx/?au=2025-01-01").content))
    lecture = PdfReader(io.BytesIO(client.get(f"{URL}pdf/?au=2025-01-01").content))
    pdf = " ".join(page.extract_text() for page in lecture.pages)

    assert classeur.sheetnames == ["Annexe 2", "Annexe 2 bis"]
    for annexe, feuille in zip(collect_annexes(dijon, au=AVANT), classeur, strict=True):
        lues = [[cell.value or "" for cell in row] for row in feuille.iter_rows(min_row=5)]
        attendues = []
        for rubrique in annexe.rubriques:
            attendues.append([rubrique.titre, "", "", ""])
            attendues += [[li.type, li.nom, li.adresse, li.gestionnaire] for li in rubrique.lignes]
        assert lues == attendues
        for rubrique in annexe.rubriques:
            assert rubrique.titre in pdf
    assert client.get(f"{URL}docx/").status_code == 404


def test_the_same_day_gives_the_same_bytes(client_de):
    client = client_de("copil")

    for extension in ("pdf", "xlsx"):
        adresse = f"{URL}{extension}/?au=2025-01-01"
        assert client.get(adresse).content == client.get(adresse).content


def test_two_days_compared_are_printed(client_de, balzac):
    balzac.date_fin = MILIEU
    balzac.save()
    client = client_de("copil")

    for jours in ("au=2025-12-01&depuis=2025-01-01", "au=2025-01-01&depuis=2025-12-01"):
        reponse = client.get(f"{URL}pdf/?{jours}")
        pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(reponse.content)).pages)
        assert "annexes-2-et-2-bis-dijon-2024-2025-01-01-2025-12-01.pdf" in reponse["Content-Disposition"]
        assert "Multi-accueil Balzac" in pdf
        assert "sortie" in pdf
        assert "Multi-accueil Mansart" not in pdf
    assert client.get(f"{URL}xlsx/?au=2025-12-01&depuis=2025-01-01").status_code == 404
