"""Days counted from a date limite: « -14, -7, -1, 1 »."""

import re

from django.core.exceptions import ValidationError


def lire_jours(texte: str) -> list[int]:
    """In order, each once. Raises ValidationError."""
    mots = [mot.strip() for mot in texte.replace(";", ",").split(",") if mot.strip()]
    if not all(re.fullmatch(r"-?\d{1,3}", mot) for mot in mots) or not mots:
        raise ValidationError("Écrivez des nombres de jours séparés par des virgules, comme -14, -7, -1, 1.")
    return sorted({int(mot) for mot in mots})


def ecrire_jours(jours: list[int]) -> str:
    return ", ".join(str(jour) for jour in jours)
