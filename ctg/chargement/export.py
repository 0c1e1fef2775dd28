"""A convention as its tables say it: loading them again changes nothing.

What is given is the text in force, and what hangs on it; people are not: a file that travels names nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from ctg.chargement.tableau import Contexte, Tableau, tableaux
from ctg.models import Convention, Temporel


@dataclass(frozen=True, slots=True)
class TableauEcrit:
    """`lignes`: the cells of each row, in the order of the columns."""

    tableau: Tableau
    lignes: list[list[str]]


def exporter(convention: Convention) -> list[TableauEcrit]:
    """The tables that have rows, in the order in which they are loaded."""
    ctx = Contexte(convention=convention, territoire=convention.territoire)
    gardes = _propres(ctx)
    _ajouter_cites(gardes)
    ecrits = []
    for tableau in tableaux():
        lignes = [_ecrire(tableau, objet) for objet in gardes[tableau.nom]]
        if lignes := _une_fois(tableau, lignes):
            ecrits.append(TableauEcrit(tableau, lignes))
    return ecrits


def _propres(ctx: Contexte) -> dict[str, list[models.Model]]:
    """{table: records of the convention}; one that names a record that is not given is not given either."""
    gardes: dict[str, list[models.Model]] = {}
    donnes: dict[type[models.Model], set[int]] = {}
    for tableau in tableaux():
        gardes[tableau.nom] = []
        if tableau.is_de_personne:
            continue  # those that are named are added, and all given
        if tableau.modele is Convention:
            objets: Iterable[models.Model] = [ctx.convention]
        else:
            objets = _requete(tableau, (tableau.dans or tableau.get_portee)(ctx))
        gardes[tableau.nom] = [objet for objet in objets if _est_entier(tableau, objet, donnes)]
        donnes.setdefault(tableau.modele, set()).update(objet.pk for objet in gardes[tableau.nom])
    return gardes


def _requete(tableau: Tableau, filtre: dict) -> models.QuerySet:
    objets = tableau.modele.objects.filter(**filtre)
    if issubclass(tableau.modele, Temporel):
        objets = objets.filter(date_fin=None)
    if suivies := [colonne.suit for colonne in tableau.colonnes.values() if colonne.suit]:
        objets = objets.select_related(*suivies)
    return objets.order_by("pk")


def _est_entier(tableau: Tableau, objet: models.Model, donnes: dict[type[models.Model], set[int]]) -> bool:
    return all(
        type(cible) not in donnes or cible.pk in donnes[type(cible)] or type(cible) is tableau.modele
        for cible in _cibles(tableau, objet)
    )


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


def _ecrire(tableau: Tableau, objet: models.Model) -> list[str]:
    return [colonne.ecrire(objet) for colonne in tableau.colonnes.values()]


def _une_fois(tableau: Tableau, lignes: list[list[str]]) -> list[list[str]]:
    """The first row of each key, which is the one that a load finds; none of a row that says nothing but its key."""
    rangs = [list(tableau.colonnes).index(nom) for nom in tableau.cle]
    dites = [ligne for ligne in lignes if any(texte for rang, texte in enumerate(ligne) if rang not in rangs)]
    uniques = {tuple(ligne[rang] for rang in rangs): ligne for ligne in reversed(dites)}
    return list(reversed(uniques.values()))
