"""The shapes in which producers publish a table, all brought to one: a row for each figure.

A column a year, a column a quartier, or one row a figure; what is known by its headings alone is in `producteurs`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ctg.imports.fichiers import LigneLue, TableauLu
from ctg.lecture_xlsx import MAX_LIGNES, ClasseurError
from ctg.recherche import normalise
from ctg.templatetags.affichage import nombre
from evaluation.veille.lieux import Lieux
from evaluation.veille.periodes import ressemble_a_une_periode

SERIE, TERRITOIRE, CODE, PERIODE, VALEUR = "Série", "Territoire", "Code du territoire", "Période", "Valeur"
DES_PERIODES = (
    "periode",
    "annee",
    "an",
    "date",
    "millesime",
    "annee scolaire",
    "date de reference",
    "rentree",
)
DES_SERIES = ("serie", "code de la serie", "indicateur")
DEUX_SERIES = (
    "Ce fichier a une colonne « {titre} », et vous avez choisi une série : laissez « celle que dit le fichier », ou ôtez "
    "la colonne."
)


def mettre_en_long(tableau: TableauLu, lieux: Lieux, serie: str = "") -> TableauLu:
    """`serie`: the code of the one of which all the file is, where the person said so. Raises ClasseurError."""
    titres = [normalise(titre) for titre in tableau.titres]
    annees = [rang for rang, titre in enumerate(tableau.titres) if ressemble_a_une_periode(titre)]
    if annees:
        tableau = _deplier(tableau, annees, PERIODE)
    elif any(titre in DES_PERIODES for titre in titres):
        colonnes = [rang for rang, titre in enumerate(tableau.titres) if titre and lieux.connait(titre)]
        if colonnes:
            tableau = _deplier(tableau, colonnes, TERRITOIRE)
    return _d_une_serie(tableau, serie) if serie else tableau


def _deplier(tableau: TableauLu, colonnes: Sequence[int], nom: str) -> TableauLu:
    """Each cell of these columns becomes a row; its heading is what `nom` says. An empty cell is a missing figure."""
    restent = [rang for rang, titre in enumerate(tableau.titres) if titre and rang not in set(colonnes)]
    pris = {normalise(tableau.titres[rang]) for rang in restent}
    if doubles := [titre for titre in (nom, VALEUR) if normalise(titre) in pris]:
        raise ClasseurError(
            f"Ce fichier a des colonnes « {tableau.titres[colonnes[0]]} »… et une colonne « {doubles[0]} » : gardez l’une des "
            "deux formes, une colonne par période ou par quartier, ou une ligne par chiffre."
        )
    lignes: list[LigneLue] = []
    rang_nom = len(restent)
    for ligne in tableau.lignes:
        gardees = tuple(ligne.cellules[rang] for rang in restent)
        fautes = {place: ligne.fautes[rang] for place, rang in enumerate(restent) if rang in ligne.fautes}
        for rang in colonnes:
            if not ligne.cellules[rang].strip() and rang not in ligne.fautes:
                continue
            titre = tableau.titres[rang]
            siennes = fautes | ({rang_nom + 1: ligne.fautes[rang]} if rang in ligne.fautes else {})
            lignes.append(
                LigneLue(
                    ligne.numero,
                    (*gardees, titre, ligne.cellules[rang]),
                    siennes,
                    {rang_nom: titre, rang_nom + 1: titre},
                )
            )
            borner(lignes)
    return replace(
        tableau, titres=(*(tableau.titres[rang] for rang in restent), nom, VALEUR), lignes=_exiger(lignes)
    )


def borner(lignes: Sequence[LigneLue]) -> None:
    if len(lignes) > MAX_LIGNES:
        raise ClasseurError(
            f"Ce fichier donne plus de {nombre(MAX_LIGNES)} chiffres : déposez-le en plusieurs fois."
        )


def _exiger(lignes: list[LigneLue]) -> list[LigneLue]:
    if not lignes:
        raise ClasseurError("Ce fichier n’a aucun chiffre sous ses titres : remplissez-le, puis déposez-le.")
    return lignes


def _d_une_serie(tableau: TableauLu, serie: str) -> TableauLu:
    for titre in tableau.titres:
        if normalise(titre) in DES_SERIES:
            raise ClasseurError(DEUX_SERIES.format(titre=titre))
    return replace(
        tableau,
        titres=(*tableau.titres, SERIE),
        lignes=[replace(ligne, cellules=(*ligne.cellules, serie)) for ligne in tableau.lignes],
    )


def en_long(tableau: TableauLu, lignes: Iterable[LigneLue]) -> TableauLu:
    """A table made anew, in the columns of the import."""
    return replace(
        tableau, titres=(SERIE, CODE, TERRITOIRE, PERIODE, VALEUR), lignes=list(lignes), masquees=()
    )
