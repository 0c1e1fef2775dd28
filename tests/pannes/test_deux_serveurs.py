"""Two application servers behind Debian's nginx, with the file that the installation gives: one is killed under load."""

import itertools
import os
import re
import shutil
import signal
import subprocess
import threading
import urllib.request
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from evaluation.models import EvenementParticipation
from tests.pannes.serveur import Serveur, attendre_que, port_libre, url_de

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="two servers share a PostgreSQL, not a file"
    ),
    pytest.mark.xdist_group("grappe"),
]
PAGES = ("/dijon-2024/", "/dijon-2024/fiches/PE-1/", "/dijon-2024/arbre/")
AJOUTER = "/dijon-2024/participation/ajouter/"


def configuration(port: int, ports: list[int], dossier) -> str:
    """That of the installation, without TLS, on ports of ours; it says which server answered."""
    texte = (settings.BASE_DIR / "deploiement" / "nginx.conf").read_text(encoding="utf-8")
    texte = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", texte, flags=re.DOTALL)
    texte = re.sub(r" *ssl_.*\n", "", texte).replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    serveurs = " ".join(f"server 127.0.0.1:{p} max_fails=1 fail_timeout=5s;" for p in ports)
    texte = re.sub(r"server unix:\S+ .*;", serveurs, texte)
    texte = texte.replace("/opt/ctg/actuelle", str(settings.BASE_DIR))
    texte = texte.replace(
        "proxy_pass http://ctg;", "proxy_pass http://ctg; add_header X-Serveur $upstream_addr always;"
    )
    dossiers = " ".join(
        f"{nom}_temp_path {dossier}/{nom};" for nom in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; master_process off; pid {dossier}/pid; error_log {dossier}/erreurs;\n"
        f"events {{}}\nhttp {{ access_log off; {dossiers}\n{texte}\n}}\n"
    )


@pytest.fixture
def nginx():
    if not shutil.which("nginx") and os.environ.get("CI"):
        subprocess.run([settings.BASE_DIR / ".ci" / "apt", "nginx"], check=False, capture_output=True)
    if (programme := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")) is None:
        pytest.skip("no nginx on this machine")
    return programme


class Frontal(Serveur):
    """nginx before the two."""

    def __init__(self, programme: str, serveurs: list[Serveur], dossier):
        self.port = port_libre()
        fichier = dossier / "nginx.conf"
        fichier.write_text(configuration(self.port, [s.port for s in serveurs], dossier), encoding="utf-8")
        self.processus = subprocess.Popen([programme, "-c", fichier, "-p", dossier])
        self.attendre()

    def qui_repond(self, adresse: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{adresse}", timeout=30) as reponse:
            return reponse.headers["X-Serveur"]


@pytest.fixture
def deux(serveur, nginx, tmp_path):
    """(nginx, the two servers), on the database and the files of the test."""
    autre = Serveur(url_de(connection), tmp_path)
    frontal = Frontal(nginx, [serveur, autre], tmp_path)
    yield frontal, [serveur, autre]
    frontal.arreter()
    autre.arreter()


def tuer(serveur: Serveur) -> None:
    """kill -9 of the server and of all its workers."""
    ouvriers = serveur.ouvriers()
    for pid in (serveur.processus.pid, *ouvriers):
        os.kill(pid, signal.SIGKILL)
    serveur.processus.wait()


class Charge:
    """Three who read and one who writes, until `arreter`."""

    def __init__(self, frontal: Frontal, session: str):
        self.frontal, self.session, self.fini = frontal, session, threading.Event()
        self.lus, self.statuts, self.ecrits, self.fautes = Counter(), Counter(), [], []
        travaux = (self.lire, self.lire, self.lire, self.ecrire)
        self.fils = [threading.Thread(target=self.surveiller, args=(travail,)) for travail in travaux]
        for fil in self.fils:
            fil.start()

    def lire(self) -> None:
        adresses = itertools.cycle(PAGES)
        while not self.fini.is_set():
            self.lus[self.frontal.demander("GET", next(adresses), session=self.session)[0]] += 1

    def ecrire(self) -> None:
        """As a browser does: the form, then what it sends with the mark of that form."""
        numeros = itertools.count()
        while not self.fini.is_set():
            nom = f"temps {next(numeros)}"
            _, page = self.frontal.demander("GET", AJOUTER, session=self.session)
            envoi = re.search(rb'name="envoi" value="([^"]+)"', page)[1].decode()
            donnees = {"envoi": envoi, "intitule": nom, "niveau": "consultation", "date_debut": "2025-03-03"}
            donnees["is_gouvernance"] = "on"
            statut, _ = self.frontal.demander("POST", AJOUTER, donnees, self.session)
            self.statuts[statut] += 1
            self.ecrits.append(nom)

    def surveiller(self, travail) -> None:
        try:
            travail()
        except Exception as error:  # noqa: BLE001 -- said in the thread of the test
            self.fautes.append(error)

    def arreter(self) -> None:
        self.fini.set()
        for fil in self.fils:
            fil.join()


def test_one_of_two_servers_is_killed_and_nobody_sees_it(deux, session_de):
    frontal, serveurs = deux
    charge = Charge(frontal, session_de("cooperation"))
    attendre_que(lambda: len(charge.ecrits) > 2 or charge.fautes)
    avant = len(charge.ecrits)
    tuer(serveurs[1])
    attendre_que(lambda: len(charge.ecrits) > avant + 5 or charge.fautes)
    charge.arreter()

    assert charge.fautes == []
    assert (set(charge.lus), set(charge.statuts)) == ({200}, {302})
    assert 0 < avant < len(charge.ecrits)
    # What was being sent to the one that died was given to the other, which took it once.
    presents = EvenementParticipation.objects.filter(date_debut="2025-03-03")
    assert sorted(presents.values_list("intitule", flat=True)) == sorted(charge.ecrits)


def test_both_servers_are_asked_and_what_one_writes_the_other_reads(deux, session_de):
    frontal, (premier, second) = deux
    session = session_de("cooperation")
    donnees = {"intitule": "Vu des deux", "niveau": "consultation", "date_debut": "2025-03-04"}
    donnees["is_gouvernance"] = "on"
    assert premier.demander("POST", AJOUTER, donnees, session)[0] == 302
    assert "Vu des deux" in second.demander("GET", "/dijon-2024/participation/", session=session)[1].decode()
    repondent = {frontal.qui_repond("/healthz") for _ in range(6)}
    assert repondent == {f"127.0.0.1:{s.port}" for s in (premier, second)}
