"""Mid-term in a real browser: a proposition, the COPIL, its decision, the avenant, the tree on two days."""

import datetime

from django.utils import timezone
from playwright.sync_api import expect

from ctg.models import Avenant
from evaluation.models import ProjetAvenant, Proposition, RevueMiParcours
from tests.evaluation.test_mi_parcours import un_point, une_decision

REVUE, ARBRE = "/dijon-2024/mi-parcours/1/", "/dijon-2024/arbre/?vue=textes"
TITRE = "Un axe réorienté à mi-parcours"


def valider(page):
    with page.expect_navigation():
        page.locator("main form button.btn-principal[type=submit]").last.click()


def test_from_a_proposition_to_the_tree_of_two_days(entrer, site, dijon):
    today = timezone.localdate()
    page = entrer("cooperation")

    # A review is opened, and proposes other words for an axe.
    page.goto(f"{site}/dijon-2024/mi-parcours/")
    with page.expect_navigation():
        page.get_by_role("button", name="Ouvrir la revue").click()
    page.goto(f"{site}{REVUE}proposer/")
    page.locator("#id_nature").select_option("reorienter")
    axe = dijon.axes.get(code="PE.1")
    page.locator("#id_cible").select_option(f"axe-{axe.pk}")
    page.locator("#id_motif").fill("Les familles le demandent.")
    page.locator("#id_intitule").fill(TITRE)
    valider(page)
    proposition = Proposition.objects.get()

    # It is presented at a meeting of the COPIL, which decides.
    point = un_point(dijon)
    page.goto(f"{site}{REVUE}presenter/")
    page.locator("#id_point").select_option(str(point.pk))
    valider(page)
    decision = une_decision(point.reunion)
    page.goto(f"{site}{REVUE}propositions/{proposition.pk}/decision/")
    page.locator("#id_issue").select_option("retenue")
    page.locator("#id_decision").select_option(str(decision.pk))
    valider(page)
    page.goto(f"{site}{REVUE}terminer/")
    valider(page)
    assert RevueMiParcours.objects.get().statut == "decidee"

    # The avenant is prepared from it, frozen, signed, applied.
    page.goto(f"{site}{REVUE}avenant/")
    page.locator("#id_date_effet").fill(today.isoformat())
    valider(page)
    expect(page.locator("main")).to_contain_text(TITRE)
    projet = ProjetAvenant.objects.get()
    for action, champs in (
        ("arreter", {}),
        ("signer", {"date_signature": today.isoformat()}),
        ("appliquer", {}),
    ):
        page.goto(f"{site}{projet.get_absolute_url()}etape/{action}/")
        for nom, valeur in champs.items():
            page.locator(f"#id_{nom}").fill(valeur)
        valider(page)
    assert Avenant.objects.get(convention=dijon).date_effet == today

    # The tree is another one from that day on; the day before, it is what it was.
    page.goto(f"{site}{ARBRE}")
    expect(page.locator("main")).to_contain_text(TITRE)
    veille = today - datetime.timedelta(days=1)
    page.goto(f"{site}{ARBRE}&au={veille.isoformat()}")
    expect(page.locator("main")).to_contain_text(axe.intitule)
    expect(page.locator("main")).not_to_contain_text(TITRE)
