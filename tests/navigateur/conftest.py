"""A real browser on a live server with Dijon's data. Each test starts from the same data."""

import os

import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM

# Playwright's synchronous interface runs a loop of its own; the ORM is used beside it, not in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def site(donnees_partagees, live_server):
    """The address of the application."""
    return live_server.url


@pytest.fixture
def entrer(page, site):
    """entrer("cooperation") logs in by the login page, as its user would."""

    def login(nom):
        page.goto(f"{site}/compte/connexion/")
        page.get_by_label("Adresse électronique").fill(f"{nom}@demo.invalid")
        page.get_by_label("Mot de passe").fill("demo")
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url("**/dijon-2024/")
        return page

    return login


@pytest.fixture
def demonstration(site):
    """The same as `make demo` loads, in the place of the tests' own data."""
    call_command("flush", interactive=False, verbosity=0)
    call_command("charger_convention", "fixtures/dijon", verbosity=0)
    call_command("charger_convention", "fixtures/demo", verbosity=0)
    call_command("comptes_demo", verbosity=0)
    call_command("recit_demo", verbosity=0)
