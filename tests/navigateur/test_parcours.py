"""The main job in a real browser: edit a fiche, enter a value, download the table and the report."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from gouvernance.models import Reunion
from structures.models import Structure

PAGES = [
    "",
    "arbre/",
    "demarches/",
    "fiches/",
    "fiches/PE-1/",
    "fiches/PE-1/modifier/",
    "moyens/",
    "structures/",
    "structures/{structure}/",
    "gouvernance/",
    "gouvernance/instances/copil/",
    "gouvernance/decisions/",
    "gouvernance/reunions/ajouter/",
    "gouvernance/reunions/{reunion}/",
    "gouvernance/reunions/{reunion}/decider/",
    "gouvernance/reunions/{reunion}/supprimer/",
    "gouvernance/reunions/{reunion}/historique/",
    "documents/",
    "personnes/",
    "parametres/",
    "fiches/PE-1/historique/",
    "fiches/PE-1/avenant/",
    "fiches/PE-1/supprimer/",
    "evaluation/2025/",
    "evaluation/2025/tableau/",
    "evaluation/2025/saisie/PE-1/",
    "evaluation/2025/saisie/",
]


def test_every_page_is_accessible_fits_and_asks_nothing_outside(entrer, page, site):
    """axe-core at 1280 and 360 pixels; no request off the host; no error in the console; no sideways scroll."""
    ailleurs, erreurs, fautes = [], [], []
    page.on(
        "request", lambda request: request.url.startswith((site, "data:")) or ailleurs.append(request.url)
    )
    page.on("console", lambda message: message.type == "error" and erreurs.append(message.text))
    entrer("cooperation")
    structure = Structure.objects.order_by("pk").first().pk
    reunion = Reunion.objects.get(annee=2026, rang=1).pk

    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for path in [f"/dijon-2024/{p}" for p in PAGES] + ["/aide/", "/dijon-2024/fiches/rien/"]:
            page.goto(site + path.format(structure=structure, reunion=reunion))
            for violation in Axe().run(page).response["violations"]:
                fautes.append((width, path, violation["id"], violation["nodes"][0]["html"][:120]))
            if page.evaluate("document.documentElement.scrollWidth") > width:
                fautes.append((width, path, "défile de côté"))

    assert fautes == []
    assert ailleurs == []
    assert [e for e in erreurs if "404" not in e] == []


def test_login_page_is_accessible_and_lists_the_accounts(page, site):
    page.goto(f"{site}/compte/connexion/")

    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Entrer avec copil@demo.invalid").click()
    page.wait_for_url("**/dijon-2024/")
    assert page.get_by_role("link", name="Évaluation").count() == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_edit_a_fiche_enter_a_value_download_the_report(browser, site, javascript, tmp_path):
    context = browser.new_context(java_script_enabled=javascript, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{site}/compte/connexion/")
    page.get_by_role("button", name="Entrer avec cooperation@demo.invalid").click()

    page.goto(f"{site}/dijon-2024/fiches/PE-1/modifier/")
    page.get_by_label("Constat").fill(
        "Un constat écrit dans le navigateur, avec des « guillemets » et une apostrophe ’."
    )
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("La fiche PE-1 est enregistrée.").wait_for()
    assert page.get_by_text("Un constat écrit dans le navigateur").is_visible()

    page.goto(f"{site}/dijon-2024/evaluation/2025/saisie/PE-1/")
    page.get_by_label("Valeur (familles)").fill("1 402,5")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("alert").get_by_text("n’est pas un nombre entier").wait_for()
    page.get_by_label("Valeur (familles)").fill("1\u202f402")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("C’est enregistré pour PE-1, année 2025.").wait_for()

    page.goto(f"{site}/dijon-2024/evaluation/2025/tableau/")
    assert "1402familles" in re.sub(r"\s", "", page.locator("#t-PE-1 ~ .defile").inner_text())
    for nom, debut in (("Tableau XLSX", b"PK"), ("Bilan 2025", b""), ("PDF", b"%PDF")):
        if not debut:
            page.get_by_role("link", name=nom).click()
            continue
        with page.expect_download() as download:
            page.get_by_role("link", name=nom).click()
        path = Path(tmp_path) / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(debut)
    context.close()


def test_by_keyboard_alone_one_reaches_the_content_and_the_errors(entrer, page, site):
    entrer("petite-enfance")
    page.goto(f"{site}/dijon-2024/fiches/PE-1/modifier/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Aller au contenu"
    page.keyboard.press("Enter")

    page.get_by_label("Prévu").first.fill("1.234,5")
    page.get_by_role("button", name="Enregistrer", exact=True).press("Enter")

    page.wait_for_selector(".resume-erreurs:focus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#id_moyens-0-prevu").input_value() == "1.234,5"
