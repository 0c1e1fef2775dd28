"""The token of a form: the object, its version and the moment when the form was opened, signed.

A missing, empty or forged token is no token: the form cannot prove what it was opened on.
"""

import datetime
from dataclasses import dataclass

from django.core import signing

SEL = "jeton-de-formulaire"


@dataclass(frozen=True, slots=True)
class Jeton:
    version: int
    ouverture: datetime.datetime


def signer_jeton(objet, *, now: datetime.datetime) -> str:
    return signing.dumps([objet._meta.label, objet.pk, objet.version, now.isoformat()], salt=SEL)


def lire_jeton(texte: str, objet) -> Jeton | None:
    try:
        label, pk, version, ouverture = signing.loads(texte, salt=SEL)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if (label, pk) != (objet._meta.label, objet.pk):
        return None
    return Jeton(version, datetime.datetime.fromisoformat(ouverture))
