"""What changed of the plan between two days: axes, objectives, fiches. No presentation."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ctg.historique import Difference
from ctg.models import Convention
from fiches.models import Axe, FicheProjet, ObjectifOperationnel

AJOUT, FIN, CHANGEMENT = "ajout", "clôture", "changement"


@dataclass(frozen=True, slots=True)
class Changement:
    """`genre`: what it is, as the convention calls it; `champs`: the words that are no longer the same."""

    quoi: str
    genre: str
    code: str
    intitule: str
    champs: tuple[Difference, ...] = ()

    @property
    def is_fiche(self) -> bool:
        return self.genre == FICHE


@dataclass(frozen=True, slots=True)
class Sorte:
    """One kind of rows of the plan. `genre`, `code` and `intitule` of a row; `champs`: {signed field: what it says}."""

    lignes: QuerySet
    genre: Callable
    code: Callable
    intitule: Callable
    champs: dict[str, Callable]


FICHE = "fiche projet"


def comparer_arbres(
    convention: Convention, *, depuis: datetime.date, au: datetime.date
) -> tuple[Changement, ...]:
    """In the order of the plan; ten queries, whatever changed.

    A row and those that succeed it are one thing, whatever its code: it is changed, and neither ended nor added.
    """
    return tuple(
        changement for sorte in _sortes(convention) for changement in _comparer(sorte, depuis=depuis, au=au)
    )


def _sortes(convention: Convention) -> Iterable[Sorte]:
    niveaux = {niveau.rang: niveau.singulier for niveau in convention.niveaux.all()}
    yield Sorte(
        Axe.objects.filter(convention=convention).select_related("parent").for_tree(),
        lambda axe: niveaux.get(axe.rang, "axe"),
        lambda axe: axe.code,
        lambda axe: axe.intitule,
        {
            "intitule": lambda axe: axe.intitule,
            "presentation": lambda axe: axe.presentation,
            "enjeux": lambda axe: axe.enjeux,
            "introduction_objectifs": lambda axe: axe.introduction_objectifs,
            "conclusion_objectifs": lambda axe: axe.conclusion_objectifs,
            "parent": lambda axe: str(axe.parent or ""),
            "service": lambda axe: str(axe.service or ""),
        },
    )
    yield Sorte(
        ObjectifOperationnel.objects.filter(Q(axe__convention=convention) | Q(fiche__convention=convention))
        .select_related("axe", "fiche", "parent")
        .order_by("axe__rang", "axe__ordre", "axe", "fiche__numero", "ordre", "pk"),
        lambda objectif: objectif.get_nature_display(),
        lambda objectif: objectif.code,
        lambda objectif: objectif.intitule,
        {
            "intitule": lambda objectif: objectif.intitule,
            "nature": lambda objectif: objectif.get_nature_display(),
            "axe": lambda objectif: objectif.axe.code if objectif.axe else "",
            "parent": lambda objectif: objectif.parent.code if objectif.parent else "",
        },
    )
    yield Sorte(
        FicheProjet.objects.filter(convention=convention).for_list().prefetch_related("axes"),
        lambda fiche: FICHE,
        lambda fiche: fiche.code,
        lambda fiche: fiche.titre,
        {
            "intitule": lambda fiche: fiche.intitule,
            "axe": lambda fiche: str(fiche.axe),
            "axes": lambda fiche: ", ".join(sorted(axe.code for axe in fiche.axes.all())),
            "pilote": lambda fiche: str(fiche.pilote or ""),
            "service_pilote": lambda fiche: str(fiche.service_pilote or ""),
        },
    )


def _comparer(sorte: Sorte, *, depuis: datetime.date, au: datetime.date) -> Iterable[Changement]:
    precedents = dict(sorte.lignes.order_by().values_list("pk", "succede_a"))

    def origine(pk: int) -> int:
        while precedents.get(pk) is not None:
            pk = precedents[pk]
        return pk

    avant, apres = (
        {origine(ligne.pk): ligne for ligne in sorte.lignes.en_vigueur(au=jour)} for jour in (depuis, au)
    )
    for cle, ligne in apres.items():
        if cle not in avant:
            yield _changement(sorte, AJOUT, ligne)
        elif champs := _differences(sorte, avant[cle], ligne):
            yield _changement(sorte, CHANGEMENT, ligne, champs)
    for cle, ligne in avant.items():
        if cle not in apres:
            yield _changement(sorte, FIN, ligne)


def _changement(sorte: Sorte, quoi: str, ligne, champs=()) -> Changement:
    return Changement(quoi, sorte.genre(ligne), sorte.code(ligne), sorte.intitule(ligne), champs)


def _differences(sorte: Sorte, avant, apres) -> tuple[Difference, ...]:
    if avant.pk == apres.pk:
        return ()
    return tuple(
        Difference("", nom, str(avant._meta.get_field(nom).verbose_name), dit(avant), dit(apres))
        for nom, dit in sorte.champs.items()
        if dit(avant) != dit(apres)
    )
