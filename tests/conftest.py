"""Fixtures: Dijon loaded once for the whole run, an account for each role of the demonstration."""

import datetime
import gc
import os
import shutil
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import client as test_client
from django.utils import timezone

from ctg import declencheurs
from ctg.chargement.services import charger
from ctg.comptes_demo import COMPTES
from ctg.models import Convention, Utilisateur
from evaluation.campagnes import fiches_de_lannee, preparer_campagne
from evaluation.transitions import appliquer_campagne
from tests import instantane as instantanes

ANNEES = (2024, 2025, 2026)
BASE_DE_TRAVAIL = connection.settings_dict["NAME"]  # before there is one of the tests
FIXTURES = Path(__file__).parent.parent / "fixtures"
VAL_CLAIR = Path(__file__).parent / "conventions" / "val-clair"  # one level, five years, seven signataires
CHROMIUM = next(
    (
        path
        for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
        if name and (path := shutil.which(name))
    ),
    None,
)
COMPTES_PAR_NOM = {compte["email"].partition("@")[0]: compte["email"] for compte in COMPTES}


def pytest_collection_modifyitems(config, items):
    for item in items:
        if connection.vendor == "postgresql" and item.get_closest_marker("document"):
            item.add_marker(pytest.mark.skip(reason="the page drawn from the same data is read on SQLite"))
        if "navigateur" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("navigateur"))  # one browser at a time
            if os.environ.get("BROWSER") == "0":
                item.add_marker(pytest.mark.skip(reason="BROWSER=0"))
            elif CHROMIUM is None:
                assert not os.environ.get("CI"), "CI needs a Chromium for the browser tests"
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def charger_tout() -> None:
    """Dijon, its demonstration, its accounts, and the campaigns of three years, open."""
    charger(FIXTURES / "dijon")
    charger(FIXTURES / "demo")
    call_command("comptes_demo", verbosity=0)
    convention, now = Convention.objects.get(slug="dijon-2024"), timezone.now()
    today = timezone.localdate(now)
    cooperation = Utilisateur.objects.get(email=COMPTES_PAR_NOM["cooperation"])
    for annee in ANNEES:
        campagne = preparer_campagne(
            convention,
            annee,
            date_limite=today + datetime.timedelta(days=30),
            fiches=fiches_de_lannee(convention, annee),
            today=today,
        )
        appliquer_campagne("ouvrir", campagne.pk, user=cooperation, now=now)
    if hasattr(mail, "outbox"):
        mail.outbox.clear()  # the announcements of these campaigns are nobody's test


@pytest.fixture(scope="session", autouse=True)
def _contextes_des_pages():
    """The test client copies the context of every template; a page includes hundreds of widgets that no test asks for."""

    def garder(store, signal, sender, template, context, **kwargs):
        if not (template.name or "").startswith("django/forms/"):
            tout_garder(store, signal, sender, template, context, **kwargs)

    tout_garder, test_client.store_rendered_templates = test_client.store_rendered_templates, garder
    yield
    test_client.store_rendered_templates = tout_garder


@pytest.fixture(scope="session")
def instantane(django_db_setup, django_db_blocker):
    """The loaded database, to be put back after a test that wrote for good."""
    with django_db_blocker.unblock():
        return instantanes.prendre()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The convention of Dijon and its demonstration are there for every test; each test rolls its changes back."""
    if connection.settings_dict["NAME"] == BASE_DE_TRAVAIL:  # no test that was asked for needs a database
        return
    with django_db_blocker.unblock():
        charger_tout()
    gc.collect()
    gc.freeze()  # what stays until the end is not walked again at each collection


@pytest.fixture(autouse=True)
def _donnees_presentes(request, instantane, django_db_blocker):
    """A test that wrote for good empties the tables when it ends: the next one on this worker puts them back."""
    if {"db", "transactional_db"} & set(request.fixturenames):
        with django_db_blocker.unblock():
            if not Convention.objects.exists():
                instantanes.remettre(instantane)


@pytest.fixture
def donnees_partagees(transactional_db):
    """For tests whose threads or browser write for good: the data is put back after each one's clean-up."""
    yield
    declencheurs.retirer()  # the clean-up empties closed campaigns too; it puts them back


@pytest.fixture
def dijon(db):
    return Convention.objects.select_related("territoire").get(slug="dijon-2024")


@pytest.fixture
def compte(db):
    """compte("cooperation") is the account of that name in the demonstration."""
    return lambda nom: Utilisateur.objects.get(email=COMPTES_PAR_NOM[nom])


@pytest.fixture
def client_de(client, compte):
    """client_de("caf") is a client logged in as that account."""

    def login(nom):
        client.force_login(compte(nom))
        return client

    return login


@pytest.fixture
def dessin_rapide(monkeypatch, settings, tmp_path):
    """A PDF takes seconds: here the bytes of what is distributed are those of its page. Files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    monkeypatch.setattr("gouvernance.diffusion.html_en_pdf", lambda html: f"%PDF-{html}".encode())
