"""A table of structures, from the file to its undoing, as the chargée de coopération does it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from structures.models import Structure

CSV = (
    "Désignation;Nature;Rue;CP;Ville;Places;Remarques\r\n"
    "Multi accueil Mansard;EAJE;17 bd Mansart;21000;Dijon;44;\r\n"
    "Crèche des Tilleuls;EAJE;3 rue des Tilleuls;21000;Dijon;12;ouvre en 2026\r\n"
)


def verifier(page):
    """Accessible, and no sideways scroll, on a wide screen and a narrow one."""
    for largeur in (1280, 320):
        page.set_viewport_size({"width": largeur, "height": 800})
        fautes = [(v["id"], v["nodes"][0]["html"][:120]) for v in Axe().run(page).response["violations"]]
        assert fautes == [], (largeur, page.url)
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur, page.url
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.usefixtures("site")
def test_an_import_with_a_duplicate_then_its_undoing(entrer):
    mansart = Structure.objects.get(nom="Multi-accueil Mansart")
    avant = mansart.capacite
    page = entrer("cooperation")

    page.get_by_role("link", name="Structures", exact=True).click()
    page.get_by_role("link", name="Importer", exact=True).click()
    page.get_by_label(re.compile("Votre fichier")).set_input_files(
        {"name": "registre.csv", "mimeType": "text/csv", "buffer": CSV.encode("cp1252")}
    )
    page.get_by_role("button", name="Voir ce qui changerait").click()
    verifier(page)
    page.get_by_label("« Désignation »").select_option("Nom")
    page.get_by_role("button", name="Voir ce qui changerait").click()

    assert "Colonne non importée : « Remarques »" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Importer", exact=True).count() == 0
    verifier(page)
    page.get_by_label(re.compile("le fichier corrige aussi son texte signé")).check()
    page.get_by_role("button", name="Revoir l’aperçu avec ces réponses").click()
    # Its name and its address are those of the signed text.
    page.get_by_label("Motif de la rectification").fill("Erreur de copie")
    page.get_by_role("button", name="Revoir l’aperçu avec ces réponses").click()
    verifier(page)
    page.get_by_role("button", name="Importer", exact=True).click()

    page.get_by_text("1 structure ajoutée, 1 modifiée").wait_for()
    mansart.refresh_from_db()
    assert (mansart.nom, mansart.capacite) == ("Multi accueil Mansard", 44)
    verifier(page)
    page.get_by_role("link", name="Annuler cet import").click()
    verifier(page)
    page.get_by_role("button", name="Annuler cet import").click()

    page.get_by_text("tout est comme avant lui").wait_for()
    mansart.refresh_from_db()
    assert (mansart.nom, mansart.capacite) == ("Multi-accueil Mansart", avant)
    assert not Structure.objects.filter(nom="Crèche des Tilleuls").exists()
