"""The number of a form: which account was shown it, at which address, when, and which drafts it gave back.

Signed, it travels with the form. It proves, even without a session, whose text comes back; a missing, empty or forged
number proves nothing.
"""

import datetime
import hashlib
import uuid
from dataclasses import dataclass

from django.core import signing
from django.http import QueryDict

SEL = "numero-de-formulaire"
TECHNIQUES = frozenset({"csrfmiddlewaretoken", "brouillon", "abandonner", "modifies", "password"})


@dataclass(frozen=True, slots=True)
class Numero:
    jeton: uuid.UUID
    utilisateur: int
    adresse: str
    moment: datetime.datetime
    reprend: tuple[int, ...]


def signer_envoi(user, adresse: str, *, now: datetime.datetime, reprend=()) -> str:
    return signing.dumps([uuid.uuid4().hex, user.pk, adresse, now.isoformat(), list(reprend)], salt=SEL)


def lire_envoi(texte: str) -> Numero | None:
    try:
        jeton, utilisateur, adresse, moment, reprend = signing.loads(texte, salt=SEL)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Numero(
        uuid.UUID(jeton), utilisateur, adresse, datetime.datetime.fromisoformat(moment), tuple(reprend)
    )


def lire_jeton_envoi(texte: str) -> uuid.UUID | None:
    """The random part of a number; forms that keep no draft send it alone."""
    if (numero := lire_envoi(texte)) is not None:
        return numero.jeton
    try:
        return uuid.UUID(texte)
    except ValueError:
        return None


def empreinte(data: QueryDict) -> str:
    """Names what a form holds: the same form sent twice, or the same page typed in again."""
    contenu = sorted((name, data.getlist(name)) for name in data if name not in TECHNIQUES)
    return hashlib.sha256(repr(contenu).encode()).hexdigest()
