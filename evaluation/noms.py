"""Known names of people in a text: what is meant for the public names nobody."""

import re

from ctg.models import Convention, Personne
from ctg.recherche import normalise

COURT = 3  # a shorter name is a word like another


def noms_connus(convention: Convention) -> frozenset[str]:
    """Names of the people of the convention, without accents nor case."""
    noms = Personne.objects.filter(convention=convention, is_anonyme=False).values_list("nom", flat=True)
    return frozenset(nom for lu in noms if len(nom := normalise(lu)) >= COURT)


def decouper(texte: str, noms: frozenset[str]) -> list[tuple[str, bool]]:
    """[(part of the text, whether it is a known name)], which joined give the text back."""
    mots = list(re.finditer(r"[^\W_]+", texte))
    lus = [normalise(mot.group()) for mot in mots]
    morceaux, fin, rang = [], 0, 0
    longueurs = sorted({len(nom.split()) for nom in noms}, reverse=True)
    while rang < len(mots):
        possibles = (n for n in longueurs if rang + n <= len(mots))
        longueur = next((n for n in possibles if " ".join(lus[rang : rang + n]) in noms), 0)
        if longueur:
            debut, apres = mots[rang].start(), mots[rang + longueur - 1].end()
            morceaux += [(texte[fin:debut], False), (texte[debut:apres], True)]
            fin = apres
        rang += longueur or 1
    return [morceau for morceau in [*morceaux, (texte[fin:], False)] if morceau[0]]


def nomme(texte: str, noms: frozenset[str]) -> list[str]:
    """The known names that the text holds, as they are written in it."""
    return list(dict.fromkeys(morceau for morceau, est_nom in decouper(texte, noms) if est_nom))
