"""kill -9 of the database server: what was acknowledged is there when it comes back, and the service with it."""

import itertools
import threading

from tests.pannes.grappe import SESSION, SUR_POSTGRESQL
from tests.pannes.serveur import Serveur, attendre_que

pytestmark = SUR_POSTGRESQL
# Done in a process of its own, on the cluster: what was written.
ECRITS = """
from evaluation.models import EvenementParticipation
for evenement in EvenementParticipation.objects.filter(date_debut="2025-03-02"):
    print(evenement.intitule, evenement.fiches.count(), sep="|")
"""
FICHE = "from fiches.models import FicheProjet; print(FicheProjet.objects.get(code='PE-1', date_fin=None).pk)"


def test_what_was_acknowledged_survives_and_the_service_comes_back(grappe, manage, tmp_path):
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
        attendre_que(lambda: len(reconnus) > 2)
        avant = len(reconnus)
        grappe.tuer()
        grappe.demarrer()
        serveur.attendre()
        pendant = len(reconnus)
        attendre_que(lambda: len(reconnus) > pendant + 2)
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
