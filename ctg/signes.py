"""Signs that nobody types: what is stored is what is shown, on both engines, and nothing hides in it."""

import unicodedata

from django.core.exceptions import ValidationError

BLANCS = frozenset("\t\n\r")
# They reverse what is read after them: « exe.pdf » shows as « fdp.exe ».
RENVERSENT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Nothing is drawn for them: control, format, surrogate, not a character; separators are spaces.
SANS_DESSIN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp"})

DE_COMMANDE = (
    "Ce texte contient un signe invisible qui n’est pas du texte (U+%(code)s) : retapez-le au clavier."
)
RENVERSE = "Ce texte contient un signe invisible qui change l’ordre des lettres (U+%(code)s) : retapez-le au clavier."
INVISIBLE = "Ce texte ne contient que des signes invisibles : écrivez-le, ou laissez le champ vide."
UNE_LIGNE = "Ce texte tient sur une ligne : ôtez le retour à la ligne."


def texte_lisible(texte: str) -> None:
    """Raises ValidationError."""
    for signe in texte:
        if signe in RENVERSENT:
            raise ValidationError(RENVERSE, code="signe_renversant", params={"code": f"{ord(signe):04X}"})
        if signe not in BLANCS and (unicodedata.category(signe) in {"Cc", "Cs"} or _hors_texte(signe)):
            raise ValidationError(DE_COMMANDE, code="signe_de_commande", params={"code": f"{ord(signe):04X}"})
    if texte and all(unicodedata.category(signe) in SANS_DESSIN for signe in texte):
        raise ValidationError(INVISIBLE, code="signes_invisibles")


def _hors_texte(signe: str) -> bool:
    """Unicode keeps the last two of each plane, and thirty-two more, for nothing."""
    return ord(signe) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(signe) <= 0xFDEF


def une_ligne(texte: str) -> None:
    """Raises ValidationError. A name goes to subjects of mails, to headers, to names of files."""
    if "\n" in texte or "\r" in texte:
        raise ValidationError(UNE_LIGNE, code="une_ligne")
