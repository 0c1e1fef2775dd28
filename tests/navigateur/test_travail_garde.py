"""Nobody's work lost, in a real browser: the Back button, a session that ends, a network that goes away."""

import re

import pytest
from django.contrib.sessions.models import Session

from ctg.models import Brouillon
from fiches.models import FicheProjet

MODIFIER = "/dijon-2024/fiches/PE-1/modifier/"


def fiche():
    return FicheProjet.objects.get(code="PE-1")


@pytest.fixture
def page_fiche(entrer, page, site):
    entrer("cooperation")
    page.goto(site + MODIFIER)
    return page


def lu(champ):
    """What a text area holds, or its editor."""
    return champ.evaluate("champ => champ.value ?? champ.innerText")


def etat(page, texte):
    page.locator("[data-etat-brouillon]", has_text=re.compile(texte)).wait_for()


def enregistrer(page):
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("La fiche PE-1 est enregistrée.").wait_for()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_back_button_brings_back_neither_an_old_text_nor_an_old_row(browser, site, javascript):
    page = browser.new_context(java_script_enabled=javascript).new_page()
    page.goto(f"{site}/compte/connexion/?next={MODIFIER}")
    page.get_by_role("button", name="Entrer avec cooperation@demo.invalid").click()
    page.wait_for_url(f"**{MODIFIER}")
    nb = fiche().etapes.count()
    page.get_by_label("Constat").fill("De P")
    page.locator(f"#id_etapes-{nb}-intitule").fill("Une seule fois")
    enregistrer(page)
    une = fiche()
    une.constat = "De Q"
    une.save()

    page.go_back()
    assert lu(page.get_by_label("Constat")) == "De Q"
    page.get_by_label("Publics", exact=True).fill("Les familles")
    enregistrer(page)

    assert (fiche().constat, fiche().publics) == ("De Q", "Les familles")
    assert fiche().etapes.count() == nb + 1


def test_a_session_closed_elsewhere_is_said_and_the_page_goes_on_after_login(page_fiche, site):
    page = page_fiche
    Session.objects.all().delete()
    page.get_by_label("Constat").fill("Écrit après la fin de la session")
    etat(page, "Votre session est terminée")

    with page.context.expect_page() as autre:
        page.get_by_role("link", name="Se reconnecter dans un nouvel onglet").click()
    autre.value.get_by_role("button", name="Entrer avec cooperation@demo.invalid").click()
    autre.value.wait_for_url("**/dijon-2024/")
    page.bring_to_front()
    enregistrer(page)

    assert fiche().constat == "Écrit après la fin de la session"


def test_offline_one_stays_on_the_page_and_finds_its_text_after_a_reload(page_fiche, site):
    page = page_fiche
    page.context.set_offline(True)
    page.get_by_label("Constat").fill("Écrit hors connexion")
    etat(page, "le serveur ne répond pas")
    page.get_by_role("button", name="Enregistrer").click()
    etat(page, "Rien n’est enregistré")
    assert page.url == site + MODIFIER
    assert not Brouillon.objects.exists()

    page.context.set_offline(False)
    page.context.new_page().goto(f"{site}/dijon-2024/")
    page.evaluate("window.onbeforeunload = null")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()

    page.get_by_text("est restauré").wait_for()
    assert lu(page.get_by_label("Constat")) == "Écrit hors connexion"
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_draft_is_given_up_by_its_button(page_fiche, site):
    page = page_fiche
    page.get_by_label("Constat").fill("En cours")
    etat(page, "Brouillon gardé à")
    page.get_by_role("button", name="Quitter en gardant le brouillon").click()
    page.get_by_text("votre brouillon vous attend").wait_for()
    page.goto(site + MODIFIER)
    assert lu(page.get_by_label("Constat")) == "En cours"

    page.get_by_role("button", name="Abandonner le brouillon", exact=True).click()

    page.get_by_text("Le brouillon est abandonné").wait_for()
    assert lu(page.get_by_label("Constat")) == fiche().constat
    assert not Brouillon.objects.exists()


def test_a_spare_row_says_what_is_required_once_one_types_and_a_long_text_its_length(page_fiche):
    page = page_fiche
    nb = fiche().etapes.count()
    rangee = page.locator(".partie-etapes .rangee").nth(nb)
    assert not rangee.locator(".obligatoire").first.is_visible()
    page.locator(f"#id_etapes-{nb}-intitule").fill("É")
    assert rangee.locator(".obligatoire").first.is_visible()

    constat = page.get_by_label("Constat")
    constat.fill("x" * 19_990)
    assert page.get_by_text("Encore 10 caractères sur 20 000").is_visible() or "Encore 10" in page.content()
    constat.fill("x" * 20_010)
    assert page.get_by_text("10 caractères de trop").is_visible()


def test_what_a_draft_gave_back_is_named_and_marked(page_fiche, site):
    page, nb = page_fiche, fiche().etapes.count()
    page.get_by_label("Constat").fill("En cours")
    page.locator(f"#id_etapes-{nb}-intitule").fill("Une étape")
    etat(page, "Brouillon gardé")
    page.goto(site + MODIFIER)
    annonce = page.locator("[data-repris]")
    assert annonce.get_by_role("link").all_inner_texts() == ["Constat", f"Étapes, ligne {nb + 1} : Étape"]
    assert page.locator(".repris").count() == 2


def test_enter_saves_a_draft_that_was_given_back(page_fiche):
    page, nb = page_fiche, fiche().etapes.count()
    with page.expect_response(lambda reponse: reponse.request.method == "POST"):  # the draft is kept
        page.locator(f"#id_etapes-{nb}-intitule").fill("Une étape de plus")
    page.reload()
    page.get_by_text("est restauré").wait_for()

    page.locator(f"#id_etapes-{nb}-intitule").press("Enter")

    page.get_by_text("La fiche PE-1 est enregistrée.").wait_for()
    assert fiche().etapes.count() == nb + 1
    assert not Brouillon.objects.exists()
