"""Figures of the yearly activity. Each total says on how many structures it stands: a figure that is missing is not zero."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import mean

from ctg.barres import Barres, dessiner_barres
from ctg.models import Convention
from ctg.templatetags.affichage import nombre, pourcent
from structures.models import Activite, Structure
from structures.models.activite import TAUX_MAX

SOMMES = ("places", "heures", "enfants")
SANS_QUARTIER = "quartier à compléter"


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A total, or a mean, and the number of structures that gave it; None: nobody did."""

    valeur: Decimal | None
    nb: int


@dataclass(frozen=True, slots=True)
class LigneActivite:
    """A type of structure, or a quartier, or all of them."""

    nom: str
    nb: int
    nb_renseignees: int
    places: Chiffre
    heures: Chiffre
    enfants: Chiffre
    taux: Chiffre


@dataclass(frozen=True, slots=True)
class ActivitesDUneStructure:
    """`lignes`: (year, its row or None), the latest first; the drawings are there from two known years on."""

    lignes: tuple[tuple[int, Activite | None], ...]
    dessins: tuple[tuple[str, Barres], ...]


def collect_annees(
    structure: Structure, convention: Convention, *, today: datetime.date
) -> ActivitesDUneStructure:
    """The years of the convention that have begun, and those that are known besides."""
    connues = {activite.annee: activite for activite in structure.activites.order_by("annee")}
    annees = sorted({*connues, *(annee for annee in convention.annees if annee <= today.year)})
    dessins = []
    for champ, titre, ecrire, maximum in (
        ("enfants", "Enfants accueillis", nombre, None),
        ("taux_occupation", "Taux d’occupation", pourcent, 100),
    ):
        valeurs = [(annee, getattr(connues.get(annee), champ, None)) for annee in annees]
        if sum(valeur is not None for _, valeur in valeurs) < 2:
            continue
        plus_haut = max((valeur for _, valeur in valeurs if valeur is not None), default=0)
        barres = dessiner_barres(
            [(str(a), v, None, "non renseigné" if v is None else ecrire(v)) for a, v in valeurs],
            maximum=maximum if maximum and plus_haut <= maximum else (maximum and TAUX_MAX),
        )
        if barres:
            dessins.append((titre, barres))
    return ActivitesDUneStructure(
        tuple((annee, connues.get(annee)) for annee in reversed(annees)), tuple(dessins)
    )


def totaliser(
    structures: Iterable[Structure], nom: Callable[[Structure], tuple]
) -> tuple[LigneActivite, ...]:
    """A line for each `nom` (order, name) of structures read with `with_activite`."""
    groupes: dict[tuple, list[Structure]] = {}
    for structure in structures:
        groupes.setdefault(nom(structure), []).append(structure)
    return tuple(totaliser_tout(groupes[cle], cle[1]) for cle in sorted(groupes))


def totaliser_tout(structures: list[Structure], nom: str) -> LigneActivite:
    connus = {
        champ: [v for s in structures if (v := getattr(s, f"activite_{champ}")) is not None]
        for champ in (*SOMMES, "taux_occupation")
    }
    sommes = {c: Chiffre(sum(connus[c]) if connus[c] else None, len(connus[c])) for c in SOMMES}
    taux = connus["taux_occupation"]
    return LigneActivite(
        nom=nom,
        nb=len(structures),
        nb_renseignees=sum(structure.activite_pk is not None for structure in structures),
        taux=Chiffre(mean(taux) if taux else None, len(taux)),
        **sommes,
    )


def par_type(structure: Structure) -> tuple:
    return (structure.type_structure.ordre, structure.type_structure.nom)


def par_quartier(structure: Structure) -> tuple:
    """Those without a quartier come last, and are said."""
    if structure.quartier is None:
        return (float("inf"), SANS_QUARTIER)
    return (structure.quartier.ordre, structure.quartier.nom)
