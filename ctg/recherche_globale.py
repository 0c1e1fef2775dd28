"""One search over everything of a convention. Each app declares in its `rubriques.py` what can be found there.

What is found is what the person may read: each rubrique asks its own right.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from ctg.models import Convention
from ctg.permissions import check
from ctg.recherche import mots_cherches, normalise

MAX_PAR_RUBRIQUE = 8
MAX_CARACTERES = 200


@dataclass(frozen=True, slots=True)
class Trouvaille:
    titre: str
    url: str
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rubrique:
    """`chercher(user, convention, query)` gives rows, a queryset or a list; `montrer(row, convention)` shows one.

    `liste(convention)`: the page that filters by « q », or None.
    """

    code: str
    titre: str
    chercher: Callable
    montrer: Callable[..., Trouvaille]
    ordre: int
    liste: Callable | None = None
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Resultat:
    """`nb`: all that was found; `suite`: where the others are, or empty."""

    rubrique: Rubrique
    nb: int
    trouvailles: tuple[Trouvaille, ...]
    suite: str = ""

    @property
    def nb_autres(self) -> int:
        return self.nb - len(self.trouvailles)


_rubriques: list[Rubrique] = []


def register(rubrique: Rubrique) -> None:
    _rubriques.append(rubrique)
    _rubriques.sort(key=lambda r: r.ordre)


def contient(textes: Iterable[str], query: str) -> bool:
    """Every word of the query is in these texts: for rows that keep no column of their own for it."""
    texte = normalise(" ".join(textes))
    return all(mot in texte for mot in mots_cherches(query) or [])


def chercher(user, convention: Convention, query: str) -> list[Resultat]:
    """The rubriques in which something was found; none for a query without a word."""
    query = query[:MAX_CARACTERES]
    if not mots_cherches(query):
        return []
    resultats = []
    for rubrique in _rubriques:
        if rubrique.permission and not check(user, rubrique.permission, convention):
            continue
        lignes = rubrique.chercher(user, convention, query)
        nb = len(lignes) if isinstance(lignes, list) else lignes.count()
        if nb:
            trouvailles = tuple(rubrique.montrer(ligne, convention) for ligne in lignes[:MAX_PAR_RUBRIQUE])
            autres = rubrique.liste and nb > len(trouvailles)
            suite = f"{rubrique.liste(convention)}?{urlencode({'q': query})}" if autres else ""
            resultats.append(Resultat(rubrique, nb, trouvailles, suite))
    return resultats
