"""Settings: safe when nothing is set, and SQLite as it must be to lose nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parent.parent
SECRET = "0123456789abcdef" * 4


def run(code, **variables):
    env = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, **variables}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_without_a_secret_nothing_starts():
    result = run("import ctg.settings")

    assert result.returncode != 0
    assert "SECRET_KEY manque" in result.stderr


@pytest.mark.parametrize(
    ("variables", "dit"),
    [
        ({"SECRET_KEY": "changez-moi"}, "SECRET_KEY est trop courte"),
        ({"SECRET_KEY": SECRET[:49]}, "SECRET_KEY est trop courte"),
        ({"SECRET_KEY": "ab" * 40}, "trop simple"),
        ({"SECRET_KEY": f"django-insecure-{SECRET}"}, "trop simple"),
        ({"SECRET_KEY": SECRET, "ALLOWED_HOSTS": "ctg.exemple.fr, *"}, "ALLOWED_HOSTS vaut « * »"),
        ({"DEBUG": "1", "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS vaut « * »"),
        ({"DEBUG": "1", "ALLOWED_HOSTS": "localhost,ctg.exemple.fr"}, "servir « ctg.exemple.fr »"),
        ({"DEBUG": "1", "SECRET_KEY": SECRET, "ALLOWED_HOSTS": ".exemple.fr"}, "DEBUG=0"),
    ],
)
def test_what_would_expose_an_installation_does_not_start(variables, dit):
    result = run("import ctg.settings", **variables)

    assert result.returncode != 0
    assert dit in result.stderr


@pytest.mark.parametrize(
    "variables", [{"SECRET_KEY": SECRET[:50]}, {"DEBUG": "1"}, {"DEBUG": "1", "ALLOWED_HOSTS": "[::1]"}]
)
def test_what_exposes_nothing_starts(variables):
    assert run("import ctg.settings", **variables).returncode == 0


def test_nothing_to_say_of_the_settings_that_are_shipped(tmp_path):
    """`.env.example`, with a secret of one's own."""
    fichier = tmp_path / "env"
    exemple = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert "\nSECRET_KEY=\n" in exemple
    fichier.write_text(
        exemple.replace("\nSECRET_KEY=\n", f"\nSECRET_KEY={SECRET}\n").replace("ENV_FILE=.env\n", "")
    )
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'ctg.settings'\n"
        "from django.core.management import execute_from_command_line as dire\n"
        "dire(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])"
    )

    result = run(code, ENV_FILE=str(fichier), DATABASE_URL="sqlite://:memory:")

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout.lower() + result.stderr.lower()


def test_what_is_set_to_nothing_else_is_safe():
    code = (
        "from ctg import settings as s;"
        "print(s.DEBUG, s.DEMO, s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)"
    )

    assert run(code, SECRET_KEY=SECRET).stdout.strip() == "False False [] True True True 31536000"


@pytest.mark.parametrize(("variable", "valeur"), [("DEBUG", "peut-être"), ("HSTS_SECONDS", "un an")])
def test_an_unreadable_variable_is_refused(variable, valeur):
    result = run("import ctg.settings", SECRET_KEY=SECRET, **{variable: valeur})

    assert result.returncode != 0
    assert f"{variable} vaut « {valeur} »" in result.stderr


def test_the_environment_wins_over_the_file(tmp_path):
    fichier = tmp_path / "env"
    fichier.write_text(f"# commentaire\nSECRET_KEY=du-fichier-{SECRET}\nLOG_LEVEL=ERROR\n")
    code = "from ctg import settings as s; print(s.SECRET_KEY, s.LOGGING['root']['level'])"

    assert run(code, ENV_FILE=str(fichier), LOG_LEVEL="INFO").stdout.strip() == f"du-fichier-{SECRET} INFO"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")
def test_sqlite_keeps_what_it_acknowledged_and_makes_writers_wait(tmp_path):
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'ctg.settings'\n"
        "import django; django.setup()\n"
        "from django.db import connection as c\n"
        "q = lambda p: c.cursor().execute(f'PRAGMA {p}').fetchone()[0]\n"
        "print(q('journal_mode'), q('synchronous'), q('foreign_keys'), c.transaction_mode)"
    )

    result = run(code, SECRET_KEY=SECRET, DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")

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

    assert run(code, SECRET_KEY=SECRET, CARTE_FOND=fond).stdout.strip() == images


def test_a_background_that_is_not_known_is_refused():
    result = run("import ctg.settings", SECRET_KEY=SECRET, CARTE_FOND="google")

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
