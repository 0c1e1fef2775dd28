"""Scopes that name axes and fiches. An axe's perimeter covers its descendants and its successors."""

from django.utils import timezone

from ctg.enums import Role
from ctg.perimetres import Perimetre, register
from fiches.models import Axe, FicheProjet, PerimetreAxe, PerimetreFiche


def _par_mandat(rows) -> dict[int, set[int]]:
    scopes: dict[int, set[int]] = {}
    for mandat_id, objet_id in rows:
        scopes.setdefault(mandat_id, set()).add(objet_id)
    return scopes


def axes(mandat_ids: list[int]) -> dict[int, set[int]]:
    """{mandat: ids of the named axes, their descendants and successors}; two queries at most."""
    nommes = _par_mandat(
        PerimetreAxe.objects.filter(mandat__in=mandat_ids).values_list("mandat_id", "axe_id")
    )
    if not nommes:
        return {}
    conventions = Axe.objects.filter(pk__in=set().union(*nommes.values())).values("convention")
    suites: dict[int, set[int]] = {}
    for pk, parent_id, succede_a_id in Axe.objects.filter(convention__in=conventions).values_list(
        "pk", "parent_id", "succede_a_id"
    ):
        for avant in (parent_id, succede_a_id):
            if avant:
                suites.setdefault(avant, set()).add(pk)
    return {mandat_id: _cloture(ids, suites) for mandat_id, ids in nommes.items()}


def _cloture(ids: set[int], suites: dict[int, set[int]]) -> set[int]:
    couverts, a_voir = set(), list(ids)
    while a_voir:
        pk = a_voir.pop()
        if pk not in couverts:
            couverts.add(pk)
            a_voir.extend(suites.get(pk, ()))
    return couverts


def fiches(mandat_ids: list[int]) -> dict[int, set[int]]:
    """{mandat: ids of the named fiches}; one query."""
    return _par_mandat(
        PerimetreFiche.objects.filter(mandat__in=mandat_ids).values_list("mandat_id", "fiche_id")
    )


def _axes_en_vigueur(convention) -> list[tuple[int, str]]:
    axes = Axe.objects.filter(convention=convention).en_vigueur(au=timezone.localdate())
    lignes = axes.order_by("rang", "ordre", "pk")
    return [(axe.pk, str(axe)) for axe in lignes if axe.rang == 1]


def _fiches_en_vigueur(convention) -> list[tuple[int, str]]:
    fiches = FicheProjet.objects.filter(convention=convention).en_vigueur(au=timezone.localdate())
    return [(fiche.pk, str(fiche)) for fiche in fiches.for_list()]


register(
    "axes",
    axes,
    Perimetre(
        Role.COORDINATEUR_THEMATIQUE, "Axes du coordinateur thématique", PerimetreAxe, "axe", _axes_en_vigueur
    ),
)
register(
    "fiches",
    fiches,
    Perimetre(Role.REFERENT, "Fiches du référent", PerimetreFiche, "fiche", _fiches_en_vigueur),
)
