"""Scripts in every text of every table, the security policy taken off: none runs in a page of the richest role."""

from django.conf import settings
from django.test import Client

from ctg.models import Utilisateur
from tests.attaques.canaris import COURT, LONG, PIEGE, adresses_des_pages, executions, planter
from tests.conftest import COMPTES_PAR_NOM

COLONNES_AU_MOINS, PAGES_AU_MOINS = 200, 90


def ouvrir(browser, site, role):
    client = Client()
    client.force_login(Utilisateur.objects.get(email=COMPTES_PAR_NOM[role]))
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(PIEGE)
    nom = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": nom, "value": client.cookies[nom].value, "url": site}])
    return context


def test_no_script_runs(browser, site):
    pages = [url for url, roles in adresses_des_pages().items() if "cooperation" in roles]
    context = ouvrir(browser, site, "cooperation")

    assert planter() >= COLONNES_AU_MOINS
    assert len(pages) >= PAGES_AU_MOINS
    touches = executions(context.new_page(), site, pages)
    context.close()

    assert touches == []


def test_the_canaries_would_sing(browser):
    """Or the test above proves nothing."""
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(PIEGE)
    for canari in (LONG, COURT):
        page = context.new_page()
        page.goto("about:blank")
        page.set_content(f'<p title="{canari}">{canari}</p>')
        page.wait_for_function("window.touches > 0", timeout=5000)
    context.close()
