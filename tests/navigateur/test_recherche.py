"""The search by the keyboard: « / » goes there, but not while one types."""

FICHE = "/dijon-2024/fiches/PE-1/"


def test_the_slash_goes_to_the_search_and_enter_finds(entrer, site):
    page = entrer("copil")
    page.goto(site + FICHE)
    page.keyboard.press("/")
    page.keyboard.type("comité de pilotage")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=*")
    page.get_by_role("link", name="Comité de pilotage", exact=True).click()
    page.wait_for_url("**/gouvernance/instances/**")


def test_a_slash_that_is_typed_stays_in_its_text(entrer, site):
    page = entrer("caf")
    page.goto(site + FICHE)
    texte = page.locator("#commentaires").get_by_label("Votre commentaire")
    texte.click()
    page.keyboard.type("2025/2026")
    assert texte.input_value() == "2025/2026"
