"""The main job in a real browser: edit a fiche, enter a value, download the table and the report."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from ctg.models import Utilisateur
from tests.conftest import COMPTES_PAR_NOM
from tests.matrice import LOURD, TABLE, url_de

# Beside the addresses of the table of rights.
AUSSI = ["/dijon-2024/arbre/?vue=textes", "/dijon-2024/fiches/rien/", "/dijon-2024/recherche/?q=creche"]


def pages_et_roles() -> dict[str, list[str]]:
    """{account: addresses}: every page once, for the richest role that reads it."""
    pages: dict[str, list[str]] = {"cooperation": list(AUSSI)}
    for nom, ligne in TABLE.items():
        if ligne.get is None or ligne.rend != 200 or nom in LOURD:
            continue
        role = next((r for r in ("cooperation", "admin", "caf", "referent") if r in ligne.get), None)
        pages.setdefault(role or min(ligne.get), []).append(url_de(nom, ligne.kwargs))
    return pages


def test_every_page_is_accessible_fits_and_asks_nothing_outside(browser, site):
    """axe-core at 1280 and 320 pixels; no request off the host; no error in the console; no sideways scroll."""
    ailleurs, erreurs, fautes = [], [], []
    for role, adresses in pages_et_roles().items():
        client = Client()
        client.force_login(Utilisateur.objects.get(email=COMPTES_PAR_NOM[role]))
        html = [a for a in adresses if "text/html" in client.get(a).headers.get("Content-Type", "")]
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context()
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page = context.new_page()
        page.on(
            "request",
            lambda request: request.url.startswith((site, "data:")) or ailleurs.append(request.url),
        )
        page.on("console", lambda message: message.type == "error" and erreurs.append(message.text))
        for adresse in html:
            page.goto(f"{site}{adresse}")
            for largeur in (1280, 320):
                page.set_viewport_size({"width": largeur, "height": 800})
                for violation in Axe().run(page).response["violations"]:
                    fautes.append((largeur, adresse, violation["id"], violation["nodes"][0]["html"][:120]))
                if page.evaluate("document.documentElement.scrollWidth") > largeur:
                    fautes.append((largeur, adresse, "défile de côté"))
        context.close()

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
