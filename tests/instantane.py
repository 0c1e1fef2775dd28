"""The whole test database as it was, put back in one go: for tests that write for good."""

import io
import sqlite3

from django.contrib.contenttypes.models import ContentType
from django.db import connection


def prendre():
    """What `remettre` takes: a copy of the database (SQLite), or the rows of each table (PostgreSQL)."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        copie = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(copie)
        return copie
    with connection.cursor() as cursor:
        return {table: _lire(cursor, table) for table in _tables(cursor)}


def remettre(instantane) -> None:
    """The caller is outside of any transaction, and no other connection is in one."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        instantane.backup(connection.connection)
    else:
        with connection.cursor() as cursor:
            tables = _tables(cursor)
            noms = ", ".join(connection.ops.quote_name(table) for table in tables)
            # As a replica would: neither triggers nor foreign keys, for rows that were all there together.
            cursor.execute(f"BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE {noms}")
            for table in tables:
                _ecrire(cursor, table, instantane[table])
            cursor.execute("COMMIT")
    ContentType.objects.clear_cache()


def _tables(cursor) -> list[str]:
    return [t.name for t in connection.introspection.get_table_list(cursor) if t.type == "t"]


def _lire(cursor, table: str) -> bytes:
    with cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT") as copie:
        return b"".join(bytes(morceau) for morceau in copie)


def _ecrire(cursor, table: str, lignes: bytes) -> None:
    with cursor.copy(f"COPY {connection.ops.quote_name(table)} FROM STDIN") as copie:
        for morceau in iter(io.BytesIO(lignes).read, b""):
            copie.write(morceau)
