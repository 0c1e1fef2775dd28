"""Take everything as it is at one moment; give it back into an empty place, after every byte was looked at."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.core.management import call_command
from django.db import connection as celle_d_ici
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from ctg.sauvegarde import archive
from ctg.sauvegarde.archive import PLUS_RECENTE, Manifeste, SauvegardeError
from ctg.sauvegarde.bases import Base, Instantane, base_de

FICHIERS, COURRIELS = "fichiers/", "courriels/"
ESSAIS = 3  # a file may go between the moment of the database and its copy: the moment is taken again


class _FichierPartiError(Exception):
    pass


def sauvegarder(path: Path, *, connection=celle_d_ici, storage: Storage = default_storage) -> Manifeste:
    """Writes `path`, while others write. Raises SauvegardeError, and there is no such file then."""
    for _ in range(ESSAIS - 1):
        with suppress(_FichierPartiError):
            return _prendre(path, connection, storage, tolere=False)
    return _prendre(path, connection, storage, tolere=True)


def _prendre(path: Path, connection, storage: Storage, *, tolere: bool) -> Manifeste:
    base = base_de(connection)
    with archive.ecrire(path) as ecriture, tempfile.TemporaryDirectory(dir=path.parent) as dossier:
        with base.figer(Path(dossier)) as instantane:
            absents = [
                nom
                for nom in _fichiers_nommes(connection, instantane)
                if not _ajouter(ecriture, storage, nom)
            ]
            if absents and not tolere:
                raise _FichierPartiError
            migrations, lignes = _compter(base, instantane)
            with instantane.fichier.open("rb") as flux:
                ecriture.ajouter(base.entree, flux)
        for courriel in sorted(_courriels()):
            with courriel.open("rb") as flux:
                ecriture.ajouter(f"{COURRIELS}{courriel.name}", flux)
        manifeste = Manifeste(
            moteur=connection.vendor,
            date=timezone.now().isoformat(timespec="seconds"),
            migrations=migrations,
            lignes=lignes,
            absents=absents,
            entrees=ecriture.entrees,
        )
        ecriture.signer(manifeste)
    return manifeste


def _fichiers_nommes(connection, instantane: Instantane) -> Iterator[str]:
    """What the rows of that moment name; a file that nobody names is what a crash left."""
    quote = connection.ops.quote_name
    noms: set[str] = set()
    for model in apps.get_models(include_auto_created=True):
        for champ in model._meta.concrete_fields:
            if isinstance(champ, models.FileField) and not model._meta.proxy:
                requete = f"SELECT {quote(champ.column)} FROM {quote(model._meta.db_table)}"  # noqa: S608
                noms.update(nom for (nom,) in instantane.lire(requete) if nom)
    yield from sorted(noms)


def _ajouter(ecriture: archive.Ecriture, storage: Storage, nom: str) -> bool:
    try:
        with storage.open(nom) as flux:
            ecriture.ajouter(f"{FICHIERS}{nom}", flux)
    except FileNotFoundError:
        return False
    return True


def _courriels() -> list[Path]:
    """Mails written to files where there is no server to send them."""
    dossier = Path(settings.EMAIL_FILE_PATH)
    return [path for path in dossier.iterdir() if path.is_file()] if dossier.is_dir() else []


def _compter(base: Base, instantane: Instantane) -> tuple[dict[str, list[str]], dict[str, int]]:
    migrations: dict[str, list[str]] = {}
    for app, nom in instantane.lire("SELECT app, name FROM django_migrations ORDER BY app, name"):
        migrations.setdefault(app, []).append(nom)
    quote = base.connection.ops.quote_name
    lignes = {
        table: instantane.lire(f"SELECT COUNT(*) FROM {quote(table)}")[0][0]  # noqa: S608
        for table in base.tables()
    }
    return migrations, lignes


def restaurer(
    path: Path, *, connection=celle_d_ici, storage: Storage = default_storage, essai: bool = False
) -> Manifeste:
    """The database and the files of the archive, then the migrations that came since. `essai`: only looks.

    Raises SauvegardeError, before anything is written where the archive or the place is at fault.
    """
    with archive.lire(path) as (zipfile, manifeste):
        base = base_de(connection)
        _verifier(manifeste, base)
        if essai:
            return manifeste
        _verifier_place(manifeste, base, storage)
        ecrits: list[str] = []
        try:
            for nom in sorted(manifeste.entrees):
                if nom.startswith(FICHIERS):
                    with zipfile.open(nom) as flux:
                        ecrits.append(storage.save(nom.removeprefix(FICHIERS), File(flux)))
            _remettre_base(zipfile, manifeste, base)
        except BaseException:
            for nom in ecrits:
                storage.delete(nom)
            raise
        dossier = Path(settings.EMAIL_FILE_PATH)
        for nom in manifeste.entrees:
            if nom.startswith(COURRIELS):
                dossier.mkdir(parents=True, exist_ok=True)
                (dossier / nom.removeprefix(COURRIELS)).write_bytes(zipfile.read(nom))
    call_command("migrate", database=connection.alias, verbosity=0, interactive=False)
    return manifeste


def _verifier(manifeste: Manifeste, base: Base) -> None:
    if manifeste.moteur != base.connection.vendor:
        raise SauvegardeError(
            f"Cette sauvegarde est celle d’une base {manifeste.moteur} ; ici la base est {base.connection.vendor} : "
            "restaurez-la sur une installation de même sorte."
        )
    connues = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if any((app, nom) not in connues for app, noms in manifeste.migrations.items() for nom in noms):
        raise SauvegardeError(PLUS_RECENTE)


def _verifier_place(manifeste: Manifeste, base: Base, storage: Storage) -> None:
    if not base.est_vide():
        raise SauvegardeError(
            "La base n’est pas vide : restaurez dans une base neuve, celle-ci ne change pas."
        )
    for nom in manifeste.entrees:
        if nom.startswith(FICHIERS) and storage.exists(nom.removeprefix(FICHIERS)):
            raise SauvegardeError(
                f"Le fichier {nom.removeprefix(FICHIERS)} existe déjà ici : restaurez dans un dossier de fichiers vide."
            )


def _remettre_base(zipfile, manifeste: Manifeste, base: Base) -> None:
    with tempfile.TemporaryDirectory(dir=base.dossier_de_travail) as dossier:
        fichier = Path(dossier) / base.entree
        with zipfile.open(base.entree) as flux, fichier.open("wb") as sortie:
            shutil.copyfileobj(flux, sortie)
        base.remettre(fichier)
    quote = base.connection.ops.quote_name
    for table, attendu in manifeste.lignes.items():
        [(nb,)] = base.lire(f"SELECT COUNT(*) FROM {quote(table)}")  # noqa: S608
        if nb != attendu:
            raise SauvegardeError(
                f"La table {table} a {nb} lignes au lieu de {attendu} : recommencez avec une base neuve."
            )
