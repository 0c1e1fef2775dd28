"""Long texts are written as they will be read, and what is not touched stays as it was."""

import pytest

from fiches.models import FicheProjet
from tests.navigateur.gestes import coller

MODIFIER = "/dijon-2024/fiches/PE-1/modifier/"
ECRIT = "Une ligne\n\n- une puce\n- une *autre*, et 5*3*2\n• à l’ancienne\n3. trois\n4) quatre\n2024. une année\n **gras** et ***les deux***"
WORD = """<html><body><!--StartFragment--><p class=MsoNormal><b>Titre</b><o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span><span>·<span>&nbsp;&nbsp; </span></span></span><![endif]>Premier <i>point</i></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span>·<span>&nbsp;&nbsp; </span></span><!--[endif]-->Second</p>
<table><tr><td><p>Quartier</p></td><td><p>12</p></td></tr></table>
<p style='color:red' onclick="alert(1)">Fin<br>et suite<script>alert(1)</script></p><!--EndFragment--></body></html>"""


@pytest.fixture
def page_fiche(entrer, page, site):
    def ouvrir(texte=""):
        fiche = FicheProjet.objects.get(code="PE-1")
        fiche.constat = texte
        fiche.save()
        entrer("cooperation")
        page.goto(site + MODIFIER)
        page.locator("#id_constat.riche-texte").wait_for()
        return page, page.get_by_label("Constat")

    return ouvrir


def enregistrer(page):
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("La fiche PE-1 est enregistrée.").wait_for()
    return FicheProjet.objects.get(code="PE-1").constat


def test_what_is_not_touched_stays_as_it_was(page_fiche):
    page, constat = page_fiche(ECRIT)
    constat.press("Control+Home")
    page.keyboard.type("Oui. ")
    assert enregistrer(page) == "Oui. " + ECRIT.replace("• ", "- ").replace("4)", "4.")


def test_bold_lists_and_undo_by_the_keyboard(page_fiche):
    page, constat = page_fiche()
    constat.focus()
    page.keyboard.type("Des mots ")
    page.keyboard.press("Control+b")
    page.keyboard.type("forts")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.keyboard.type("- un")
    page.keyboard.press("Enter")
    page.keyboard.type("deux")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("À retirer")
    page.keyboard.press("Control+z")
    assert constat.locator("li").all_inner_texts() == ["un", "deux"]
    assert constat.locator("strong").inner_text() == "forts"
    assert enregistrer(page).rstrip("\n") == "Des mots **forts**\n- un\n- deux"


def test_the_bar_is_one_stop_and_moves_with_the_arrows(page_fiche):
    page, constat = page_fiche("Un mot")
    barre = page.locator(".riche", has=constat).get_by_role("toolbar", name="Mise en forme")
    assert barre.locator("button[tabindex='0']").count() == 1
    constat.press("Control+a")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert barre.get_by_role("button", name="Italique").get_attribute("aria-pressed") == "true"
    assert enregistrer(page) == "*Un mot*"


def test_a_text_pasted_from_word_comes_out_clean(page_fiche):
    page, constat = page_fiche()
    constat.focus()
    assert coller(page, html=WORD)
    assert (
        enregistrer(page).strip("\n")
        == "**Titre**\n- Premier *point*\n- Second\nQuartier ; 12\nFin\net suite"
    )


def test_a_rubric_is_edited_where_it_is_read(entrer, site):
    page = entrer("cooperation")
    page.goto(f"{site}/dijon-2024/fiches/PE-1/")
    page.get_by_role("link", name="Modifier : constat").click()
    constat = page.get_by_role("textbox", name="Constat")
    page.locator("#id_constat.riche-texte").wait_for()
    assert page.get_by_role("heading", name="Enjeux et objectifs").is_visible()
    assert page.get_by_label("Publics").is_hidden()

    constat.press("Control+a")
    page.keyboard.type("Écrit à sa place")
    page.get_by_role("button", name="Enregistrer").click()

    page.wait_for_url("**/fiches/PE-1/#r-constat")
    assert page.get_by_text("Écrit à sa place").is_visible()
