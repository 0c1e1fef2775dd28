"""The triggers are taken away before a migration, and put back after it."""

import pytest
from django.core.management import call_command
from django.db import connection

from ctg import declencheurs


def presents() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%campagne_close%'"
        )
        return cursor.fetchone()[0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone remakes tables")
def test_the_triggers_leave_before_a_migration_and_come_back(db):
    avant = presents()
    declencheurs.retirer()
    assert (avant > 0, presents()) == (True, 0)

    call_command("migrate", verbosity=0)

    assert presents() == avant
