"""Comments in a browser: names proposed after an @, the draft of the right form, the token of every form."""

from django.core import mail

from ctg.models import Brouillon, Commentaire

FICHE = "/dijon-2024/fiches/PE-1/"


def test_a_name_is_proposed_the_draft_kept_and_the_comment_sent(entrer, site):
    page = entrer("caf")
    page.goto(site + FICHE)
    panneau = page.locator("#commentaires")
    texte = panneau.get_by_label("Votre commentaire")
    texte.press_sequentially("Combien de places, @réf")
    texte.press("ArrowDown")
    page.keyboard.press("Enter")
    assert texte.input_value() == "Combien de places, @Compte referent "
    page.keyboard.type("?")
    panneau.get_by_text("Brouillon gardé à").wait_for()
    assert Brouillon.objects.get().donnees["texte"] == ["Combien de places, @Compte referent ?"]

    page.goto(site + FICHE)
    assert texte.input_value() == "Combien de places, @Compte referent ?"
    panneau.get_by_role("button", name="Commenter").click()
    page.locator(".commentaire").wait_for()
    commentaire = Commentaire.objects.get()
    assert page.url == f"{site}{FICHE}#{commentaire.ancre}"
    assert [m.to for m in mail.outbox] == [["referent@demo.invalid"]]

    panneau.get_by_role("button", name="Marquer comme résolu").click()
    panneau.get_by_text("1 fil résolu").wait_for()
    assert page.locator(f"#{commentaire.ancre}").is_visible()  # the browser opens what the address names


def test_a_draft_is_dropped_from_the_page_of_the_fiche(entrer, site):
    page = entrer("caf")
    page.goto(site + FICHE)
    page.locator("#commentaires").get_by_label("Votre commentaire").fill("À ne pas garder")
    page.locator("#commentaires").get_by_text("Brouillon gardé à").wait_for()
    page.goto(site + FICHE)
    page.get_by_role("button", name="Abandonner le brouillon").click()
    page.get_by_text("Le brouillon est abandonné").wait_for()

    assert not Brouillon.objects.exists()
