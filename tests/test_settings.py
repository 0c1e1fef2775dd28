"""Settings: safe when nothing is set, and SQLite as it must be to lose nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parent.parent


def run(code, **variables):
    env = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, **variables}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_without_a_secret_nothing_starts():
    result = run("import ctg.settings")

    assert result.returncode != 0
    assert "SECRET_KEY manque" in result.stderr


def test_what_is_set_to_nothing_else_is_safe():
    code = (
        "from ctg import settings as s;"
        "print(s.DEBUG, s.DEMO, s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)"
    )

    assert run(code, SECRET_KEY="x").stdout.strip() == "False False [] True True True 31536000"


@pytest.mark.parametrize(("variable", "valeur"), [("DEBUG", "peut-être"), ("HSTS_SECONDS", "un an")])
def test_an_unreadable_variable_is_refused(variable, valeur):
    result = run("import ctg.settings", SECRET_KEY="x", **{variable: valeur})

    assert result.returncode != 0
    assert f"{variable} vaut « {valeur} »" in result.stderr


def test_the_environment_wins_over_the_file(tmp_path):
    fichier = tmp_path / "env"
    fichier.write_text("# commentaire\nSECRET_KEY=du-fichier\nLOG_LEVEL=ERROR\n")
    code = "from ctg import settings as s; print(s.SECRET_KEY, s.LOGGING['root']['level'])"

    assert run(code, ENV_FILE=str(fichier), LOG_LEVEL="INFO").stdout.strip() == "du-fichier INFO"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")
def test_sqlite_keeps_what_it_acknowledged_and_makes_writers_wait(tmp_path):
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'ctg.settings'\n"
        "import django; django.setup()\n"
        "from django.db import connection as c\n"
        "q = lambda p: c.cursor().execute(f'PRAGMA {p}').fetchone()[0]\n"
        "print(q('journal_mode'), q('synchronous'), q('foreign_keys'), c.transaction_mode)"
    )

    result = run(code, SECRET_KEY="x", DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")

    assert result.stdout.split() == ["wal", "2", "1", "IMMEDIATE"], result.stderr


@pytest.mark.parametrize(
    ("fond", "images"),
    [
        ("", "'self' data:"),
        ("ign", "'self' data: https://data.geopf.fr"),
        ("osm", "'self' data: https://tile.openstreetmap.org"),
    ],
)
def test_pages_take_images_of_the_map_s_background_only_where_one_is_chosen(fond, images):
    code = "from ctg import settings as s; print(*s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"

    assert run(code, SECRET_KEY="x", CARTE_FOND=fond).stdout.strip() == images


def test_a_background_that_is_not_known_is_refused():
    result = run("import ctg.settings", SECRET_KEY="x", CARTE_FOND="google")

    assert result.returncode != 0
    assert "CARTE_FOND vaut « google » : écrire ign ou osm" in result.stderr


def test_pages_forbid_what_is_not_ours(client, db):
    response = client.get("/compte/connexion/")

    politique = response["Content-Security-Policy"]
    assert "default-src 'self'" in politique
    assert "object-src 'none'" in politique
    assert "unsafe-inline" not in politique
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
