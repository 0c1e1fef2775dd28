"""Servers on the database of the tests, stopped before that database is put back; a cluster of the tests' own."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.pannes.grappe import Grappe
from tests.pannes.serveur import Serveur, environnement, url_de

VERSION = Path(__file__).parent.parent / "versions" / "0.1.0-postgresql.zip"


@pytest.fixture
def serveur(donnees_partagees, tmp_path):
    lance = Serveur(url_de(connection), tmp_path)
    yield lance
    lance.arreter()


@pytest.fixture
def session_de(compte):
    """session_de("cooperation") is the cookie of an account that logged in."""

    def ouvrir(nom):
        client = Client()
        client.force_login(compte(nom))
        return client.cookies["sessionid"].value

    return ouvrir


def lancer(grappe: Grappe, dossier: Path, *arguments: str) -> str:
    """What `manage.py` says, on the cluster."""
    faite = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=environnement(grappe.url, dossier),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return faite.stdout.strip()


@pytest.fixture(scope="session")
def grappe(tmp_path_factory):
    """With the convention of the first version, brought to today's."""
    grappe = Grappe()
    try:
        lancer(grappe, tmp_path_factory.mktemp("grappe"), "restaurer", str(VERSION))
        yield grappe
    finally:
        grappe.effacer()


@pytest.fixture
def manage(grappe, tmp_path):
    return lambda *arguments: lancer(grappe, tmp_path, *arguments)
