"""Hints of the first visits: put away for good by one, still there for another, shown again from the help."""


def test_a_hint_is_put_away_by_its_reader_and_shown_again(entrer, page, site):
    entrer("cooperation")
    astuce = page.locator("[data-astuce=accueil]")
    astuce.get_by_role("link", name="Lire l’aide").wait_for()

    astuce.get_by_role("button", name="J’ai compris").click()

    assert astuce.is_hidden()
    assert page.evaluate("document.activeElement.id") == "contenu"
    page.reload()
    assert astuce.is_hidden()
    page.goto(f"{site}/dijon-2024/arbre/")
    assert page.locator("[data-astuce=arbre]").is_visible()

    page.goto(f"{site}/aide/")
    page.get_by_role("button", name="Revoir les astuces").click()
    page.goto(f"{site}/dijon-2024/")
    assert astuce.is_visible()


def test_a_hint_put_away_by_one_account_waits_for_the_other(entrer, page):
    entrer("cooperation")
    page.locator("[data-astuce=accueil]").get_by_role("button").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_load_state("networkidle")

    entrer("petite-enfance")

    assert page.locator("[data-astuce=accueil]").is_visible()


def test_without_javascript_no_hint_stands_in_the_way(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/compte/connexion/")
    page.get_by_role("button", name="Entrer avec cooperation@demo.invalid").click()

    assert page.locator("[data-astuce=accueil]").is_hidden()
    context.close()
