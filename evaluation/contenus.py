"""What was frozen in an earlier form of the content is read by the code of today, and written back as it was."""

import json
from dataclasses import replace

from evaluation import canonique
from evaluation.bilan import SCHEMA, Contenu

# {schema: the fields of `Contenu` that it brought}
APPORTS = {
    2: ("reunions", "suites", "mouvements"),
    3: ("jours", "notes"),
    4: ("effets_axes", "participation"),
}


def lire_contenu(texte: str) -> Contenu:
    """Raises KeyError, TypeError, ValueError on what no form of the content ever was."""
    brut = json.loads(texte)
    if not 1 <= brut["schema"] <= SCHEMA:
        raise ValueError(f"schema {brut['schema']}")
    inconnus = _inconnus(brut["schema"])
    if inconnus & set(brut):
        raise ValueError(f"schema {brut['schema']}: {sorted(inconnus & set(brut))}")
    return canonique.construire(Contenu, brut | dict.fromkeys(inconnus))


def donnees_du_contenu(contenu: Contenu) -> dict:
    """As JSON holds it, in its own form: the fingerprint of a frozen content is that of this text."""
    inconnus = _inconnus(contenu.schema)
    return {nom: valeur for nom, valeur in canonique.donnees(contenu).items() if nom not in inconnus}


def ecrire_contenu(contenu: Contenu) -> str:
    return canonique.texte(donnees_du_contenu(contenu))


def dans_la_forme(contenu: Contenu, schema: int) -> Contenu:
    """What an earlier form would have said of it."""
    return replace(contenu, schema=schema, **dict.fromkeys(_inconnus(schema)))


def _inconnus(schema: int) -> set[str]:
    return {nom for depuis, noms in APPORTS.items() if depuis > schema for nom in noms}
