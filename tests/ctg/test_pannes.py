"""What does not answer is said in French, loses nothing, and is found again by itself."""

import datetime
import io
import socket
import sqlite3
import subprocess

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image

from ctg.enums import Role
from ctg.invitations import inviter as inviter_quelqu_un
from ctg.models import Personne
from ctg.pannes import Panne, panne_de
from ctg.sante import ATTENTE
from ctg.tasks import inviter
from tests.evaluation.outils import travailler
from tests.navigation import formulaire

MODIFIER = "/dijon-2024/fiches/PE-1/modifier/"
ECRIT = "Le constat de ce matin, que personne d’autre n’a écrit."


@pytest.fixture(autouse=True)
def _fichiers(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "fichiers"


@pytest.fixture
def client_de(client_de):
    def login(nom):
        client = client_de(nom)
        client.raise_request_exception = False
        return client

    return login


@pytest.fixture
def disque_plein(settings, tmp_path):
    """The folder of the files is on a disk of a few kilobytes; `liberer()` gives some room back."""
    dossier = tmp_path / "disque"
    dossier.mkdir()
    monte = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dossier], capture_output=True, check=False
    )
    if monte.returncode:
        pytest.skip("this account may not mount a small disk")
    settings.MEDIA_ROOT = dossier
    with (dossier / "plein").open("wb") as plein, pytest.raises(OSError, match="No space left"):
        plein.write(bytes(1 << 20))
    yield (dossier / "plein").unlink
    subprocess.run(["umount", dossier], check=True)


def envoyer(client):
    form = {"constat": ECRIT, "csrfmiddlewaretoken": "x"}
    return client.post(MODIFIER, form, headers={"Origin": "http://testserver"})


def ne_repond_pas(*args, **kwargs):
    raise OperationalError("unable to open database file")


def test_what_was_typed_is_given_back_when_the_database_is_gone(client_de, monkeypatch):
    client = client_de("cooperation")
    monkeypatch.setattr("ctg.views.brouillons.brouillons.est_recu", ne_repond_pas)
    reponse = envoyer(client)
    page = reponse.content.decode()
    assert (reponse.status_code, reponse["Retry-After"]) == (503, "30")
    for dit in (
        "La base de données ne répond pas",
        "n’est peut-être pas enregistré",
        ECRIT,
        "puis recommencez",
    ):
        assert dit in page
    assert "Traceback" not in page
    assert "cooperation" not in page
    monkeypatch.undo()
    assert client.get(MODIFIER).status_code == 200


def test_another_site_is_given_nothing_back(client_de, monkeypatch):
    client = client_de("cooperation")
    monkeypatch.setattr("ctg.views.brouillons.brouillons.est_recu", ne_repond_pas)
    reponse = client.post(MODIFIER, {"constat": ECRIT}, headers={"Origin": "http://ailleurs.invalid"})
    assert reponse.status_code == 503
    assert ECRIT not in reponse.content.decode()


def test_sqlite_says_so_when_it_is_full():
    base = sqlite3.connect(":memory:")
    base.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as pleine:
        base.execute("CREATE TABLE t AS SELECT zeroblob(100000) AS z")
    erreur = OperationalError(str(pleine.value))
    erreur.__cause__ = pleine.value
    assert panne_de(erreur) is Panne.BASE


def test_a_script_is_told_in_json(client_de, monkeypatch):
    client = client_de("cooperation")
    monkeypatch.setattr("ctg.views.brouillons.brouillons.lire", ne_repond_pas)
    reponse = client.get(MODIFIER, headers={"X-Requested-With": "fetch"})
    assert (reponse.status_code, reponse.json()["erreur"][:28]) == (503, "La base de données ne répond")


def test_a_fault_of_ours_is_not_called_an_outage(client_de, monkeypatch):
    def se_tromper(*args, **kwargs):
        raise OperationalError("no such column: fiche.constatt")

    client = client_de("cooperation")
    monkeypatch.setattr("ctg.views.brouillons.brouillons.lire", se_tromper)
    assert client.get(MODIFIER).status_code == 500


@pytest.mark.parametrize(
    ("erreur", "attendue"),
    [
        (OSError(28, "No space left on device"), Panne.DISQUE),
        (ConnectionRefusedError(111, "refused"), Panne.COURRIEL),
        (FileNotFoundError(2, "absent"), None),
        (ValueError("x"), None),
        (None, None),
    ],
)
def test_which_outage_it_is(erreur, attendue):
    assert panne_de(erreur) is attendue


def test_health_is_green(client, db):
    reponse = client.get("/healthz?taches")
    assert reponse.status_code == 200
    assert reponse.content.decode() == "base : ok\nfichiers : ok\ntaches : ok\n"
    assert default_storage.listdir("sante") == ([], [])


def test_health_is_red_without_a_database(client, db, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("ctg.sante.connection.cursor", ne_repond_pas)
        reponse = client.get("/healthz")
    assert reponse.status_code == 503
    assert "base : ne répond pas" in reponse.content.decode()


def test_a_full_disk_is_red_keeps_no_half_file_and_is_found_again(client, db, disque_plein):
    reponse = client.get("/healthz")
    assert reponse.status_code == 503
    assert "base : ok\nfichiers : ne répond pas" in reponse.content.decode()
    disque_plein()
    assert client.get("/healthz").status_code == 200
    assert default_storage.listdir("sante") == ([], [])


def test_a_logo_that_the_disk_does_not_take_is_said_and_changes_nothing(client_de, dijon, disque_plein):
    client, url = client_de("cooperation"), "/dijon-2024/parametres/"
    client.raise_request_exception = False
    image = io.BytesIO()
    Image.new("RGB", (90, 90)).save(image, "PNG")
    form = formulaire(client.get(url)) | {"logo": SimpleUploadedFile("l.png", image.getvalue(), "image/png")}
    reponse = client.post(url, form)
    assert reponse.status_code == 503
    assert "Le disque du serveur ne prend plus rien" in reponse.content.decode()
    dijon.refresh_from_db()
    assert not dijon.logo
    disque_plein()
    form["logo"].seek(0)
    assert client.post(url, form).status_code == 302
    dijon.refresh_from_db()
    assert default_storage.open(dijon.logo.name).read() == image.getvalue()


@pytest.fixture
def messagerie_arretee(settings):
    """Nobody listens where mails go."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))  # bound, never listening: refused
        settings.EMAIL_HOST, settings.EMAIL_PORT = prise.getsockname()
        yield


def test_an_invitation_waits_for_the_mail_server_and_leaves_once(
    dijon, compte, messagerie_arretee, settings, mailoutbox, django_capture_on_commit_callbacks
):
    zoe = Personne.objects.create(convention=dijon, nom="Martin", prenom="Zoé")
    with django_capture_on_commit_callbacks(execute=True):
        mandat = inviter_quelqu_un(
            par=compte("cooperation"),
            personne=zoe,
            email="zoe@exemple.fr",
            site="http://ctg",
            role=Role.LECTEUR,
        )
    travailler()
    assert mandat.utilisateur.mandats.count() == 1
    assert mailoutbox == []
    [attendue] = DBTaskResult.objects.filter(status="READY")
    assert timezone.now() < attendue.run_after < timezone.now() + datetime.timedelta(minutes=2)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    DBTaskResult.objects.filter(pk=attendue.pk).update(run_after=timezone.now())
    travailler()
    travailler()
    [courriel] = mailoutbox
    assert courriel.to == ["zoe@exemple.fr"]
    assert "http://ctg/compte/invitation/" in courriel.body
    assert not DBTaskResult.objects.filter(status="READY").exists()


def test_a_code_that_cannot_leave_is_said(client, db, messagerie_arretee):
    client.raise_request_exception = False
    reponse = client.post("/compte/code/", {"email": "copil@demo.invalid"})
    assert reponse.status_code == 503
    page = reponse.content.decode()
    assert "<h1>Le message n’est pas parti</h1>" in page
    assert "Le serveur de messagerie ne répond pas" in page


def test_health_says_that_nobody_does_the_tasks(client, db, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    inviter.enqueue(1, 1, 1, "", "http://testserver")
    assert client.get("/healthz?taches").status_code == 200
    DBTaskResult.objects.update(enqueued_at=timezone.now() - 2 * ATTENTE)
    assert client.get("/healthz").status_code == 200
    reponse = client.get("/healthz?taches")
    assert reponse.status_code == 503
    assert "taches : ne répond pas" in reponse.content.decode()
