"""The tree of a convention as of a date, in four queries whatever its size; two more where texts were replaced."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from ctg.models import Convention, NiveauArbre
from ctg.templatetags.affichage import pluriel
from fiches.models import Axe, FicheProjet, ObjectifOperationnel
from fiches.succession_arbre import axes_au, cles_actuelles


@dataclass(slots=True)
class NoeudObjectif:
    objectif: ObjectifOperationnel
    enfants: list["NoeudObjectif"] = field(default_factory=list)


@dataclass(slots=True)
class Noeud:
    """An axe with all that hangs under it. `fiches` hang here; `fiches_porteuses` carry this axe.

    `axe` is the text of the day; `cle`, the axe itself, that goes on.
    """

    cle: int
    axe: Axe
    niveau: str
    niveau_suivant: NiveauArbre | None
    enfants: list["Noeud"] = field(default_factory=list)
    objectifs: list[NoeudObjectif] = field(default_factory=list)
    fiches: list[FicheProjet] = field(default_factory=list)
    fiches_porteuses: list[FicheProjet] = field(default_factory=list)

    @property
    def groupes(self) -> list["Groupe"]:
        """Its axes, those that follow one another and are carried by the same fiches together."""
        groupes: list[Groupe] = []
        for enfant in self.enfants or [self]:
            fiches = enfant.fiches_porteuses or ([] if enfant.enfants else enfant.fiches)
            if groupes and [f.pk for f in groupes[-1].fiches] == [f.pk for f in fiches]:
                groupes[-1].noeuds.append(enfant)
            else:
                groupes.append(Groupe([enfant], fiches))
        return groupes

    @property
    def enfants_dits(self) -> str:
        """« 5 axes stratégiques », as the convention names that level; empty where the axe has none."""
        nb, niveau = len(self.enfants), self.niveau_suivant
        noms = f"{niveau.singulier},{niveau.pluriel}" if niveau else "axe,axes"
        return f"{nb} {pluriel(nb, noms)}" if nb else ""

    @property
    def nb_fiches(self) -> int:
        return len({fiche.pk for groupe in self.groupes for fiche in groupe.fiches})

    @property
    def ecarts_annonces(self) -> list[str]:
        """Announced totals that the list contradicts: both are kept, the difference is said."""
        ecarts = []
        for annonce, nombre, nom in (
            (self.axe.nb_axes_annonce, len(self.enfants), "axes"),
            (self.axe.nb_fiches_annonce, len(self.fiches), "fiches projet"),
        ):
            if annonce is not None and annonce != nombre:
                ecarts.append(f"Le texte annonce {annonce} {nom} et en donne {nombre}.")
        return ecarts


@dataclass(slots=True)
class Groupe:
    """A row of the drawing: axes on the left, the fiches that carry them on the right."""

    noeuds: list[Noeud]
    fiches: list[FicheProjet]


def construire_arbre(convention: Convention, *, au: datetime.date, fiches=None) -> list[Noeud]:
    """`fiches`: those of the convention, where more is asked of each than its name. The roots of the tree in force on that day, each with its axes, objectives and fiches."""
    niveaux = {niveau.rang: niveau for niveau in convention.niveaux.all()}
    noeuds: dict[int, Noeud] = {}
    racines = []
    for cle, axe in axes_au(convention, au).items():
        niveau = niveaux[axe.rang].singulier if axe.rang in niveaux else f"niveau {axe.rang}"
        noeud = noeuds[cle] = Noeud(cle, axe, niveau, niveaux.get(axe.rang + 1))
        parent = noeuds.get(axe.parent_id)
        (parent.enfants if parent else racines).append(noeud)
    for axe_id, objectifs in objectifs_par_axe(list(noeuds), au=au).items():
        noeuds[axe_id].objectifs = objectifs
    fiches = FicheProjet.objects.filter(convention=convention) if fiches is None else fiches
    for fiche in fiches.en_vigueur(au=au).for_list().prefetch_related("axes"):
        if fiche.axe_id in noeuds:
            noeuds[fiche.axe_id].fiches.append(fiche)
        for axe in fiche.axes.all():
            if axe.pk in noeuds:
                noeuds[axe.pk].fiches_porteuses.append(fiche)
    return racines


def objectifs_par_axe(axe_ids: list[int], *, au: datetime.date) -> dict[int, list[NoeudObjectif]]:
    """Objectives of these axes with their sub-items, in order; one query."""
    noeuds: dict[int, NoeudObjectif] = {}
    par_axe: dict[int, list[NoeudObjectif]] = defaultdict(list)
    objectifs = ObjectifOperationnel.objects.filter(axe__in=axe_ids).en_vigueur(au=au)
    objectifs = list(objectifs.order_by("axe", "ordre", "pk"))
    cles = cles_actuelles(objectifs)
    for objectif in objectifs:
        noeuds[cles[objectif.pk]] = NoeudObjectif(objectif)
    for noeud in noeuds.values():
        parent = noeuds.get(noeud.objectif.parent_id)
        (parent.enfants if parent else par_axe[noeud.objectif.axe_id]).append(noeud)
    return par_axe


def racines_des_axes(convention: Convention) -> dict[int, int]:
    """{axe: its ancestor of the first level}."""
    parents = dict(Axe.objects.filter(convention=convention).values_list("pk", "parent_id"))

    def racine(pk: int) -> int:
        while parents[pk]:
            pk = parents[pk]
        return pk

    return {pk: racine(pk) for pk in parents}
