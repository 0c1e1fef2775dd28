"""Killed without warning in the middle of 5,000 values, a confirmation leaves nothing; answered, it leaves all."""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

COMMANDE = (
    "import django, sys; django.setup(); from tests.evaluation.gros_classeur import main; main(sys.argv[1])"
)


def lancer(base, quoi):
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{base}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", COMMANDE, quoi],
        env=env,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )


def compte(base):
    with sqlite3.connect(base) as lecture:
        gros = "indicateur_id IN (SELECT id FROM evaluation_indicateur WHERE code LIKE 'G-%')"
        requetes = (
            f"SELECT count(*) FROM evaluation_mesure WHERE {gros}",
            f"SELECT count(*) FROM evaluation_historicalmesure WHERE {gros}",
            "SELECT count(*) FROM ctg_brouillon WHERE adresse = '/gros/'",
        )
        return [lecture.execute(requete).fetchone()[0] for requete in requetes]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the throw-away copy is a file")
def test_killed_in_the_middle_it_leaves_all_or_nothing(db, tmp_path):
    base = tmp_path / "copie.sqlite3"
    with sqlite3.connect(connection.settings_dict["NAME"]) as origine, sqlite3.connect(base) as copie:
        origine.backup(copie)
    assert lancer(base, "preparer").wait(120) == 0

    processus = lancer(base, "confirmer")
    assert processus.stdout.readline() == "milieu 2499\n"  # in its transaction, half is there
    processus.kill()
    processus.wait(30)
    assert compte(base) == [0, 0, 1]

    processus = lancer(base, "confirmer")
    assert [processus.stdout.readline() for _ in range(2)] == ["milieu 2499\n", "fait 5000\n"]
    processus.kill()
    processus.wait(30)
    assert compte(base) == [5000, 5000, 0]
