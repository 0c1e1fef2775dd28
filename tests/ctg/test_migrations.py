"""Migrations: one line an app, back and forth, read through; what a released version stored comes through them whole."""

import json
import threading
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from ctg.sauvegarde.services import restaurer
from tests.ctg.conftest import ouverte

VERSIONS = Path(__file__).parent.parent / "versions"
RELEASED = sorted(path.stem for path in VERSIONS.glob("*.json"))
OURS = ("ctg", "structures", "fiches", "gouvernance", "evaluation")
# What a version said, in words that outlive it: one query, the same rows.
VALUES = {
    "fiches": "SELECT code, COALESCE(intitule, ''), constat, version FROM fiches_ficheprojet ORDER BY id",
    "structures": "SELECT code, nom, adresse FROM structures_structure ORDER BY id",
    "values": (
        "SELECT i.code, m.annee, m.situation, m.valeur_texte, ROUND(COALESCE(m.valeur, m.numerateur, -1) * 1000) "
        "FROM evaluation_mesure m JOIN evaluation_indicateur i ON i.id = m.indicateur_id ORDER BY m.id"
    ),
    "bilans": "SELECT annee, version, statut, empreinte FROM evaluation_bilan ORDER BY id",
    "decisions": "SELECT rang, texte, etat FROM gouvernance_decision ORDER BY id",
}


def graph():
    return MigrationLoader(None, ignore_no_migrations=True).graph


@pytest.mark.parametrize("app", OURS)
def test_migrations_are_one_line(app):
    siennes = {cle: noeud for cle, noeud in graph().node_map.items() if cle[0] == app}

    assert len(graph().leaf_nodes(app)) == 1
    for cle, noeud in siennes.items():
        assert sum(parent.key[0] == app for parent in noeud.parents) == (cle[1] != "0001_initial"), cle
        assert sum(enfant.key[0] == app for enfant in noeud.children) <= 1, cle


@pytest.fixture
def ancienne(ailleurs, tmp_path):
    """ancienne("0.1.0") is a database as that version left it, brought to the one of today."""

    def restituer(version):
        base = ailleurs()
        archive = VERSIONS / f"{version}-{connection.vendor}.zip"
        restaurer(archive, connection=base, storage=FileSystemStorage(tmp_path / "fichiers"))
        return base

    return restituer


def lire(base) -> dict[str, list]:
    with base.cursor() as cursor:
        lues = {}
        for nom, requete in VALUES.items():
            cursor.execute(requete)
            lues[nom] = [
                [int(cell) if isinstance(cell, float) or hasattr(cell, "normalize") else cell for cell in row]
                for row in cursor.fetchall()
            ]
        return lues


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", RELEASED)
def test_what_a_released_version_stored_comes_through_whole(ancienne, version):
    base = ancienne(version)

    dites = lire(base)
    assert dites == json.loads((VERSIONS / f"{version}.json").read_text())
    plan = MigrationExecutor(base).migration_plan(MigrationExecutor(base).loader.graph.leaf_nodes())
    assert plan == []
    for model in apps.get_models():  # each column of today is there
        if model._meta.managed and not model._meta.proxy:
            list(model._base_manager.using(base.alias).all()[:1])


@pytest.mark.django_db(transaction=True)
def test_the_last_step_goes_back_and_comes_again_while_others_read(ancienne):
    base = ancienne(RELEASED[-1])
    avant, fini, lues, fautes = lire(base), threading.Event(), [], []

    def lecteur():
        """Another connection, as another process has."""
        autre = ouverte(base.copy())
        try:
            while not fini.is_set():
                with autre.cursor() as cursor:
                    cursor.execute("SELECT COUNT(*) FROM evaluation_mesure")
                    lues.append(cursor.fetchone()[0])
        except Exception as error:  # noqa: BLE001 -- said below, in the thread of the test
            fautes.append(error)
        finally:
            autre.close()

    dernieres = {
        cle
        for app in OURS
        for cle in graph().leaf_nodes(app)
        if not graph().node_map[cle].children and graph().node_map[cle].parents
    }
    assert dernieres
    fil = threading.Thread(target=lecteur)
    fil.start()
    try:
        for app, nom in sorted(dernieres):
            parent = next(p.key[1] for p in graph().node_map[app, nom].parents if p.key[0] == app)
            call_command("migrate", app, parent, database=base.alias, verbosity=0)
            call_command("migrate", app, nom, database=base.alias, verbosity=0)
    finally:
        fini.set()
        fil.join()

    assert fautes == []
    assert set(lues) == {len(avant["values"])}
    assert lire(base) == avant
