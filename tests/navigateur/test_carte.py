"""The map in a real browser: by the keyboard, and one place put down by a click."""

import re

from structures.models import Structure

CARTE = "/dijon-2024/structures/carte/"


def ouvrir(page, url):
    erreurs = []
    page.on("console", lambda message: erreurs.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    page.goto(url)
    page.wait_for_selector("[data-prete]")
    return erreurs


def test_marks_are_reached_opened_and_left_by_the_keyboard(entrer, site):
    page = entrer("lecteur")
    demandes = []
    page.on("request", lambda requete: demandes.append(requete.url))
    erreurs = ouvrir(page, f"{site}{CARTE}?q=archipel")
    repere = page.get_by_role("button", name="L’ARCHIPEL, Centre social, annexe 2 bis")
    repere.focus()
    page.keyboard.press("Enter")
    lien = page.locator(".leaflet-popup-content").get_by_role("link", name="L’ARCHIPEL")
    lien.wait_for()
    assert lien.evaluate("lien => lien === document.activeElement")
    page.keyboard.press("Escape")
    lien.wait_for(state="detached")
    assert repere.evaluate("repere => repere === document.activeElement")
    assert erreurs == []  # the policy of the page refuses nothing that the map does
    assert [url for url in demandes if not url.startswith((site, "data:"))] == []


def test_the_list_shows_a_structure_hidden_in_a_cluster(entrer, site):
    page = entrer("lecteur")
    ouvrir(page, f"{site}{CARTE}")
    page.get_by_role("button", name=re.compile("Montrer EAJE LA FARANDOLE")).click()
    page.locator(".leaflet-popup-content").get_by_role("link", name=re.compile("FARANDOLE")).wait_for()


def test_a_click_puts_a_structure_down(entrer, site):
    page = entrer("cooperation")
    structure = Structure.objects.get(nom="CCAS")
    erreurs = ouvrir(page, f"{site}/dijon-2024/structures/{structure.pk}/placer/")
    page.locator("[data-carte]").click(position={"x": 300, "y": 200})
    latitude = page.get_by_label("Latitude").input_value()
    assert re.fullmatch(r"4[67],\d{5}", latitude)
    page.get_by_label("D’où vient cette position").fill("Vue sur la carte")
    page.get_by_role("button", name="Enregistrer cette position").click()
    page.wait_for_url(f"**/structures/{structure.pk}/")

    structure.refresh_from_db()
    assert f"{structure.latitude}".replace(".", ",") == latitude
    assert erreurs == []


def test_without_script_the_list_is_there(browser, entrer, site):
    session = entrer("lecteur").context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=session)
    page = context.new_page()
    page.goto(f"{site}{CARTE}")

    assert page.get_by_text("Cette carte se dessine avec JavaScript.").is_visible()
    assert page.get_by_role("link", name="L’ARCHIPEL").is_visible()
    assert page.get_by_role("button", name=re.compile("^Montrer")).count() == 0
    context.close()
