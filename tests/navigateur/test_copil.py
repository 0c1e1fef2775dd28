"""A COPIL in a real browser, from its agenda to its distributed minutes."""

import datetime
import re
from collections import Counter

from django.core import mail
from django.utils import timezone

from gouvernance.models import Reunion

G = "/dijon-2024/gouvernance/"
NOTES = "Longuement dit"


def bouton(page, nom):
    with page.expect_navigation():
        page.get_by_role("button", name=nom, exact=True).click()


def preparer(page, site):
    """The meeting, its agenda reordered by the keyboard, its convocation."""
    page.goto(f"{site}{G}reunions/ajouter/?instance=copil")
    page.get_by_label("Date").fill(str(timezone.localdate() + datetime.timedelta(days=8)))
    page.get_by_label("Heure de début").fill("14:00")
    page.get_by_label("Lieu").fill("Hôtel de ville")
    bouton(page, "Enregistrer")
    for intitule, label in (("Petite enfance", "CTG"), ("Quartiers", "Cité éducative")):
        page.get_by_role("link", name="Ajouter un point").click()
        page.get_by_role("textbox", name="Intitulé").fill(intitule)
        page.get_by_label("Pour", exact=True).select_option(label=label)
        bouton(page, "Enregistrer")
    page.get_by_role("button", name="Monter le point 2").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("1. Quartiers").wait_for()
    page.get_by_role("link", name="Convoquer").click()
    bouton(page, "Envoyer la convocation")
    page.get_by_text("4 personnes sur 4").wait_for()


def tenir(page):
    """Attendance, then notes and a decision, by the keyboard."""
    page.get_by_role("link", name="Noter les présences").click()
    page.get_by_role(
        "button", name="Noter « présent » ceux qui ne le sont pas encore, sauf les suppléants"
    ).click()
    second = page.locator(".siege").nth(1)
    second.get_by_label("représenté", exact=True).check()
    second.get_by_label("Représenté par").fill("Mme Durand")
    bouton(page, "Enregistrer")
    # The présidence of the Caf sits the year of the renewal only.
    page.get_by_role("row", name=re.compile("Toute l’instance (11 10|12 11) 1 0 0 0")).wait_for()
    page.get_by_role("link", name="Conduire la séance").click()
    page.wait_for_url("**/conduite/")  # what answers to the keys comes with it
    page.keyboard.press("Alt+ArrowDown")  # no field was entered first
    page.keyboard.type(NOTES)
    page.keyboard.press("Alt+d")
    page.keyboard.type("Se revoir au printemps")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.name?.endsWith('-texte')")
    page.locator(".prises").get_by_text("Se revoir au printemps").wait_for()
    assert page.get_by_label("Notes de séance").first.input_value() == NOTES


def transmettre(page, adresse):
    page.goto(adresse)
    page.get_by_role("link", name="Reprendre des points").click()
    bouton(page, "Reprendre le compte rendu des points")
    bouton(page, "Enregistrer")
    page.get_by_role("link", name="Transmettre pour aval").click()
    bouton(page, "Transmettre pour aval")


def test_a_copil_from_agenda_to_distributed_minutes(page, entrer, site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def devenir(nom):
        page.context.clear_cookies()
        entrer(nom).goto(adresse)

    preparer(entrer("cooperation"), site)
    adresse = page.url.partition("#")[0]
    assert len(mail.outbox) == 4
    tenir(page)
    hier = timezone.localdate() - datetime.timedelta(days=1)  # the week goes by
    Reunion.objects.filter(pk=int(adresse.split("/")[-2])).update(date=hier, annee=hier.year, rang=90)
    transmettre(page, adresse)

    devenir("caf")
    page.goto(f"{site}/dijon-2024/")
    page.get_by_role("link", name=f"Compte rendu de la réunion {hier.year}-90").click()
    page.get_by_role("link", name="Donner l’aval").click()
    page.get_by_text(NOTES).wait_for()
    bouton(page, "Donner l’aval")
    devenir("copil")
    assert page.get_by_text(NOTES).count() == 0
    devenir("cooperation")
    page.get_by_role("link", name="Diffuser").click()
    bouton(page, "Diffuser")
    assert page.get_by_role("link", name="Modifier", exact=True).count() == 0
    sujets = [courriel.subject.split(" : ")[0].removeprefix("Pilotage CTG – ") for courriel in mail.outbox]
    assert Counter(sujets[4:]) == {
        "Aval attendu sur un compte rendu": 2,
        "Aval donné, compte rendu à diffuser": 1,
        "Compte rendu": 4,
    }

    devenir("copil")
    page.get_by_text(NOTES).wait_for()
    with page.expect_download() as recu:
        page.get_by_role("link", name="Cité éducative").click()
    assert recu.value.suggested_filename == f"extrait-cite-educative-{hier.year}-90.pdf"
