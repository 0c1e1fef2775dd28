"""A long document in a real browser: its page moves by itself, and the file arrives."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from evaluation.models import Fabrication
from evaluation.views import fabrications
from tests.evaluation.outils import travailler

CARNET = "/dijon-2024/evaluation/2025/carnet/pdf/"


@pytest.fixture
def sans_attendre(monkeypatch, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(fabrications, "PATIENCE", 0)


def test_the_page_moves_and_the_file_arrives(entrer, page, site, sans_attendre, monkeypatch):
    monkeypatch.setattr("evaluation.documents.Document.render", lambda document, edition: b"%PDF un carnet")
    entrer("cooperation")
    page.goto(f"{site}/dijon-2024/evaluation/2025/")
    page.goto(f"{site}{CARNET}")
    page.get_by_role("heading", name="Votre document se prépare").wait_for()
    page.get_by_text("En attente").wait_for()
    fautes = []
    for largeur in (1280, 320):
        page.set_viewport_size({"width": largeur, "height": 800})
        fautes += [(largeur, v["id"]) for v in Axe().run(page).response["violations"]]
    Fabrication.objects.update(statut="en_cours", pourcentage=40, etape="Mise en page, page 3")
    page.get_by_text("Mise en page, page 3…").wait_for()
    assert (
        page.locator("progress").get_attribute("value") == "40"
        or page.locator("progress").evaluate("p => p.value") == 40
    )
    Fabrication.objects.update(statut="en_attente")

    with page.expect_download() as arrivee:
        travailler()

    assert arrivee.value.suggested_filename == "carnet-dijon-2024-2025.pdf"
    page.get_by_role("heading", name="Votre document est prêt").wait_for()
    assert page.get_by_role("button", name="Annuler la préparation").count() == 0
    assert fautes == []


def test_given_up_in_the_browser(entrer, page, site, sans_attendre):
    entrer("cooperation")
    page.goto(f"{site}{CARNET}")
    page.get_by_role("button", name="Annuler la préparation").click()

    page.get_by_text("La préparation de « carnet-dijon-2024-2025.pdf » est annulée.").wait_for()
    assert not Fabrication.objects.exists()
