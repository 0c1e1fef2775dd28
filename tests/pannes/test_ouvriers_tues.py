"""kill -9 of web workers while people write: what was acknowledged is there, whole; the rest is not there at all."""

import itertools
import threading

import pytest

from ctg.models import Quartier
from evaluation.models import EvenementParticipation
from fiches.models import FicheProjet
from tests.pannes.serveur import attendre_que

AJOUTER = "/dijon-2024/participation/ajouter/"
ECRIVAINS, MORTS = 4, 4


@pytest.fixture
def ecrire(serveur, session_de):
    """ecrire(name) asks for one event with two fiches and two quartiers; true once the server said that it is saved."""
    session = session_de("cooperation")
    fiches = list(
        FicheProjet.objects.filter(code__in=["PE-1", "ENF-1"], date_fin=None).values_list("pk", flat=True)
    )
    quartiers = list(Quartier.objects.filter(decoupage__is_reference=True).values_list("pk", flat=True)[:2])

    def demander(nom):
        donnees = {
            "intitule": nom,
            "niveau": "consultation",
            "date_debut": "2025-03-01",
            "fiches": fiches,
            "quartiers": quartiers,
            "publics": ["parents"],
        }
        try:
            statut, _ = serveur.demander("POST", AJOUTER, donnees, session)
        except OSError:  # killed under the request
            return False
        assert statut < 500, statut
        return statut == 302

    return demander


def test_what_was_acknowledged_is_there_and_whole(serveur, ecrire):
    assert ecrire("premier"), "nothing can be written: this test would say nothing"
    numeros, fini, reconnus, fautes = itertools.count(), threading.Event(), ["premier"], []

    def ecrivain():
        try:
            while not fini.is_set():
                nom = f"temps {next(numeros)}"
                if ecrire(nom):
                    reconnus.append(nom)
        except AssertionError as faute:
            fautes.append(faute)

    fils = [threading.Thread(target=ecrivain) for _ in range(ECRIVAINS)]
    for fil in fils:
        fil.start()
    morts = []
    for _ in range(MORTS):
        avant = len(reconnus)
        attendre_que(lambda avant=avant: len(reconnus) > avant + 1 or fautes)
        morts.append(serveur.ouvriers()[0])
        serveur.tuer_un_ouvrier()
    attendre_que(lambda: len(reconnus) > 2 * MORTS or fautes)
    fini.set()
    for fil in fils:
        fil.join()
    serveur.attendre()

    assert fautes == []
    assert len(reconnus) > MORTS
    assert len(set(morts)) == MORTS
    assert set(serveur.ouvriers()).isdisjoint(morts)
    ecrits = EvenementParticipation.objects.filter(date_debut="2025-03-01")
    noms = list(ecrits.values_list("intitule", flat=True))
    assert set(reconnus) <= set(noms)
    assert len(set(noms)) == len(noms)  # nothing twice
    for evenement in ecrits:
        assert (evenement.fiches.count(), evenement.quartiers.count()) == (2, 2)
        assert evenement.historique.count() >= 1
    assert ecrire("dernier")
