"""PostgreSQL is stopped: a page in French within seconds, with what was typed; back by itself when it is started."""

import time

from tests.pannes.grappe import SESSION, SUR_POSTGRESQL
from tests.pannes.serveur import Serveur

pytestmark = SUR_POSTGRESQL
MODIFIER, ECRIT = "/dijon-2024/fiches/PE-1/modifier/", "Ce que j’écrivais quand la base s’est arrêtée."


def test_a_stopped_database_is_said_and_found_again(grappe, manage, tmp_path):
    session = manage("shell", "-v0", "-c", SESSION)
    serveur = Serveur(grappe.url, tmp_path)
    try:
        assert serveur.demander("GET", MODIFIER, session=session)[0] == 200
        grappe.arreter()
        debut = time.monotonic()
        pages = [serveur.demander("GET", MODIFIER, session=session) for _ in range(2)]
        origine = {"Origin": f"http://127.0.0.1:{serveur.port}"}
        envoyee = serveur.demander("POST", MODIFIER, {"constat": ECRIT}, session, origine)
        sante = serveur.demander("GET", "/healthz")
        duree = time.monotonic() - debut
        grappe.demarrer()
        serveur.attendre()
        revenue = serveur.demander("GET", MODIFIER, session=session)
    finally:
        serveur.arreter()

    for statut, page in (*pages, envoyee):
        assert statut == 503
        assert "La base de données ne répond pas" in page.decode()
        assert "Traceback" not in page.decode()
    assert ECRIT in envoyee[1].decode()
    assert sante == (503, "base : ne répond pas\nfichiers : ok\ntaches : ne répond pas\n".encode())
    assert duree < 60  # each waits five seconds for a connection at most
    assert revenue[0] == 200
