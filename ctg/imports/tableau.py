"""A sheet as its reader found it, whatever its format."""

from dataclasses import dataclass

# {number of the column: (text, why it cannot be taken)}
Cellules = dict[int, tuple[str, str]]

MOT_DE_PASSE = "Ce fichier est protégé par un mot de passe : enregistrez-le sans, puis déposez-le de nouveau."
MASQUEES = (
    "Masqué ou filtré, ligne {lignes} : on ne sait pas si c’est à importer. Affichez tout (ôtez le filtre) ou supprimez "
    "ce qui est masqué, puis déposez le fichier de nouveau."
)
FUSIONNEES = (
    "Les cellules {plage} sont fusionnées : une seule porte la valeur. Défusionnez-les, écrivez la valeur dans chacune, "
    "puis déposez le fichier de nouveau."
)


@dataclass(frozen=True, slots=True)
class Feuille:
    nom: str
    lignes: list[tuple[int, Cellules]]
    ignorees: tuple[str, ...] = ()
    masquees: frozenset[int] = frozenset()  # numbers of its hidden columns


def enumerer(numeros: list[int], au_plus: int = 5) -> str:
    """« 3, 4 et 8 », « 3, 4, 5, 6, 7… »"""
    dits = [str(numero) for numero in numeros[:au_plus]]
    if len(numeros) > au_plus:
        return ", ".join(dits) + "…"
    return " et ".join(filter(None, (", ".join(dits[:-1]), dits[-1])))
