"""What no one who uses the site did wrong: the database, the disk or the mail server does not answer."""

import errno
import socket
from enum import Enum
from smtplib import SMTPException

from django.db import DatabaseError, InterfaceError, OperationalError

# Classes of errors of PostgreSQL: connection, resources (a full disk is one), intervention of an operator, system.
CLASSES = ("08", "53", "57P", "58")
DE_SQLITE = (
    "database is locked",
    "disk is full",
    "disk I/O error",
    "readonly database",
    "unable to open database",
)
DU_DISQUE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


class Panne(Enum):
    """`titre`: of the page; `quoi`: what does not answer, as a sentence begins."""

    BASE = ("Le site est momentanément arrêté", "La base de données ne répond pas")
    DISQUE = ("Rien ne peut être enregistré", "Le disque du serveur ne prend plus rien")
    COURRIEL = ("Le message n’est pas parti", "Le serveur de messagerie ne répond pas")

    @property
    def titre(self) -> str:
        return self.value[0]

    @property
    def quoi(self) -> str:
        return self.value[1]


def panne_de(erreur: BaseException | None) -> Panne | None:
    """None: a fault of the application."""
    while erreur is not None:
        if isinstance(erreur, DatabaseError | InterfaceError):
            return Panne.BASE if _base_absente(erreur) else None
        if isinstance(erreur, SMTPException | ConnectionError | TimeoutError | socket.gaierror):
            return Panne.COURRIEL
        if isinstance(erreur, OSError) and erreur.errno in DU_DISQUE:
            return Panne.DISQUE
        erreur = erreur.__cause__
    return None


def _base_absente(erreur: Exception) -> bool:
    if isinstance(erreur, InterfaceError):
        return True
    if not isinstance(erreur, OperationalError):
        return False
    cause = erreur.__cause__
    if cause is not None and hasattr(cause, "sqlstate"):  # none: no server to say it
        return not cause.sqlstate or cause.sqlstate.startswith(CLASSES)
    return any(dit in str(erreur) for dit in DE_SQLITE)
