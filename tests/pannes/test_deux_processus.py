"""Two application processes behind nginx, on one database and one folder: one is killed, nobody sees an error."""

import itertools
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from evaluation.models import EvenementParticipation
from tests.pannes.serveur import Serveur, port_libre, url_de

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="two machines share a server, not a file"),
    pytest.mark.skipif(NGINX is None, reason="no nginx on this machine"),
]
AJOUTER = "/dijon-2024/participation/ajouter/"
PAGES = ("/dijon-2024/", "/dijon-2024/fiches/PE-1/", "/healthz")
# The site as it is shipped, in an nginx that writes to the folder of the test only.
AUTOUR = """
daemon off; pid {dossier}/nginx.pid; error_log {dossier}/nginx.log;
events {{}}
http {{
    access_log {dossier}/acces.log combined;
    log_format servi '$upstream_addr $status';
    access_log {dossier}/servi.log servi;
    client_body_temp_path {dossier}/n1; proxy_temp_path {dossier}/n2;
    fastcgi_temp_path {dossier}/n3; uwsgi_temp_path {dossier}/n4; scgi_temp_path {dossier}/n5;
    {site}
}}
"""


class Devant(Serveur):
    """nginx, asked as one asks the application."""

    def __init__(self, dossier, ports):
        self.port = port_libre()
        site = (settings.BASE_DIR / "deploiement" / "nginx.conf").read_text()
        seul = re.search(r"server unix:\S+ (.*);", site)
        site = site.replace(seul[0], " ".join(f"server 127.0.0.1:{port} {seul[1]};" for port in ports))
        site = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", site, flags=re.DOTALL)
        site = re.sub(r".*ssl_.*\n", "", site).replace("listen 443 ssl", f"listen 127.0.0.1:{self.port}")
        assert "ssl" not in site
        self.journal = dossier / "servi.log"
        (dossier / "nginx.conf").write_text(AUTOUR.format(dossier=dossier, site=site))
        self.processus = subprocess.Popen(
            [NGINX, "-c", str(dossier / "nginx.conf")], stderr=subprocess.DEVNULL
        )
        self.attendre()

    def servis(self) -> Counter:
        """{port: requests answered}; a request that was given again counts for who answered."""
        lignes = self.journal.read_text().splitlines()
        return Counter(int(ligne.split()[-2].rpartition(":")[2]) for ligne in lignes)


@pytest.fixture
def deux(donnees_partagees, tmp_path):
    """Both processes, and nginx before them."""
    serveurs = [Serveur(url_de(connection), tmp_path, workers=1) for _ in range(2)]
    devant = Devant(tmp_path, [serveur.port for serveur in serveurs])
    yield devant, serveurs
    devant.arreter()
    for serveur in serveurs:
        serveur.arreter()


class Usagers:
    """People who read and write without a pause: what each was answered, and what they wrote."""

    def __init__(self, devant: Devant, session: str):
        self.devant, self.session = devant, session
        self.reponses, self.noms = Counter(), []
        self.numeros, self.fini = itertools.count(), threading.Event()
        gestes = (self.lire, self.lire, self.ecrire, self.ecrire)
        self.fils = [threading.Thread(target=self.sans_cesse, args=[geste]) for geste in gestes]
        for fil in self.fils:
            fil.start()

    def sans_cesse(self, geste):
        while not self.fini.is_set():
            geste()

    def lire(self):
        for page in PAGES:
            self.demander("GET", page)

    def ecrire(self):
        page, nom = self.demander("GET", AJOUTER), f"temps {next(self.numeros)}"
        envoi = re.search(rb'name="envoi" value="([^"]+)"', page)[1].decode()
        dit = {"intitule": nom, "niveau": "consultation", "date_debut": "2025-03-03", "is_gouvernance": "on"}
        self.demander("POST", AJOUTER, dit | {"envoi": envoi})
        self.noms.append(nom)

    def demander(self, *demande) -> bytes:
        try:
            statut, corps = self.devant.demander(*demande, session=self.session)
        except OSError:
            statut, corps = 0, b""
        self.reponses[statut] += 1
        return corps

    def partir(self):
        self.fini.set()
        for fil in self.fils:
            fil.join()


def test_one_is_killed_under_load_and_nobody_sees_an_error(deux, session_de):
    devant, (premier, second) = deux
    usagers = Usagers(devant, session_de("cooperation"))
    time.sleep(3)
    avant = devant.servis()
    for pid in (premier.processus.pid, *premier.ouvriers()):
        os.kill(pid, signal.SIGKILL)
    time.sleep(3)
    usagers.partir()

    assert set(usagers.reponses) == {200, 302}, usagers.reponses
    assert min(avant[premier.port], avant[second.port]) > 2  # they served in turn
    assert devant.servis()[second.port] > avant[second.port] + 2
    ecrits = EvenementParticipation.objects.filter(date_debut="2025-03-03").values_list("intitule", flat=True)
    assert sorted(ecrits) == sorted(usagers.noms)  # each once
