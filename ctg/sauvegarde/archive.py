"""The archive: a zip, whose manifest says what wrote it, and the size and SHA-256 of each entry."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

FORMAT = 1
MANIFESTE = "manifeste.json"
MORCEAU = 1 << 20


class SauvegardeError(Exception):
    """An expected refusal; the message is meant for the user."""


@dataclass(frozen=True, slots=True)
class Entree:
    taille: int  # bytes
    empreinte: str  # SHA-256, in hexadecimal


@dataclass(frozen=True, slots=True)
class Manifeste:
    """`migrations`: those that were applied, by app. `lignes`: how many rows each table had. `absents`: files that a row
    named and that were not there.
    """

    moteur: str
    date: str
    migrations: Mapping[str, list[str]]
    lignes: Mapping[str, int]
    absents: list[str]
    entrees: Mapping[str, Entree] = field(default_factory=dict)
    format: int = FORMAT


class Ecriture:
    def __init__(self, archive: zipfile.ZipFile):
        self.archive, self.entrees = archive, {}

    def ajouter(self, nom: str, flux: BinaryIO) -> None:
        empreinte, taille = hashlib.sha256(), 0
        with self.archive.open(nom, "w", force_zip64=True) as entree:
            while morceau := flux.read(MORCEAU):
                empreinte.update(morceau)
                taille += len(morceau)
                entree.write(morceau)
        self.entrees[nom] = Entree(taille, empreinte.hexdigest())

    def signer(self, manifeste: Manifeste) -> None:
        self.archive.writestr(MANIFESTE, json.dumps(asdict(manifeste), ensure_ascii=False, indent=1))


@contextmanager
def ecrire(path: Path) -> Iterator[Ecriture]:
    """The file has its name once it is whole and on the disk; it is its owner's alone: it holds everybody's data."""
    partiel = path.with_name(f"{path.name}.partiel")
    if path.exists():
        raise SauvegardeError(
            f"{path} existe déjà : donnez un autre nom, une sauvegarde n’en écrase pas une autre."
        )
    try:
        descripteur = os.open(partiel, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descripteur, "w+b") as flux:
            with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
                yield Ecriture(archive)
            flux.flush()
            os.fsync(flux.fileno())
        os.link(partiel, path)
    except OSError as error:
        raise SauvegardeError(f"{path} ne s’écrit pas ({error.strerror}) : rien n’est sauvegardé.") from error
    finally:
        partiel.unlink(missing_ok=True)


@contextmanager
def lire(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifeste]]:
    """An archive whose every byte is the one that was written. Raises SauvegardeError before anything is given."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifeste = _lire_manifeste(archive)
            _controler(archive, manifeste)
            yield archive, manifeste
    except FileNotFoundError as error:
        raise SauvegardeError(f"{path} n’existe pas.") from error
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise SauvegardeError(ABIMEE) from error


ABIMEE = "Cette sauvegarde est abîmée, ou n’en est pas une : rien n’est touché. Prenez-en une autre."
PLUS_RECENTE = "Cette sauvegarde vient d’une version plus récente de l’application : mettez l’application à jour, puis restaurez."


def _lire_manifeste(archive: zipfile.ZipFile) -> Manifeste:
    try:
        lu = json.loads(archive.read(MANIFESTE))
        if lu["format"] > FORMAT:
            raise SauvegardeError(PLUS_RECENTE)
        return Manifeste(**lu | {"entrees": {nom: Entree(**entree) for nom, entree in lu["entrees"].items()}})
    except (KeyError, TypeError, AttributeError, zipfile.error) as error:
        raise SauvegardeError(ABIMEE) from error


def _controler(archive: zipfile.ZipFile, manifeste: Manifeste) -> None:
    noms = archive.namelist()
    if len(set(noms)) != len(noms) or {*noms} - {MANIFESTE} != {*manifeste.entrees}:
        raise SauvegardeError(ABIMEE)
    for nom, attendue in manifeste.entrees.items():
        chemin = PurePosixPath(nom)
        if chemin.is_absolute() or ".." in chemin.parts or "\\" in nom:
            raise SauvegardeError(ABIMEE)
        empreinte, taille = hashlib.sha256(), 0
        with archive.open(nom) as entree:
            while morceau := entree.read(MORCEAU):
                empreinte.update(morceau)
                taille += len(morceau)
                if taille > attendue.taille:
                    raise SauvegardeError(ABIMEE)
        if Entree(taille, empreinte.hexdigest()) != attendue:
            raise SauvegardeError(ABIMEE)
