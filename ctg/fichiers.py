"""Files kept as they were given out: written with the rows that name them, read again against their hash."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ctg.models import FichierConserve

_ecrits: ContextVar[list[str]] = ContextVar("ecrits")


@contextmanager
def tout_ou_rien() -> Iterator[None]:
    """What is kept inside goes away if it raises, as rows do: put the transaction inside. Within another, that one decides."""
    if _ecrits.get(None) is not None:
        yield
        return
    jeton = _ecrits.set(ecrits := [])
    try:
        yield
    except BaseException:
        for nom in ecrits:
            default_storage.delete(nom)
        raise
    finally:
        _ecrits.reset(jeton)


def conserver(document: FichierConserve, dossier: str, octets: bytes) -> None:
    """Write the file, then its row. Only inside `tout_ou_rien`."""
    ecrits = _ecrits.get()
    document.empreinte, document.taille = empreinte_octets(octets), len(octets)
    document.fichier.save(f"{dossier}/{document.nom}", ContentFile(octets), save=False)
    ecrits.append(document.fichier.name)
    document.save()


def faute_du_fichier(document: FichierConserve) -> str:
    """Empty: it is the one that was given out. Else how it is not, to follow its name."""
    try:
        with document.fichier.open("rb") as fichier:
            octets = fichier.read()
    except OSError:
        return "ne se lit pas"
    if len(octets) != document.taille or empreinte_octets(octets) != document.empreinte:
        return "n’est plus celui qui a été publié"
    return ""


def empreinte_octets(octets: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(octets).hexdigest()
