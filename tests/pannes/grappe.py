"""A PostgreSQL of the test's own, that writes to the disk as a real one does: to be killed."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from django.db import connection

from tests.pannes.serveur import port_libre

# Together, on the one cluster of their worker.
SUR_POSTGRESQL = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="a PostgreSQL is installed where the tests run on one"
    ),
    pytest.mark.xdist_group("grappe"),
]
# Done in a process of its own, on the cluster: the cookie of an account.
SESSION = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from ctg.models import Utilisateur
compte = Utilisateur.objects.get(email="cooperation@demo.invalid")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(compte.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = compte.get_session_auth_hash()
session.create()
print(session.session_key)
"""


class Grappe:
    def __init__(self):
        programmes = Path("/usr/lib/postgresql").glob("*/bin/initdb")
        self.bin = max(programmes, key=lambda p: int(p.parts[-3])).parent
        self.dossier, self.port = Path(tempfile.mkdtemp(prefix="grappe-")), port_libre()
        if os.getuid() == 0:  # it refuses to run as root
            shutil.chown(self.dossier, "postgres", "postgres")
        options = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self._lancer("initdb", "-D", str(self.dossier / "data"), *options)
        self.demarrer()

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def demarrer(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories=''"
        data, journal = str(self.dossier / "data"), str(self.dossier / "journal")
        self._lancer("pg_ctl", "-D", data, "-w", "-l", journal, "-o", options, "start")

    def arreter(self) -> None:
        """As for its own upgrade: connections are closed, nobody is waited for."""
        self._lancer("pg_ctl", "-D", str(self.dossier / "data"), "-w", "-m", "fast", "stop")

    def tuer(self) -> None:
        """kill -9 of all of it, as when the power goes."""
        maitre = int((self.dossier / "data" / "postmaster.pid").read_text().split()[0])
        enfants = Path(f"/proc/{maitre}/task/{maitre}/children").read_text().split()
        for pid in (maitre, *map(int, enfants)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        fin = time.monotonic() + 20
        while any(Path(f"/proc/{pid}").exists() for pid in enfants) and time.monotonic() < fin:
            time.sleep(0.05)

    def effacer(self) -> None:
        self._lancer("pg_ctl", "-D", str(self.dossier / "data"), "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.dossier, ignore_errors=True)

    def _lancer(self, programme: str, *arguments: str, check: bool = True) -> None:
        compte = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        qui = {"user": compte.pw_uid, "group": compte.pw_gid, "extra_groups": []} if compte else {}
        faite = subprocess.run(
            [str(self.bin / programme), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **qui,
        )
        assert not check or faite.returncode == 0, programme
