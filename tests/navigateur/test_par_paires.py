"""Roles, states, themes and widths two by two: every pair of them is looked at by axe-core once."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from ctg.models import Utilisateur
from evaluation.models import Avancement, Mesure
from fiches.models import FicheProjet
from tests.conftest import COMPTES_PAR_NOM

C = "/dijon-2024/"
LONG = "é" * 10_000
ETATS = {
    "plein": ["", "fiches/PE-1/"],
    "vide": ["fiches/?q=zzzz", "recherche/?q=zzzz", "gouvernance/decisions/?q=zzzz"],
    "erreur": ["fiches/rien/", "parametres/", "fiches/PE-1/modifier/"],
    "long": ["fiches/PE-1/", "fiches/", "evaluation/2025/tableau/"],
}
THEMES, LARGEURS = ("light", "dark"), (1280, 320)


def combinaisons():
    """(role, state, theme, width): every pair of two factors, in as few as the two largest allow."""
    for (r, role), (e, etat) in itertools.product(enumerate(sorted(COMPTES_PAR_NOM)), enumerate(ETATS)):
        yield role, etat, THEMES[(r + e) % 2], LARGEURS[(r // 2 + e) % 2]


def test_every_pair_is_there():
    facteurs = (sorted(COMPTES_PAR_NOM), list(ETATS), THEMES, LARGEURS)
    for i, j in itertools.combinations(range(4), 2):
        vues = {(combinaison[i], combinaison[j]) for combinaison in combinaisons()}
        assert vues == set(itertools.product(facteurs[i], facteurs[j]))


def allonger():
    Avancement.objects.filter(fiche__code="PE-1", annee=2025).update(realisations=LONG, difficultes=LONG)
    Mesure.objects.filter(indicateur__code="PE-1-01", annee=2025).update(commentaire=LONG)
    FicheProjet.objects.filter(code="PE-1").update(constat=LONG, intitule="é" * 300)


def provoquer(page) -> None:
    """The form of the page refuses what is typed."""
    if page.locator("#id_moyens-0-prevu").count():
        page.locator("#id_moyens-0-prevu").fill("1.234,5")
        page.get_by_role("button", name="Enregistrer", exact=True).click()
        page.wait_for_selector(".resume-erreurs")


@pytest.mark.parametrize("etat", ETATS)
def test_roles_themes_and_widths_of_a_state(browser, site, etat):
    if etat == "long":
        allonger()
    fautes = []
    for role, _, theme, largeur in (c for c in combinaisons() if c[1] == etat):
        client = Client()
        client.force_login(Utilisateur.objects.get(email=COMPTES_PAR_NOM[role]))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(color_scheme=theme, viewport={"width": largeur, "height": 800})
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page = context.new_page()
        for adresse in ETATS[etat]:
            page.goto(f"{site}{C}{adresse}")
            if etat == "erreur":
                provoquer(page)
            for violation in Axe().run(page).response["violations"]:
                fautes.append(
                    (role, theme, largeur, adresse, violation["id"], violation["nodes"][0]["html"][:120])
                )
            if page.evaluate("document.documentElement.scrollWidth") > largeur:
                fautes.append((role, theme, largeur, adresse, "défile de côté"))
        context.close()

    assert fautes == []
