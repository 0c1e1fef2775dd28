"""A convention as its tables say it: loading them again changes nothing.

What is given is the text in force, and what hangs on it; people are not: a file that travels names nobody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models

from ctg.chargement.tableau import Contexte, Tableau, tableaux
from ctg.models import Convention, Temporel

# Whether a record of the convention is given.
Choix = Callable[[Tableau, models.Model], bool]
Donnes = dict[type[models.Model], set[int]]


@dataclass(frozen=True, slots=True)
class TableauEcrit:
    """`lignes`: the cells of each row, in the order of the columns; `objets`: the record of each."""

    tableau: Tableau
    lignes: list[list[str]]
    objets: tuple[models.Model, ...] = ()


def tout(tableau: Tableau, objet: models.Model) -> bool:
    return True


def exporter(convention: Convention, *, choisir: Choix = tout) -> list[TableauEcrit]:
    """The tables that have rows, in the order in which they are loaded.

    Of what is chosen, a row goes without the targets that it can be read without; of the whole, rows go as they are.
    """
    ctx = Contexte(convention=convention, territoire=convention.territoire)
    gardes, donnes = _propres(ctx, choisir)
    _ajouter_cites(gardes)
    ecrits = []
    for tableau in tableaux():
        parmi = None if choisir is tout else donnes
        dits = [(objet, _ecrire(tableau, objet, parmi)) for objet in gardes[tableau.nom]]
        if dits := _une_fois(tableau, dits):
            objets, lignes = zip(*dits, strict=True)
            ecrits.append(TableauEcrit(tableau, list(lignes), objets))
    return ecrits


def _propres(ctx: Contexte, choisir: Choix) -> tuple[dict[str, list[models.Model]], Donnes]:
    """{table: records of the convention}; one that names a record that is not given is not given either."""
    gardes: dict[str, list[models.Model]] = {}
    donnes: Donnes = {}
    for tableau in tableaux():
        gardes[tableau.nom] = []
        if tableau.is_de_personne:
            continue  # those that are named are added, and all given
        if tableau.modele is Convention:
            objets: Iterable[models.Model] = [ctx.convention]
        else:
            objets = _requete(tableau, (tableau.dans or tableau.get_portee)(ctx))
        choisis = [objet for objet in objets if choisir(tableau, objet)]
        gardes[tableau.nom] = _entiers(tableau, choisis, donnes, detache=choisir is not tout)
        donnes.setdefault(tableau.modele, set()).update(objet.pk for objet in gardes[tableau.nom])
    return gardes, donnes


def _entiers(
    tableau: Tableau, objets: list[models.Model], donnes: Donnes, *, detache: bool
) -> list[models.Model]:
    """Those whose every target is given, in the table itself too: an axe goes with its parent."""
    gardes = [objet for objet in objets if _est_entier(tableau, objet, donnes, detache=detache)]
    while True:
        cles = {objet.pk for objet in gardes}
        restes = [
            objet
            for objet in gardes
            if all(cible.pk in cles for cible in _cibles(tableau, objet) if type(cible) is tableau.modele)
        ]
        if len(restes) == len(gardes):
            return restes
        gardes = restes


def _requete(tableau: Tableau, filtre: dict) -> models.QuerySet:
    objets = tableau.modele.objects.filter(**filtre)
    if issubclass(tableau.modele, Temporel):
        objets = objets.filter(date_fin=None)
    if suivies := [colonne.suit for colonne in tableau.colonnes.values() if colonne.suit]:
        objets = objets.select_related(*suivies)
    return objets.order_by("pk")


def _est_entier(tableau: Tableau, objet: models.Model, donnes: Donnes, *, detache: bool) -> bool:
    return all(
        _est_donne(cible, donnes) or type(cible) is tableau.modele
        for colonne in tableau.colonnes.values()
        if not (detache and colonne.ecrire_parmi)
        for cible in colonne.cibles(objet)
    )


def _est_donne(cible: models.Model, donnes: Donnes) -> bool:
    return type(cible) not in donnes or cible.pk in donnes[type(cible)]


def _cibles(tableau: Tableau, objet: models.Model) -> Iterable[models.Model]:
    for colonne in tableau.colonnes.values():
        yield from colonne.cibles(objet)


def _ajouter_cites(gardes: dict[str, list[models.Model]]) -> None:
    """The records of nobody that the others name: whoever names one comes after it, and was looked at before."""
    cites: dict[type[models.Model], dict[int, models.Model]] = {}
    for tableau in reversed(tableaux()):
        if tableau.is_de_personne:
            connus = cites.get(tableau.modele, {})
            gardes[tableau.nom] = [connus[pk] for pk in sorted(connus)]
        for objet in gardes[tableau.nom]:
            for cible in _cibles(tableau, objet):
                cites.setdefault(type(cible), {})[cible.pk] = cible


def _ecrire(tableau: Tableau, objet: models.Model, donnes: Donnes | None) -> list[str]:
    return [
        colonne.ecrire_parmi(objet, lambda cible: _est_donne(cible, donnes))
        if donnes is not None and colonne.ecrire_parmi
        else colonne.ecrire(objet)
        for colonne in tableau.colonnes.values()
    ]


def _une_fois(
    tableau: Tableau, dits: list[tuple[models.Model, list[str]]]
) -> list[tuple[models.Model, list[str]]]:
    """The first row of each key, which is the one that a load finds; of a table of settings, none that sets nothing."""
    rangs = [list(tableau.colonnes).index(nom) for nom in tableau.cle]
    if tableau.modele is Convention:
        dits = [
            (objet, ligne)
            for objet, ligne in dits
            if any(texte for rang, texte in enumerate(ligne) if rang not in rangs)
        ]
    uniques = {tuple(ligne[rang] for rang in rangs): (objet, ligne) for objet, ligne in reversed(dits)}
    return list(reversed(uniques.values()))
