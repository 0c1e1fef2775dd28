"""The same as `test_canaris.py` for every role, in the demonstration: run by `make audit`."""

from tests.attaques.canaris import adresses_des_pages, executions, planter
from tests.conftest import COMPTES_PAR_NOM
from tests.navigateur.test_canaris import ouvrir


def test_no_script_runs_for_anybody(browser, demonstration, site):
    pages = adresses_des_pages()
    contextes = {role: ouvrir(browser, site, role) for role in sorted(COMPTES_PAR_NOM)}
    planter()

    touches = {
        role: executions(context.new_page(), site, [url for url, roles in pages.items() if role in roles])
        for role, context in contextes.items()
    }

    assert {role: urls for role, urls in touches.items() if urls} == {}
