"""The application as processes of their own, on a database that the test gives: to be killed."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

from django.conf import settings

PATIENCE = 60  # seconds: what has not come back by then never will
CSRF = "c" * 32


def url_de(connection) -> str:
    """Of a database, as DATABASE_URL says it."""
    reglages = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{reglages['NAME']}"
    mot_de_passe = f":{reglages['PASSWORD']}" if reglages["PASSWORD"] else ""
    hote, port = reglages["HOST"] or "127.0.0.1", reglages["PORT"] or 5432
    return f"postgres://{reglages['USER']}{mot_de_passe}@{hote}:{port}/{reglages['NAME']}"


def environnement(url: str, dossier: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.pannes.reglages",
        "DOSSIER_DES_PANNES": str(dossier),
        "PYTHONUNBUFFERED": "1",
    }


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


def attendre_que(condition) -> None:
    """However slow the machine is."""
    fin = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < fin, "it never came"
        time.sleep(0.05)


class Serveur:
    """gunicorn and its workers."""

    def __init__(self, url: str, dossier: Path, *, workers: int = 2):
        self.port = port_libre()
        commande = [sys.executable, "-m", "gunicorn", "ctg.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        commande += ["--workers", str(workers), "--log-level", "critical"]
        self.processus = subprocess.Popen(commande, env=environnement(url, dossier), cwd=settings.BASE_DIR)
        self.attendre()

    def attendre(self) -> None:
        """Until it answers."""
        fin = time.monotonic() + PATIENCE
        while time.monotonic() < fin:
            try:
                if self.demander("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError("the server did not come back")

    def demander(
        self, methode: str, adresse: str, donnees=None, session: str = "", entetes=()
    ) -> tuple[int, bytes]:
        """(status, body) of one request on a connection of its own. Raises OSError where nothing answers."""
        connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        entetes = {"Cookie": f"csrftoken={CSRF}; sessionid={session}", "X-CSRFToken": CSRF, **dict(entetes)}
        corps = None
        if donnees is not None:
            corps = urllib.parse.urlencode(donnees, doseq=True)
            entetes["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connexion.request(methode, adresse, corps, entetes)
            reponse = connexion.getresponse()
            return reponse.status, reponse.read()
        except http.client.HTTPException as error:
            raise ConnectionError(*error.args) from error
        finally:
            connexion.close()

    def ouvriers(self) -> list[int]:
        """The processes that answer, oldest first."""
        enfants = Path(f"/proc/{self.processus.pid}/task/{self.processus.pid}/children").read_text()
        return [int(pid) for pid in enfants.split()]

    def tuer_un_ouvrier(self) -> None:
        os.kill(self.ouvriers()[0], signal.SIGKILL)

    def arreter(self) -> None:
        self.processus.terminate()
        try:
            self.processus.wait(20)
        except subprocess.TimeoutExpired:
            self.processus.kill()
            self.processus.wait()
