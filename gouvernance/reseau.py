"""The actors and the fiches as a network: its file for other software, and what it says, in words.

Two kinds of nodes, actors and fiches; an edge where an actor has a role in a fiche.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import networkx as nx

from ctg.renderers import nettoyer
from fiches.enums import RoleImplication
from gouvernance.acteurs import Acteur, Acteurs

GRAPHML = "application/graphml+xml"


@dataclass(frozen=True, slots=True)
class LectureReseau:
    """Names, in the order in which they are said. Empty lists say that nobody is in that case."""

    nb_lies: int
    nb_groupes: int
    relient: tuple[tuple[str, tuple[str, ...]], ...]  # (actor, its axes), those of most axes first
    charnieres: tuple[str, ...]  # without that actor, fiches or actors would hold to the others by nothing
    sans_fiche: tuple[str, ...]  # signs or sits, and takes part in no fiche
    fiches_seules: tuple[str, ...]  # carried by one actor alone
    fiches_sans_acteur: tuple[str, ...]


def construire(acteurs: Acteurs) -> nx.Graph:
    graphe = nx.Graph(annee=acteurs.annee)
    for colonne in acteurs.colonnes:
        graphe.add_node(
            _fiche(colonne.pk),
            label=nettoyer(f"{colonne.code} {colonne.titre}"),
            genre="fiche",
            axe=nettoyer(colonne.axe),
        )
    noms = dict(RoleImplication.choices)
    for acteur in acteurs.acteurs:
        graphe.add_node(
            _cle(acteur),
            label=nettoyer(acteur.nom),
            genre="acteur",
            signataire=acteur.is_signataire,
            sieges=nettoyer(", ".join(acteur.sieges)),
        )
        for pk, roles in acteur.liens.items():
            graphe.add_edge(_cle(acteur), _fiche(pk), roles=", ".join(str(noms[role]) for role in roles))
    return graphe


def ecrire_graphml(acteurs: Acteurs) -> bytes:
    """The same network gives the same bytes. Names are cleared of what XML cannot hold."""
    nx.write_graphml_xml(construire(acteurs), sortie := BytesIO(), named_key_ids=True)
    return sortie.getvalue()


def lire(acteurs: Acteurs) -> LectureReseau | None:
    """None where there is no link to read."""
    lies = [acteur for acteur in acteurs.acteurs if acteur.liens]
    if not lies:
        return None
    graphe = construire(acteurs)
    noeuds = {_cle(acteur) for acteur in lies}
    axe_de = {colonne.pk: colonne.axe for colonne in acteurs.colonnes}
    axes = [
        (acteur.nom, tuple(dict.fromkeys(axe_de[c.pk] for c in acteurs.colonnes if c.pk in acteur.liens)))
        for acteur in lies
    ]
    relient = sorted((dit for dit in axes if len(dit[1]) > 1), key=lambda dit: -len(dit[1]))
    coupent = set(nx.articulation_points(graphe))
    degres = {colonne.code: graphe.degree[_fiche(colonne.pk)] for colonne in acteurs.colonnes}
    return LectureReseau(
        nb_lies=len(lies),
        nb_groupes=sum(bool(noeuds & groupe) for groupe in nx.connected_components(graphe)),
        relient=tuple(relient),
        charnieres=_noms(acteur for acteur in lies if _cle(acteur) in coupent and len(acteur.liens) > 1),
        sans_fiche=_noms(acteur for acteur in acteurs.acteurs if not acteur.liens),
        fiches_seules=tuple(code for code, degre in degres.items() if degre == 1),
        fiches_sans_acteur=tuple(code for code, degre in degres.items() if degre == 0),
    )


def _noms(acteurs: Iterable[Acteur]) -> tuple[str, ...]:
    return tuple(acteur.nom for acteur in acteurs)


def _cle(acteur: Acteur) -> str:
    genre, pk = acteur.cle
    return f"{genre}-{pk}"


def _fiche(pk: int) -> str:
    return f"fiche-{pk}"
