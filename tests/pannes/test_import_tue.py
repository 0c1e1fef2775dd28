"""kill -9 in the middle of an import: nothing of it is there, what was previewed still waits, and it is done once."""

import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from ctg.models import ImportFait
from structures.models import Structure
from tests.pannes.serveur import PATIENCE, environnement, url_de
from tests.structures.fichiers import IMPORTER, apercu, confirmer, csv, neuve

CONFIRMER = """
import os, signal, sys
import django; django.setup()
from django.db.models.signals import post_save
from django.test import Client
from ctg.models import Utilisateur
from structures.models import Structure
ecrites = []
def tuer(sender, instance, **kwargs):
    ecrites.append(instance.pk)
    if len(ecrites) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
post_save.connect(tuer, sender=Structure)
client = Client()
client.force_login(Utilisateur.objects.get(email="cooperation@demo.invalid"))
client.post(sys.argv[1], {"confirmer": sys.argv[2]})
"""


@pytest.fixture
def client(donnees_partagees, client_de):
    return client_de("cooperation")


def test_an_import_that_is_killed_leaves_nothing_and_is_done_once(client, tmp_path):
    noms = [f"Crèche tuée {n}" for n in range(6)]
    page = apercu(client, csv(*(neuve(Nom=nom) for nom in noms)))
    assert not page.context["apercu"].est_bloque
    tue = subprocess.run(
        [sys.executable, "-c", CONFIRMER, f"{IMPORTER}apercu/", page.context["apercu"].empreinte],
        env=environnement(url_de(connection), tmp_path),
        cwd=settings.BASE_DIR,
        timeout=PATIENCE,
        check=False,
    )
    assert tue.returncode == -signal.SIGKILL
    ecrites = Structure.objects.filter(nom__in=noms)
    assert (ecrites.count(), ImportFait.objects.count()) == (0, 0)

    page = client.get(f"{IMPORTER}apercu/")
    confirmer(client, page)
    confirmer(client, page)
    assert sorted(ecrites.values_list("nom", flat=True)) == noms
    assert ImportFait.objects.count() == 1
