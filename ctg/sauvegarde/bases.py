"""A database as it was at one moment, while others write; and given back, whole or not at all."""

import os
import shutil
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from ctg.sauvegarde.archive import ABIMEE, SauvegardeError

Lire = Callable[[str], list[tuple]]


@dataclass(frozen=True, slots=True)
class Instantane:
    """`lire`: rows of a query on the very moment that `fichier` holds."""

    fichier: Path
    lire: Lire


class Base(ABC):
    entree: str  # name in the archive

    def __init__(self, connection):
        self.connection = connection

    @abstractmethod
    @contextmanager
    def figer(self, dossier: Path) -> Iterator[Instantane]:
        """The database of now, written into `dossier`."""

    @abstractmethod
    def remettre(self, fichier: Path) -> None:
        """Into an empty database; raises SauvegardeError, and the database is as empty as before."""

    @property
    def dossier_de_travail(self) -> Path | None:
        """Where to put the file that `remettre` takes; None: anywhere."""
        return None

    def est_vide(self) -> bool:
        return not self.tables()

    def tables(self) -> list[str]:
        with self.connection.cursor() as cursor:
            trouvees = self.connection.introspection.get_table_list(cursor)
        return sorted(table.name for table in trouvees if table.type in {"t", "p"})

    def lire(self, requete: str) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(requete)
            return cursor.fetchall()


class Sqlite(Base):
    entree = "base.sqlite3"

    @contextmanager
    def figer(self, dossier: Path) -> Iterator[Instantane]:
        """By the backup interface: a copy of the file while it is written to may not open again."""
        fichier = dossier / self.entree
        self.connection.ensure_connection()
        with closing(sqlite3.connect(fichier)) as copie:
            self.connection.connection.backup(copie)
            copie.execute("PRAGMA journal_mode=DELETE")  # one file, whatever opens it
            yield Instantane(fichier, lambda requete: copie.execute(requete).fetchall())

    @property
    def dossier_de_travail(self) -> Path:
        return Path(self.connection.settings_dict["NAME"]).parent

    def remettre(self, fichier: Path) -> None:
        cible = Path(self.connection.settings_dict["NAME"])
        with closing(sqlite3.connect(fichier)) as copie:
            copie.execute("PRAGMA ignore_check_constraints = ON")  # some call functions that Django adds
            if copie.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise SauvegardeError(ABIMEE)
        self.connection.close()
        for suite in ("-wal", "-shm"):
            Path(f"{cible}{suite}").unlink(missing_ok=True)
        fichier.replace(cible)


class Postgresql(Base):
    entree = "base.dump"

    @contextmanager
    def figer(self, dossier: Path) -> Iterator[Instantane]:
        """By pg_dump, on the snapshot that this transaction holds open: what else is read is of the same moment."""
        fichier = dossier / self.entree
        with transaction.atomic(using=self.connection.alias, durable=True):
            with self.connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                [instantane] = cursor.fetchone()
            self._executer(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={instantane}",
                f"--file={fichier}",
            )
            yield Instantane(fichier, self.lire)

    def remettre(self, fichier: Path) -> None:
        self.connection.close()
        self._executer(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={self.connection.settings_dict['NAME']}",
            str(fichier),
        )

    def _executer(self, programme: str, *arguments: str) -> None:
        chemin = _trouver(programme)
        acces = self.connection.settings_dict
        env = os.environ | {
            nom: str(acces[cle])
            for nom, cle in (
                ("PGHOST", "HOST"),
                ("PGPORT", "PORT"),
                ("PGUSER", "USER"),
                ("PGPASSWORD", "PASSWORD"),
                ("PGDATABASE", "NAME"),
            )
            if acces.get(cle)
        }
        faite = subprocess.run(  # noqa: S603 – a programme of the system, without a shell
            [chemin, *arguments], env=env, capture_output=True, text=True, check=False
        )
        if faite.returncode:
            dit = faite.stderr.strip().splitlines()
            raise SauvegardeError(f"{programme} n’a pas réussi : {dit[0] if dit else 'sans rien dire'}")


def _trouver(programme: str) -> str:
    """Debian keeps the programs of each version apart; the newest reads all the servers before it."""
    dossiers = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True
    )
    chemins = os.pathsep.join([*map(str, dossiers), os.environ.get("PATH", "")])
    if (chemin := shutil.which(programme, path=chemins)) is None:
        raise SauvegardeError(
            f"{programme} manque : installez le paquet postgresql-client, puis recommencez."
        )
    return chemin


BASES = {"sqlite": Sqlite, "postgresql": Postgresql}


def base_de(connection) -> Base:
    return BASES[connection.vendor](connection)
