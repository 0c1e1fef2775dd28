"""A figure as producers write it: a number, or the sign of a figure that is withheld."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError

from ctg.nombres import DECIMALES, LIMITE, lire_nombre
from ctg.recherche import sans_accents
from evaluation.enums import SituationObservation

NON_DIFFUSEE = "non diffusée"  # as our own files write it
_SIGNES = frozenset(
    [
        "c",
        "s",
        "nd",
        "n.d",
        "n.d.",
        "n/d",
        "/",
        "//",
        "///",
        "...",
        "…",
        "*",
        "**",
        "***",
        "ns",
        "n.s.",
        "n/s",
    ]
)
_MOTS = frozenset(
    ["secret", "secret statistique", "non diffuse", "non diffusee", "non disponible", "confidentiel"]
)
_FLOTTANT = re.compile(r"-?[0-9]+\.[0-9]{5,}")  # Insee gives estimates with all the digits of the computer
MANQUE = "Un chiffre qui manque se laisse vide."


def est_secret(texte: str) -> bool:
    return " ".join(sans_accents(texte).split()) in _SIGNES | _MOTS


def lire_valeur(texte: str) -> tuple[str, Decimal | None] | None:
    """(situation, value), or None where the cell is empty: the figure is missing. Raises ValidationError."""
    lu = texte.strip()
    if not lu:
        return None
    if est_secret(lu):
        return SituationObservation.SECRET, None
    if _FLOTTANT.fullmatch(lu):
        valeur: Decimal | None = round(Decimal(lu), DECIMALES)
    else:
        try:
            valeur = lire_nombre(lu, suffixes="%€")
        except ValidationError as error:
            raise ValidationError(
                f"{error.messages[0]} Un chiffre non diffusé s’écrit « c », « s » ou « nd ». {MANQUE}"
            ) from None
    if valeur is None:
        return None
    if abs(valeur) >= LIMITE:
        raise ValidationError(f"« {lu[:40]} » est trop grand : vérifiez l’unité.")
    if -valeur.as_tuple().exponent > DECIMALES:
        raise ValidationError(f"« {lu[:40]} » a plus de {DECIMALES} décimales : arrondissez.")
    return SituationObservation.DIFFUSEE, valeur
