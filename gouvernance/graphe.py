"""Geometry of the drawing of the actors: plain numbers for an SVG template."""

from dataclasses import dataclass

from fiches.enums import RoleImplication
from gouvernance.acteurs import Acteurs

LARGEUR, PAS, HAUT = 760, 24, 16
GAUCHE, DROITE = 300, 560  # where the links leave and arrive
# Each role has its own dashes, and its word on the link: never a colour alone.
TIRETS = {
    RoleImplication.PILOTE: "",
    RoleImplication.COPILOTE: "9 3",
    RoleImplication.FINANCEUR: "3 3",
    RoleImplication.PARTENAIRE: "1 4",
    RoleImplication.ASSOCIE: "6 3 1 3",
}


@dataclass(frozen=True, slots=True)
class Point:
    nom: str
    y: int
    rang: int = 0  # of an axe: its colour


@dataclass(frozen=True, slots=True)
class Trait:
    chemin: str
    tirets: str
    rang: int
    dit: str  # « Caf de la Côte-d’Or, PE-1 : copilote »


@dataclass(frozen=True, slots=True)
class Graphe:
    hauteur: int
    acteurs: tuple[Point, ...]
    fiches: tuple[Point, ...]
    traits: tuple[Trait, ...]


def dessiner(acteurs: Acteurs) -> Graphe | None:
    """None where there is no link to draw. Only actors that have one are drawn."""
    lies = [acteur for acteur in acteurs.acteurs if acteur.liens]
    if not lies:
        return None
    nb = max(len(lies), len(acteurs.colonnes))
    hauteur = 2 * HAUT + nb * PAS

    def y(rang: int, combien: int) -> int:
        return round(HAUT + (rang + 0.5) * nb * PAS / combien)

    places = {c.pk: y(rang, len(acteurs.colonnes)) for rang, c in enumerate(acteurs.colonnes)}
    colonnes = {colonne.pk: colonne for colonne in acteurs.colonnes}
    noms, points, traits = dict(RoleImplication.choices), [], []
    for rang, acteur in enumerate(lies):
        depart = y(rang, len(lies))
        points.append(Point(acteur.nom, depart))
        for pk, roles in acteur.liens.items():
            milieu = (GAUCHE + DROITE) // 2
            dits = ", ".join(str(noms[role]) for role in roles)
            traits.append(
                Trait(
                    f"M{GAUCHE} {depart}C{milieu} {depart} {milieu} {places[pk]} {DROITE} {places[pk]}",
                    TIRETS[RoleImplication(roles[0])],
                    colonnes[pk].rang,
                    f"{acteur.nom}, {colonnes[pk].code} : {dits}",
                )
            )
    fiches = tuple(Point(f"{c.code} – {c.titre}", places[c.pk], c.rang) for c in acteurs.colonnes)
    return Graphe(hauteur, tuple(points), fiches, tuple(traits))
