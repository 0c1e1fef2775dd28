"""kill -9 of the database server: what was acknowledged is there when it comes back, and the service with it."""

import itertools
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.pannes.grappe import Grappe
from tests.pannes.serveur import Serveur, environnement

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="a PostgreSQL is installed where the tests run on one"
)
VERSION = Path(__file__).parent.parent / "versions" / "0.1.0-postgresql.zip"
# Done in a process of its own, on the cluster: the cookie of an account, and what was written.
SESSION = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from ctg.models import Utilisateur
compte = Utilisateur.objects.get(email="cooperation@demo.invalid")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(compte.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = compte.get_session_auth_hash()
session.create()
print(session.session_key)
"""
ECRITS = """
from evaluation.models import EvenementParticipation
for evenement in EvenementParticipation.objects.filter(date_debut="2025-03-02"):
    print(evenement.intitule, evenement.fiches.count(), sep="|")
"""
FICHE = "from fiches.models import FicheProjet; print(FicheProjet.objects.get(code='PE-1', date_fin=None).pk)"


@pytest.fixture
def grappe():
    grappe = Grappe()
    yield grappe
    grappe.effacer()


@pytest.fixture
def manage(grappe, tmp_path):
    def lancer(*arguments):
        faite = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=environnement(grappe.url, tmp_path),
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        return faite.stdout.strip()

    return lancer


def test_what_was_acknowledged_survives_and_the_service_comes_back(grappe, manage, tmp_path):
    manage("restaurer", str(VERSION))
    session, fiche = manage("shell", "-v0", "-c", SESSION), manage("shell", "-v0", "-c", FICHE)
    serveur = Serveur(grappe.url, tmp_path)
    numeros, fini, reconnus = itertools.count(), threading.Event(), []

    def ecrivain():
        while not fini.is_set():
            nom = f"temps {next(numeros)}"
            donnees = {"intitule": nom, "niveau": "consultation", "date_debut": "2025-03-02", "fiches": fiche}
            try:
                statut, _ = serveur.demander("POST", "/dijon-2024/participation/ajouter/", donnees, session)
            except OSError:
                continue
            if statut == 302:
                reconnus.append(nom)
            elif statut < 500:
                raise AssertionError(statut)

    try:
        fils = [threading.Thread(target=ecrivain) for _ in range(3)]
        for fil in fils:
            fil.start()
        time.sleep(3)
        avant = len(reconnus)
        grappe.tuer()
        grappe.demarrer()
        serveur.attendre()
        pendant = len(reconnus)
        time.sleep(3)
        fini.set()
        for fil in fils:
            fil.join()
    finally:
        fini.set()
        serveur.arreter()

    assert 0 < avant <= pendant < len(reconnus)
    ecrits = dict(ligne.split("|") for ligne in manage("shell", "-v0", "-c", ECRITS).splitlines())
    assert set(reconnus) <= set(ecrits)
    assert set(ecrits.values()) == {"1"}
