"""What docs/installation.md says to type is typed here, but what it marks as needing a whole machine."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands
from django.db import connection

from ctg.models import Convention
from tests.test_settings import ROOT, run

DOC = ROOT / "docs" / "installation.md"
DEPLOIEMENT = ROOT / "deploiement"
COMMANDES = [
    ligne
    for bloc in re.findall(r"```sh\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    for ligne in bloc.splitlines()
]
A_LANCER = [ligne for ligne in COMMANDES if "# not run here" not in ligne]
PRODUCTION = {
    "SECRET_KEY": "une-suite-longue-et-tiree-au-sort-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "ctg.example.fr",
    "TRUST_PROXY": "1",
}
EN_PROCESSUS = ("check", "sauvegarder", "restaurer")  # with settings of production; on the real base


def url_de_la_base() -> str:
    acces = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{acces['NAME']}"
    return f"postgres://{acces['USER']}:{acces['PASSWORD']}@{acces['HOST']}:{acces['PORT']}/{acces['NAME']}"


def lancer(*commande, **variables):
    env = {"PATH": "/usr/sbin:/usr/bin:/bin", "ENV_FILE": os.devnull, **PRODUCTION, **variables}
    return subprocess.run(commande, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_there_is_something_to_run():
    assert len(A_LANCER) > 12


@pytest.mark.parametrize(
    "ligne", dict.fromkeys(ligne for ligne in A_LANCER if shlex.split(ligne)[1] not in EN_PROCESSUS)
)
def test_what_one_types_works(ligne, db, settings, tmp_path):
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "fichiers", tmp_path / "static"
    programme, *arguments = shlex.split(ligne)
    if programme == "python3":
        faite = lancer(sys.executable, *arguments)
        assert len(faite.stdout.strip()) > 50
        return
    assert programme == "ctg-manage"
    call_command(*arguments, verbosity=0)


def test_backing_up_and_looking_at_the_backup(db, tmp_path):
    archive = tmp_path / "ctg.zip"
    for ligne in (ligne for ligne in A_LANCER if shlex.split(ligne)[1] in {"sauvegarder", "restaurer"}):
        _, *arguments = shlex.split(ligne.replace("/tmp/ctg.zip", str(archive)))
        faite = lancer(sys.executable, "manage.py", *arguments, DATABASE_URL=url_de_la_base())
        assert faite.returncode == 0, faite.stderr
    assert archive.stat().st_size > 10_000


def test_the_settings_of_the_example_are_those_of_production(tmp_path):
    exemple = (DEPLOIEMENT / "ctg.env.exemple").read_text(encoding="utf-8")
    env = tmp_path / "ctg.env"
    env.write_text(
        re.sub(
            r"DOSSIER_DONNEES=.*",
            f"DOSSIER_DONNEES={tmp_path}",
            exemple.replace("SECRET_KEY=", f"SECRET_KEY={PRODUCTION['SECRET_KEY']}"),
        )
    )
    [ligne] = [ligne for ligne in A_LANCER if shlex.split(ligne)[1] == "check"]
    _, *arguments = shlex.split(ligne)
    faite = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "ENV_FILE": str(env)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert faite.returncode == 0, faite.stderr
    code = "from ctg import settings as s; print(s.DEBUG, s.DEMO, s.HTTPS, s.MEDIA_ROOT, s.DATABASES['default']['ENGINE'])"
    dit = run(code, ENV_FILE=str(env)).stdout.split()
    assert dit == ["False", "False", "True", str(tmp_path / "fichiers"), "django.db.backends.postgresql"]


def commandes_des_unites():
    return [
        (unite.name, commande)
        for unite in sorted(DEPLOIEMENT.glob("*.service"))
        for commande in re.findall(r"^ExecStart=-?(.+)$", unite.read_text(encoding="utf-8"), re.MULTILINE)
    ] + [
        ("Procfile", ligne.partition(": ")[2])
        for ligne in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    ]


@pytest.mark.parametrize(("unite", "commande"), commandes_des_unites())
def test_units_run_what_there_is(unite, commande):
    programme, *arguments = shlex.split(commande)
    if programme.endswith("python") and arguments[0] == "manage.py":
        assert arguments[1] in get_commands()
    elif programme.endswith("python"):
        assert arguments[:3] == ["-m", "gunicorn", "ctg.wsgi"]
        options = [*arguments[1:], "--check-config"]
        faite = lancer(sys.executable, "-m", *options, PORT="8000")
        assert faite.returncode == 0, faite.stderr
    else:
        assert Path(programme.replace("/opt/ctg/actuelle", str(ROOT))).stat().st_mode & 0o111


def test_every_unit_has_its_place_in_the_guide():
    doc = DOC.read_text(encoding="utf-8")
    assert [u.stem for u in DEPLOIEMENT.glob("*.service") if f"| `{u.stem}` |" not in doc] == []
    timers = {timer.stem for timer in DEPLOIEMENT.glob("*.timer")}
    assert all(f"{timer}.timer" in doc for timer in timers)
    cites = set(re.findall(r"deploiement/([\w.-]+\w)", doc))
    assert [nom for nom in cites if not (DEPLOIEMENT / nom).exists()] == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_reads_the_units(tmp_path):
    unites = []
    for unite in [*DEPLOIEMENT.glob("*.service"), *DEPLOIEMENT.glob("*.timer")]:
        texte = unite.read_text(encoding="utf-8").replace("/opt/ctg/actuelle", str(ROOT))
        (tmp_path / unite.name).write_text(texte, encoding="utf-8")
        unites.append(str(tmp_path / unite.name))
    faite = subprocess.run(
        ["systemd-analyze", "verify", *unites], capture_output=True, text=True, check=False
    )
    assert (faite.returncode, [li for li in faite.stderr.splitlines() if str(tmp_path) in li]) == (0, [])


def test_the_script_of_the_backup_keeps_thirty_days(db, tmp_path):
    vieille = tmp_path / "ctg-20200101-023000.zip"
    vieille.touch()
    subprocess.run(["touch", "-d", "40 days ago", str(vieille)], check=True)
    faite = lancer(str(DEPLOIEMENT / "sauvegarder"), str(tmp_path), DATABASE_URL=url_de_la_base())
    assert faite.returncode == 0, faite.stderr
    [reste] = tmp_path.iterdir()
    assert reste.stat().st_size > 10_000
    assert Convention.objects.exists()


def test_the_page_of_a_stopped_server_asks_for_nothing():
    page = (DEPLOIEMENT / "hors-service.html").read_text(encoding="utf-8")
    assert 'lang="fr"' in page
    assert "rechargez cette page" in page
    assert not re.search(r"(src|href)=", page)
