"""kill -9 of who works beside the requests: a report, a round of reminders. It goes on, nothing twice, no half file."""

import email
import io
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings as reglages
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from evaluation import tasks
from evaluation.edition import Edition
from evaluation.enums import Recette, StatutFabrication
from evaluation.fabrication import SILENCE, demander, reprendre
from evaluation.models import Fabrication
from evaluation.reports import collect_bilan
from tests.evaluation.outils import qui
from tests.pannes.serveur import PATIENCE, attendre_que, environnement, url_de

RELANCER = """
import django; django.setup()
from django.utils import timezone
from evaluation.models import Campagne
from evaluation.rappels import relancer
relancer(Campagne.objects.get(annee=2025, nature="annuelle"), now=timezone.now())
"""


@pytest.fixture
def lancer(donnees_partagees, tmp_path):
    """lancer(*arguments) is a process of Python on the database of the tests."""
    lances = []

    def ouvrir(*arguments, **env):
        processus = subprocess.Popen(
            [sys.executable, *arguments],
            env=environnement(url_de(connection), tmp_path) | env,
            cwd=reglages.BASE_DIR,
            stdout=subprocess.DEVNULL,
        )
        lances.append(processus)
        return processus

    yield ouvrir
    for processus in lances:
        processus.kill()
        processus.wait()


@pytest.mark.document
def test_a_report_whose_worker_is_killed_is_made_by_the_next_one(lancer, dijon, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    now = timezone.now()
    edition = Edition(collect_bilan(dijon, 2025, now=now))
    fabrication, _ = demander(dijon, Recette.BILAN, edition, user=qui("cooperation"), now=now)
    tasks.fabriquer.enqueue(fabrication.pk)

    def dit():
        return Fabrication.objects.get(pk=fabrication.pk)

    worker = lancer("manage.py", "db_worker", "--verbosity", "0", "--interval", "0.1")
    attendre_que(lambda: dit().pourcentage > 0)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    tuee = dit()
    assert (tuee.statut, tuee.fichier.name) == (StatutFabrication.EN_COURS, "")
    assert not reprendre(tuee, now=timezone.now())  # it may only be slow

    assert reprendre(tuee, now=timezone.now() + SILENCE)
    tasks.fabriquer.enqueue(fabrication.pk)
    assert lancer("manage.py", "db_worker", "--verbosity", "0", "--batch").wait(PATIENCE * 2) == 0

    faite = dit()
    assert faite.statut == StatutFabrication.PRETE
    assert len(PdfReader(io.BytesIO(faite.fichier.read())).pages) > 10
    assert len(list((tmp_path / "fichiers" / "documents").iterdir())) == 1


def test_a_round_of_reminders_that_is_killed_goes_on_and_writes_to_nobody_twice(lancer, tmp_path):
    courriels = tmp_path / "courriels"

    def ecrits():
        """{(to, subject): how many}."""
        dits = Counter()
        for fichier in courriels.iterdir():
            for texte in fichier.read_text().split("-" * 79):
                if lu := texte.strip():
                    message = email.message_from_string(lu)
                    dits[message["To"], message["Subject"]] += 1
        return dits

    tue = lancer("-c", RELANCER, PANNE_APRES="2")
    assert tue.wait(PATIENCE) == -signal.SIGKILL
    assert len(ecrits()) == 2

    assert lancer("-c", RELANCER).wait(PATIENCE) == 0
    apres = ecrits()
    assert lancer("-c", RELANCER).wait(PATIENCE) == 0

    assert len(apres) > 2
    assert set(apres.values()) == {1}
    assert ecrits() == apres  # and a third round says nothing more
