"""A backup is of one moment, holds everything, and comes back into an empty place or not at all."""

import io
import json
import threading
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from ctg.models import Convention, Territoire
from ctg.sauvegarde import archive, services
from ctg.sauvegarde.archive import MANIFESTE, SauvegardeError
from ctg.sauvegarde.services import restaurer, sauvegarder
from tests.ctg.conftest import ouverte

pytestmark = pytest.mark.usefixtures("donnees_partagees")


@pytest.fixture
def storage(tmp_path):
    return FileSystemStorage(tmp_path / "fichiers")


@pytest.fixture(autouse=True)
def _courriels(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "courriels"


@pytest.fixture
def avec_logo(storage):
    """Dijon, whose logo is the file « logos/a.png »."""
    storage.save("logos/a.png", ContentFile(b"un logo"))
    convention = Convention.objects.get(slug="dijon-2024")
    convention.logo = "logos/a.png"
    convention.save()
    return convention


def contenu(conn, model) -> list[tuple]:
    with conn.cursor() as cursor:
        colonnes = ", ".join(conn.ops.quote_name(champ.column) for champ in model._meta.concrete_fields)
        cursor.execute(
            f"SELECT {colonnes} FROM {conn.ops.quote_name(model._meta.db_table)} ORDER BY {model._meta.pk.column}"
        )
        return cursor.fetchall()


def modeles():
    return [m for m in apps.get_models(include_auto_created=True) if not m._meta.proxy and m._meta.managed]


def test_everything_comes_back(avec_logo, storage, tmp_path, ailleurs):
    courriels = Path(settings.EMAIL_FILE_PATH)
    courriels.mkdir()
    (courriels / "un.log").write_text("Un message")
    sauvegarder(tmp_path / "s.zip", storage=storage)
    (courriels / "un.log").unlink()
    autre, la_bas = ailleurs(), FileSystemStorage(tmp_path / "la-bas")

    restaurer(tmp_path / "s.zip", connection=autre, storage=la_bas)

    for model in modeles():
        if model._meta.label != "contenttypes.ContentType":
            assert contenu(autre, model) == contenu(connection, model), model
    assert la_bas.open("logos/a.png").read() == b"un logo"
    assert (courriels / "un.log").read_text() == "Un message"
    assert (tmp_path / "s.zip").stat().st_mode & 0o077 == 0


def test_it_is_of_one_moment_while_others_write(storage, tmp_path, ailleurs):
    """A writer puts a file, then two rows that name it, in one transaction, again and again."""
    sauvegarder(tmp_path / "depart.zip", storage=storage)
    base = ailleurs()
    restaurer(tmp_path / "depart.zip", connection=base, storage=storage)
    ecrits, fini = [], threading.Event()

    def ecrire():
        ici = ouverte(connections[base.alias])
        while not fini.is_set():
            nom = f"logos/{len(ecrits)}.png"
            storage.save(nom, ContentFile(nom.encode()))
            with transaction.atomic(using=ici.alias):
                Convention.objects.using(ici.alias).filter(slug="dijon-2024").update(logo=nom)
                Territoire.objects.using(ici.alias).update(nom=nom)
            ecrits.append(nom)
        ici.close()

    ecrivain = threading.Thread(target=ecrire)
    ecrivain.start()
    try:
        for tour in range(3):
            sauvegarder(tmp_path / f"{tour}.zip", connection=base, storage=storage)
    finally:
        fini.set()
        ecrivain.join()
    base.close()

    vus = set()
    for tour in range(3):
        autre, la_bas = ailleurs(), FileSystemStorage(tmp_path / f"la-bas-{tour}")
        assert restaurer(tmp_path / f"{tour}.zip", connection=autre, storage=la_bas).absents == []
        logo = Convention.objects.using(autre.alias).get(slug="dijon-2024").logo.name
        assert {t.nom for t in Territoire.objects.using(autre.alias)} <= {logo} or not logo
        assert not logo or la_bas.open(logo).read() == logo.encode()
        vus.add(logo)
    assert len(vus) > 1, "nothing was written meanwhile: this test said nothing"
    assert set(ecrits) > vus - {""}


def test_no_model_and_no_folder_is_left_out(storage, tmp_path):
    manifeste = sauvegarder(tmp_path / "s.zip", storage=storage)

    assert {model._meta.db_table for model in modeles()} <= set(manifeste.lignes)
    var = settings.BASE_DIR / "var"
    dossiers = {
        nom
        for nom in dir(settings)
        if nom.isupper()
        and isinstance(valeur := getattr(settings._wrapped, nom, None), Path)
        and var in valeur.parents
    }
    assert dossiers <= {"MEDIA_ROOT", "EMAIL_FILE_PATH"}, (
        "a folder that holds data is saved, or said not to be"
    )


def abimer_octet(path):
    octets = bytearray(path.read_bytes())
    octets[len(octets) // 2] ^= 0xFF
    path.write_bytes(octets)


def tronquer(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def vider(path):
    path.write_bytes(b"")


def refaire(path, **change):
    """The archive with another manifest, or other entries."""
    with zipfile.ZipFile(path) as lue:
        entrees = {nom: lue.read(nom) for nom in lue.namelist()}
    manifeste = json.loads(entrees.pop(MANIFESTE))
    for nom, valeur in change.items():
        manifeste[nom] = valeur(manifeste[nom]) if callable(valeur) else valeur
    with zipfile.ZipFile(path, "w") as ecrite:
        for nom, octets in entrees.items():
            ecrite.writestr(nom, octets)
        ecrite.writestr(MANIFESTE, json.dumps(manifeste))


def ajouter_une_entree(path):
    with zipfile.ZipFile(path, "a") as lue:
        lue.writestr("fichiers/de-trop.png", b"x")


def mentir(path):
    refaire(path, entrees=lambda entrees: {n: e | {"empreinte": "0" * 64} for n, e in entrees.items()})


@pytest.mark.parametrize("abimer", [abimer_octet, tronquer, vider, ajouter_une_entree, mentir])
def test_a_damaged_one_is_refused_before_anything_is_touched(avec_logo, storage, tmp_path, ailleurs, abimer):
    sauvegarder(tmp_path / "s.zip", storage=storage)
    abimer(tmp_path / "s.zip")
    autre, la_bas = ailleurs(), FileSystemStorage(tmp_path / "la-bas")

    with pytest.raises(SauvegardeError, match="abîmée"):
        restaurer(tmp_path / "s.zip", connection=autre, storage=la_bas)

    assert autre.introspection.table_names() == []
    assert not (tmp_path / "la-bas").exists()


@pytest.mark.parametrize(
    "change",
    [{"format": archive.FORMAT + 1}, {"migrations": lambda m: m | {"ctg": [*m["ctg"], "9999_de_demain"]}}],
)
def test_one_of_a_newer_version_is_refused(storage, tmp_path, ailleurs, change):
    sauvegarder(tmp_path / "s.zip", storage=storage)
    refaire(tmp_path / "s.zip", **change)
    autre = ailleurs()

    with pytest.raises(SauvegardeError, match="plus récente"):
        restaurer(tmp_path / "s.zip", connection=autre, storage=storage)

    assert autre.introspection.table_names() == []


def test_only_an_empty_place_receives_one(avec_logo, storage, tmp_path, ailleurs):
    sauvegarder(tmp_path / "s.zip", storage=storage)
    nb = Convention.objects.count()

    with pytest.raises(SauvegardeError, match="pas vide"):
        restaurer(tmp_path / "s.zip", storage=FileSystemStorage(tmp_path / "la-bas"))
    with pytest.raises(SauvegardeError, match="existe déjà"):
        restaurer(tmp_path / "s.zip", connection=ailleurs(), storage=storage)

    assert Convention.objects.count() == nb
    assert storage.open("logos/a.png").read() == b"un logo"


def test_one_does_not_write_over_another(storage, tmp_path):
    (tmp_path / "s.zip").write_text("celle d’hier")

    with pytest.raises(SauvegardeError, match="existe déjà"):
        sauvegarder(tmp_path / "s.zip", storage=storage)

    assert (tmp_path / "s.zip").read_text() == "celle d’hier"


def test_a_file_that_goes_meanwhile_is_of_no_moment(avec_logo, storage, tmp_path, monkeypatch):
    """Between the database and its files, the logo is taken away: the moment is taken again, without it."""
    partis = []

    def oublier_le_logo():
        storage.delete("logos/a.png")
        Convention.objects.filter(pk=avec_logo.pk).update(logo="")
        connection.close()

    def disparaitre(ecriture, depot, nom):
        if not partis:
            partis.append(nom)
            retirer = threading.Thread(target=oublier_le_logo)
            retirer.start()
            retirer.join()
        return vrai(ecriture, depot, nom)

    vrai = services._ajouter
    monkeypatch.setattr(services, "_ajouter", disparaitre)
    manifeste = sauvegarder(tmp_path / "s.zip", storage=storage)

    assert partis == ["logos/a.png"]
    assert manifeste.absents == []
    assert not [nom for nom in manifeste.entrees if nom.startswith("fichiers/")]


def test_a_file_that_is_lost_is_said(avec_logo, storage, tmp_path):
    storage.delete("logos/a.png")

    assert sauvegarder(tmp_path / "s.zip", storage=storage).absents == ["logos/a.png"]


def test_a_disk_that_is_full_leaves_nothing(storage, tmp_path, monkeypatch):
    def plein(self, nom, flux):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Ecriture, "ajouter", plein)
    with pytest.raises(SauvegardeError, match="ne s’écrit pas"):
        sauvegarder(tmp_path / "s.zip", storage=storage)

    assert list(tmp_path.glob("s.zip*")) == []


def test_the_commands_say_it(storage, tmp_path, settings, ailleurs):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    sortie = io.StringIO()

    call_command("sauvegarder", str(tmp_path / "s.zip"), stdout=sortie)
    call_command("restaurer", str(tmp_path / "s.zip"), "--essai", stdout=sortie)

    assert " lignes, 0 fichier." in sortie.getvalue()
    assert "est intacte" in sortie.getvalue()
    with pytest.raises(CommandError, match="pas vide"):
        call_command("restaurer", str(tmp_path / "s.zip"))
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("restaurer", str(tmp_path / "autre.zip"))
