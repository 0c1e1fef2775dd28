"""Finds the name or the address of a person in a text, whatever the accents, the case and the form of spaces."""

import re
from collections.abc import Iterable

from ctg.recherche import normalise

MARQUE = "[personne anonymisée]"
ENTRE_MOTS = r"[\s\u00a0\u202f_'’.‐‑-]{1,3}"  # noqa: RUF001 -- hyphens as people type them
ACCENTS = "[\u0300-\u036f]*"  # an accent may follow its letter
# A name inside a longer one is somebody else's: « Marie-Zoé Martin », « Zoé Martin-Dupont ».
AVANT, APRES = r"(?<![\w-])", r"(?!\w|-\w)"


def _variantes() -> dict[str, str]:
    """{plain letter: every letter that is searched as that one}."""
    variantes: dict[str, str] = {}
    for char in map(
        chr, (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    ):
        if len(plain := normalise(char)) == 1:
            variantes[plain] = variantes.get(plain, "") + char
    return variantes


VARIANTES = _variantes()
DOUBLES = {"oe": "œŒ", "ae": "æÆ", "ss": "ß"}


def motif_nom(nom: str) -> str:
    """A regular expression that Python, SQLite and PostgreSQL read alike."""
    return ENTRE_MOTS.join(_motif_mot(mot) for mot in normalise(nom).split())


def _motif_mot(mot: str) -> str:
    motif, i = "", 0
    while i < len(mot):
        lettre = _lettre(mot[i])
        if (double := mot[i : i + 2]) in DOUBLES:
            motif += f"(?:[{DOUBLES[double]}]|{lettre}{_lettre(double[1])})"
            i += 2
        else:
            motif += lettre
            i += 1
    return motif


def _lettre(char: str) -> str:
    return f"[{VARIANTES[char]}]{ACCENTS}" if char in VARIANTES else re.escape(char)


def motif_email(email: str) -> str:
    return "".join(
        f"[{c.lower()}{c.upper()}]" if c.isascii() and c.isalpha() else re.escape(c) for c in email
    )


def est_recherchable(nom: str) -> bool:
    """A single word is too common to be taken for a person in a text."""
    return len(normalise(nom).split()) > 1


class Chercheur:
    """What names one person. `large` is what a database can sift with; `remplacer` settles."""

    def __init__(self, noms: Iterable[str], emails: Iterable[str]):
        # The longest first: « Anne Zoé Martin » before « Zoé Martin ».
        noms = sorted(filter(est_recherchable, noms), key=len, reverse=True)
        emails = sorted(filter(None, emails), key=len, reverse=True)
        self.large = "|".join([*map(motif_email, emails), *map(motif_nom, noms)])
        # Addresses first: they often begin with the name.
        exacts = [rf"(?<![\w.+-]){motif_email(email)}(?![\w-]|\.\w)" for email in emails]
        exacts += [f"{AVANT}{motif_nom(nom)}{APRES}" for nom in noms]
        self._exact = re.compile("|".join(exacts)) if exacts else None

    def __bool__(self) -> bool:
        return self._exact is not None

    def remplacer(self, texte: str, marque: str = MARQUE) -> str:
        return self._exact.sub(marque, texte) if self._exact else texte

    def extrait(self, texte: str, autour: int = 80) -> str:
        """The words around the first place that names the person."""
        place = self._exact.search(texte) if self._exact else None
        return texte[max(0, place.start() - autour) : place.end() + autour].strip() if place else ""
