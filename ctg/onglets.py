"""Drafts of one form typed in several tabs, put together: each tab brings what it changed, and erases nothing.

A draft is {name: values} with {name: when it was typed} of those that were changed: of two texts the later one is
shown. Rows of formsets are matched by their key, and new rows are added one after the other, whatever rank each tab
gave them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_LIGNE = re.compile(r"(.+)-([0-9]+)-(.+)")
TOTAL, INITIAL = "-TOTAL_FORMS", "-INITIAL_FORMS"

Valeurs = dict[str, list[str]]


@dataclass(slots=True)
class _Ligne:
    valeurs: Valeurs
    changees: dict[str, str] = field(default_factory=dict)  # {name: when, as ISO 8601 in UTC}

    @property
    def cle(self) -> str:
        return next(iter(self.valeurs.get("id", ())), "")


@dataclass(slots=True)
class _Feuille:
    """A form taken apart: its own fields, and the rows of each part."""

    champs: _Ligne
    parties: dict[str, list[_Ligne]]


def reunir(
    brouillons: list[tuple[Valeurs, Mapping[str, str]]],
) -> tuple[Valeurs, list[tuple[str, str]]]:
    """(the form, oldest first then what each later tab changed; (name, text) that a later one stands in place of)."""
    premier, *suivants = (_defaire(donnees, changees) for donnees, changees in brouillons)
    remplaces: list[tuple[str, str]] = []
    for feuille in suivants:
        _poser(premier.champs, feuille.champs, remplaces)
        for partie, lignes in feuille.parties.items():
            _poser_lignes(premier.parties.setdefault(partie, []), lignes, remplaces)
    return _refaire(premier), remplaces


def _defaire(donnees: Valeurs, changees: Mapping[str, str]) -> _Feuille:
    parties: dict[str, dict[int, _Ligne]] = {
        name.removesuffix(TOTAL): {} for name in donnees if name.endswith(TOTAL)
    }
    champs = _Ligne({})
    for name, valeurs in donnees.items():
        lu = _LIGNE.fullmatch(name)
        if lu and lu[1] in parties:
            parties[lu[1]].setdefault(int(lu[2]), _Ligne({})).valeurs[lu[3]] = valeurs
        else:
            champs.valeurs[name] = valeurs
    for name, quand in changees.items():
        lu = _LIGNE.fullmatch(name)
        if lu and lu[1] in parties:
            parties[lu[1]].setdefault(int(lu[2]), _Ligne({})).changees[lu[3]] = quand
        else:
            champs.changees[name] = quand
    return _Feuille(
        champs, {partie: [lignes[rang] for rang in sorted(lignes)] for partie, lignes in parties.items()}
    )


def _poser(dessous: _Ligne, dessus: _Ligne, remplaces: list[tuple[str, str]]) -> None:
    for name in sorted(dessus.changees):
        avant, apres = dessous.valeurs.get(name, []), dessus.valeurs.get(name)
        quand = dessus.changees[name]
        if name in dessous.changees:
            reste = dessous.changees[name] > quand  # typed here after the other tab had sent its own
            perdu, garde = (apres or [], avant) if reste else (avant, apres or [])
            texte = " ".join(perdu).strip()
            # A key or a box says nothing out of its form; a text is somebody's work.
            if " " in texte and texte not in " ".join(garde):
                remplaces.append((name, texte))
            if reste:
                continue
        if apres is None:
            dessous.valeurs.pop(name, None)
        else:
            dessous.valeurs[name] = apres
        dessous.changees[name] = quand


def _poser_lignes(dessous: list[_Ligne], dessus: list[_Ligne], remplaces: list[tuple[str, str]]) -> None:
    for ligne in dessus:
        if not ligne.changees:
            continue
        meme = next((autre for autre in dessous if ligne.cle and autre.cle == ligne.cle), None)
        if meme is not None:
            _poser(meme, ligne, remplaces)
        elif ligne.cle or not any(autre.valeurs == ligne.valeurs for autre in dessous):
            libre = next((n for n, autre in enumerate(dessous) if not (autre.cle or autre.changees)), None)
            if ligne.cle or libre is None:
                dessous.append(ligne)
            else:
                dessous[libre] = ligne


def _refaire(feuille: _Feuille) -> Valeurs:
    donnees = dict(feuille.champs.valeurs)
    for partie, lignes in feuille.parties.items():
        connues = [ligne for ligne in lignes if ligne.cle]
        for rang, ligne in enumerate([*connues, *(ligne for ligne in lignes if not ligne.cle)]):
            donnees |= {f"{partie}-{rang}-{name}": valeurs for name, valeurs in ligne.valeurs.items()}
        donnees |= {f"{partie}{TOTAL}": [str(len(lignes))], f"{partie}{INITIAL}": [str(len(connues))]}
    return donnees
