"""The grid in a real browser: its keyboard, its signs, pasting, working offline, two people at once."""

import json
import re

import pytest
from playwright.sync_api import expect

from ctg.models import Utilisateur
from evaluation.models import Indicateur, Mesure
from tests.navigateur.gestes import coller

URL = "/dijon-2024/evaluation/2026/saisie/"


def mesure(code):
    return Mesure.objects.filter(indicateur__code=code, annee=2026).first()


def pk(code):
    return Indicateur.objects.get(code=code).pk


def champ(page, code, nom="valeur"):
    return page.locator(f"[name=i{pk(code)}-{nom}]")


def retour(page, code, groupe="valeur"):
    return page.locator(f"#retour-i{pk(code)}-{groupe}")


def actif(page):
    return page.evaluate("document.activeElement.name")


def nom(code, champ="valeur"):
    return f"i{pk(code)}-{champ}"


@pytest.fixture
def grille(entrer, page, site):
    """The référent's grid: PE-1, a number, a percentage, a scale, a text."""
    erreurs = []
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    entrer("referent")
    page.goto(site + URL)
    yield page
    assert erreurs == []


def test_the_keyboard_moves_as_in_a_spreadsheet(grille):
    page = grille
    champ(page, "PE-1-01").focus()

    chemin = []
    for touche in (
        "ArrowDown",
        "ArrowUp",
        "Enter",
        "ArrowRight",
        "ArrowRight",
        "ArrowLeft",
        "ArrowUp",
        "Shift+Enter",
    ):
        page.keyboard.press(touche)
        chemin.append(actif(page))
    un, deux = nom("PE-1-01"), nom("PE-1-02")
    assert chemin == [
        deux,
        un,
        deux,
        nom("PE-1-02", "numerateur"),
        nom("PE-1-02", "denominateur"),
        nom("PE-1-02", "numerateur"),
        nom("PE-1-02", "numerateur"),  # the only fraction: nowhere to go
        nom("PE-1-02", "numerateur"),
    ]

    # A list is a cell like another: an arrow leaves it as it is.
    champ(page, "PE-1-03").focus()
    page.keyboard.press("ArrowDown")
    assert (actif(page), champ(page, "PE-1-03").input_value()) == (nom("PE-1-04"), "")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    assert champ(page, "PE-1-03").input_value() == "4"

    # Inside a text, arrows move in the text; from its ends, to the next cell.
    champ(page, "PE-1-01", "commentaire").fill("ab")
    page.keyboard.press("ArrowLeft")
    assert actif(page) == nom("PE-1-01", "commentaire")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert actif(page) == nom("PE-1-01", "etat")


def test_f2_writes_in_the_text_and_escape_restores(grille):
    page = grille
    commentaire = champ(page, "PE-1-01", "commentaire")
    commentaire.focus()
    page.keyboard.type("Un")
    page.keyboard.press("F2")
    page.keyboard.press("Enter")
    page.keyboard.type("Deux")
    page.keyboard.press("F2")
    page.keyboard.press("Alt+Enter")
    page.keyboard.type("Trois")
    assert commentaire.input_value() == "Un\nDeux\nTrois"
    page.keyboard.press("ArrowUp")  # from the last of three lines: inside the text
    assert actif(page) == nom("PE-1-01", "commentaire")

    page.keyboard.press("Escape")
    assert commentaire.input_value() == ""
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert mesure("PE-1-01") is None

    # What is typed after an arrow replaces what was there.
    champ(page, "PE-1-01").fill("12")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("34")
    assert champ(page, "PE-1-01").input_value() == "34"


def test_the_sign_comes_after_the_answer_and_the_count_follows(grille):
    page = grille
    en_attente = []

    def retenir(route):
        en_attente.append(route)

    page.route("**/cellule/", retenir)
    champ(page, "PE-1-01").fill("1 500")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert retour(page, "PE-1-01").inner_text().strip() == ""

    en_attente.pop().continue_()

    retour(page, "PE-1-01").get_by_text(re.compile(r"enregistré à \d\d:\d\d")).wait_for()
    assert champ(page, "PE-1-01").input_value() == "1500"
    assert page.locator("[data-ecart]").first.inner_text() == "−50"
    assert "1 sur 4 valeurs" in page.locator("[data-completude]").inner_text()
    assert page.locator("[data-etat]").inner_text() == "PE-1-01 : enregistré."
    assert mesure("PE-1-01").valeur == 1500


def test_a_fraction_is_one_cell(grille):
    page = grille
    champ(page, "PE-1-02", "numerateur").focus()
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.wait_for_timeout(200)
    assert mesure("PE-1-02") is None

    champ(page, "PE-1-03").focus()

    retour(page, "PE-1-02").get_by_text("enregistré").wait_for()
    assert champ(page, "PE-1-02").input_value() == "66,67"


def test_a_refusal_stands_beside_and_an_unusual_value_is_confirmed_there(grille):
    page = grille
    champ(page, "PE-1-01").fill("1.234")
    page.keyboard.press("Tab")
    retour(page, "PE-1-01").get_by_text("peut se lire de deux façons").wait_for()
    assert champ(page, "PE-1-01").get_attribute("aria-invalid") == "true"
    assert champ(page, "PE-1-01").get_attribute("aria-describedby") == f"retour-{nom('PE-1-01')}"
    assert champ(page, "PE-1-01").input_value() == "1.234"
    assert "non enregistré" in page.locator("[data-etat]").inner_text()

    champ(page, "PE-1-01").fill("9000")
    page.keyboard.press("Tab")
    page.get_by_label("je confirme cette valeur").click()
    retour(page, "PE-1-01").get_by_text("enregistré").wait_for()
    assert champ(page, "PE-1-01").get_attribute("aria-invalid") is None
    assert mesure("PE-1-01").valeur == 9000


def test_a_pasted_block_fills_the_cells_and_lists_what_is_refused(grille):
    page = grille
    champ(page, "PE-1-01").focus()
    # Value and comment; a quoted cell with a line end and quotes; an empty one; a row too many.
    coller(page, '1 500\t"Deux\nlignes, ""citées"""\r\n1.234\tOui\n\tRien de neuf\npas noté\t\nde trop\n')

    bilan = page.locator("[data-bilan]")
    bilan.get_by_text("5 cellules enregistrées, 2 refusées.").wait_for()
    rejets = bilan.locator("li").all_inner_texts()
    assert "PE-1-02" in rejets[1]
    assert "« 1.234 »" in rejets[1]
    assert "peut se lire de deux façons" in rejets[1]
    assert "« de trop » : Il n’y a plus de ligne dans la grille." in rejets[0]
    assert page.evaluate("document.activeElement.matches('[data-bilan]')")
    assert (mesure("PE-1-01").valeur, mesure("PE-1-01").commentaire) == (1500, 'Deux\nlignes, "citées"')
    assert (mesure("PE-1-02").valeur, mesure("PE-1-02").commentaire) == (None, "Oui")
    assert (mesure("PE-1-03").situation, mesure("PE-1-03").commentaire) == ("non_renseignee", "Rien de neuf")
    assert mesure("PE-1-04").valeur_texte == "pas noté"
    assert champ(page, "PE-1-02").input_value() == "1.234"


def test_a_pasted_block_is_undone_and_what_was_written_since_stays(grille):
    page = grille
    champ(page, "PE-1-01").fill("1400")
    page.keyboard.press("Tab")
    retour(page, "PE-1-01").get_by_text("enregistré").wait_for()
    champ(page, "PE-1-01").focus()
    coller(page, "1 500\tCollé\n1.234\tOui\n")
    bilan = page.locator("[data-bilan]")
    bilan.get_by_text("3 cellules enregistrées, 1 refusée.").wait_for()
    champ(page, "PE-1-02", "commentaire").fill("Écrit depuis")
    page.keyboard.press("Tab")
    retour(page, "PE-1-02", "commentaire").get_by_text("enregistré").wait_for()

    bilan.get_by_role("button", name="Annuler le collage").click()

    bilan.get_by_text("Collage annulé : 3 cases comme avant.").wait_for()
    assert (mesure("PE-1-01").valeur, mesure("PE-1-01").commentaire) == (1400, "")
    assert mesure("PE-1-02").commentaire == "Écrit depuis"
    assert champ(page, "PE-1-02").input_value() == ""
    assert page.evaluate("Object.keys(localStorage).filter((c) => c.startsWith('grille:')).length") == 0


def test_a_list_takes_what_it_knows_and_keeps_the_rest(grille):
    page = grille
    champ(page, "PE-1-02").focus()
    coller(page, "50\n4\n")
    page.locator("[data-bilan]").get_by_text("2 cellules enregistrées, 0 refusée.").wait_for()
    assert mesure("PE-1-03").valeur == 4

    champ(page, "PE-1-03").focus()
    coller(page, "excellent\n")
    page.locator("[data-bilan]").get_by_text("0 cellule enregistrée, 1 refusée.").wait_for()
    assert "« excellent »" in page.locator("[data-bilan] li").inner_text()
    assert mesure("PE-1-03").valeur == 4


def test_two_numbers_in_one_pasted_cell_are_not_joined_and_prose_stays_prose(grille):
    page = grille
    champ(page, "PE-1-01").focus()
    coller(page, '"12\n34"\n')
    page.locator("[data-bilan]").get_by_text("0 cellule enregistrée, 1 refusée.").wait_for()
    assert mesure("PE-1-01") is None

    champ(page, "PE-1-01", "commentaire").focus()
    pris = coller(page, "Un\nDeux")
    assert pris is False  # the browser pastes it


def test_offline_is_said_kept_and_sent_again(grille, site):
    page = grille
    page.context.set_offline(True)
    champ(page, "PE-1-01").fill("1500")
    page.keyboard.press("Enter")
    retour(page, "PE-1-01").get_by_text("Non enregistré : hors ligne").wait_for()
    garde = page.evaluate("Object.entries(localStorage).filter(([cle]) => cle.startsWith('grille:'))")
    assert json.loads(garde[0][1])[nom("PE-1-01")]["champs"][nom("PE-1-01")] == "1500"
    referent = Utilisateur.objects.get(email="referent@demo.invalid")
    assert garde[0][0].startswith(f"grille:{referent.pk}:")
    assert page.evaluate(
        "() => { const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented }"
    )

    page.context.set_offline(False)

    retour(page, "PE-1-01").get_by_text("enregistré à").wait_for()
    assert page.locator("[data-etat]").inner_text() == "Tout est enregistré."
    assert mesure("PE-1-01").valeur == 1500
    assert page.evaluate("Object.keys(localStorage).some((cle) => cle.startsWith('grille:'))") is False


def test_what_the_device_kept_comes_back_after_the_page_was_closed(grille, site):
    page = grille
    page.context.set_offline(True)
    champ(page, "PE-1-01").fill("1500")
    page.keyboard.press("Enter")
    retour(page, "PE-1-01").get_by_text("hors ligne").wait_for()
    contexte = page.context
    page.close()
    contexte.set_offline(False)

    page = contexte.new_page()
    page.goto(site + URL)

    retour(page, "PE-1-01").get_by_text("enregistré à").wait_for()
    assert mesure("PE-1-01").valeur == 1500


def test_a_server_that_fails_and_a_session_that_ended_lose_nothing(grille):
    page = grille
    page.route("**/cellule/", lambda route: route.fulfill(status=500, body="<h1>panne</h1>"))
    champ(page, "PE-1-01").fill("1500")
    page.keyboard.press("Enter")
    retour(page, "PE-1-01").get_by_text("le serveur est en panne").wait_for()
    page.unroute("**/cellule/")

    page.context.clear_cookies()
    page.get_by_role("button", name="Enregistrer").click()

    page.locator("[data-etat]").get_by_text("Non enregistré").wait_for()
    assert champ(page, "PE-1-01").input_value() == "1500"
    assert mesure("PE-1-01") is None


def test_two_people_on_one_cell_choose(grille, browser, site):
    page = grille
    autre = browser.new_context()
    seconde = autre.new_page()
    seconde.goto(f"{site}/compte/connexion/")
    seconde.get_by_role("button", name="Entrer avec petite-enfance@demo.invalid").click()
    seconde.goto(site + URL)
    champ(seconde, "PE-1-01").fill("7")
    seconde.keyboard.press("Enter")
    retour(seconde, "PE-1-01").get_by_text("enregistré à").wait_for()

    champ(page, "PE-1-01").fill("9")
    page.keyboard.press("Enter")
    retour(page, "PE-1-01").get_by_text("a enregistré « 7 » pendant ce temps").wait_for()
    assert mesure("PE-1-01").valeur == 7
    page.get_by_label("garder la mienne : 9").click()
    retour(page, "PE-1-01").get_by_text("enregistré à").wait_for()
    assert mesure("PE-1-01").valeur == 9

    champ(seconde, "PE-1-01").fill("11")
    seconde.keyboard.press("Enter")
    seconde.get_by_label("garder la sienne : 9").click()
    expect(champ(seconde, "PE-1-01")).to_have_value("9")
    assert mesure("PE-1-01").valeur == 9
    autre.close()


def test_at_360_pixels_rows_are_cards_and_it_works(grille, site):
    page = grille
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    champ(page, "PE-1-01").fill("5")
    champ(page, "PE-1-01", "commentaire").fill("Un mot")
    champ(page, "PE-1-02").focus()
    for groupe in ("valeur", "commentaire"):
        retour(page, "PE-1-01", groupe).get_by_text("enregistré à").wait_for()
    assert champ(page, "PE-1-01").bounding_box()["width"] > 80
    assert (mesure("PE-1-01").valeur, mesure("PE-1-01").commentaire) == (5, "Un mot")


def test_without_javascript_the_same_page_is_a_form(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/compte/connexion/")
    page.get_by_role("button", name="Entrer avec referent@demo.invalid").click()
    page.goto(site + URL)
    champ(page, "PE-1-01").fill("5")
    champ(page, "PE-1-02").fill("1.234")
    page.get_by_role("button", name="Enregistrer").click()

    assert page.get_by_text("1 cellule enregistrée, 1 refusée").is_visible()
    assert champ(page, "PE-1-02").input_value() == "1.234"
    assert mesure("PE-1-01").valeur == 5
    context.close()
