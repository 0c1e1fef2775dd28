"""Database triggers that each app declares (`register`, in its `declencheurs.py`): the floor under every door.

Installed after every `migrate`, since SQLite drops the triggers of a table that a migration remakes; taken off before,
since it refuses to remake a table that the trigger of another one reads. The services say the same in words before.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections, transaction

DIFFERE = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


@dataclass(frozen=True, slots=True)
class Declencheur:
    """Refuses with `message` what `evenement` does to a row of `table` where `quand` holds."""

    table: str
    evenement: str
    quand: str
    message: str

    @property
    def nom(self) -> str:
        return f"{self.table}_{self.message}_{self.evenement.lower()}"


_fournisseurs: list[tuple[str, Callable[[str], Iterator[Declencheur]]]] = []


def register(fournir: Callable[[str], Iterator[Declencheur]], *, temoin: str) -> None:
    """`fournir(vendor)`: the triggers of an app; `temoin`: the table without which its other tables are not there yet."""
    _fournisseurs.append((temoin, fournir))


def _sqlite(d: Declencheur) -> list[str]:
    return [
        *_retirer_sqlite(d),
        (
            f"CREATE TRIGGER {d.nom} BEFORE {d.evenement} ON {d.table} WHEN {d.quand} "
            f"BEGIN SELECT RAISE(ABORT, '{d.message}'); END"
        ),
    ]


def _retirer_sqlite(d: Declencheur) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {d.nom}"]


def _postgresql(d: Declencheur) -> list[str]:
    rend = "OLD" if d.evenement == "DELETE" else "NEW"
    return [
        (
            f"CREATE OR REPLACE FUNCTION {d.nom}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {d.quand} THEN RAISE EXCEPTION '{d.message}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {rend}; END $$"
        ),
        *_retirer_postgresql(d),
        f"CREATE TRIGGER {d.nom} BEFORE {d.evenement} ON {d.table} FOR EACH ROW EXECUTE FUNCTION {d.nom}()",
    ]


def _retirer_postgresql(d: Declencheur) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {d.nom} ON {d.table}"]


INSTALLER = {"sqlite": _sqlite, "postgresql": _postgresql}
RETIRER = {"sqlite": _retirer_sqlite, "postgresql": _retirer_postgresql}


def installer(using: str = DEFAULT_DB_ALIAS, **kwargs) -> None:
    """Idempotent. Does nothing for the tables that are not there yet."""
    _executer(INSTALLER, using)


def retirer(using: str = DEFAULT_DB_ALIAS) -> None:
    """Takes the floor away, to empty a database: tests, and a restore into the same one."""
    _executer(RETIRER, using)


def avant_migration(using: str = DEFAULT_DB_ALIAS, **kwargs) -> None:
    """On SQLite. A migration that fails leaves them off until the next that succeeds."""
    if connections[using].vendor == "sqlite":
        retirer(using)


@contextmanager
def leves() -> Iterator[None]:
    """Without the triggers, in one transaction: for taking a name out of texts that nothing else changes."""
    with transaction.atomic():
        retirer()
        yield
        installer()


def _executer(ecrire: dict, using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        presentes = set(connection.introspection.table_names(cursor))
        for temoin, fournir in _fournisseurs:
            if temoin not in presentes:
                continue
            for declencheur in fournir(connection.vendor):
                if declencheur.table in presentes:
                    for instruction in ecrire[connection.vendor](declencheur):
                        cursor.execute(instruction)
