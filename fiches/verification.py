"""Invariants of the plan: the tree is one, of one convention, and nothing hangs on a text that is no longer read."""

from collections.abc import Iterator

from django.db.models import F, Q

from ctg.invariants import register
from fiches.models import Axe, FicheProjet


@register
def arbre() -> Iterator[str]:
    axes = {
        axe.pk: axe for axe in Axe.objects.select_related("convention").order_by("convention__slug", "pk")
    }
    for axe in axes.values():
        parent = axes.get(axe.parent_id)
        nom = f"{axe.convention.slug}, axe {axe.code}"
        if _tourne_en_rond(axe, axes):
            yield f"{nom}\u00a0: il est sous lui-même"
        elif parent is not None and parent.convention_id != axe.convention_id:
            yield f"{nom}\u00a0: il est sous un axe d’une autre convention"
        elif axe.rang != (parent.rang + 1 if parent else 1):
            yield f"{nom}\u00a0: son rang n’est pas celui de sa place"


def _tourne_en_rond(axe: Axe, axes: dict[int, Axe]) -> bool:
    vus = set()
    while axe is not None and axe.pk not in vus:
        vus.add(axe.pk)
        axe = axes.get(axe.parent_id)
    return axe is not None


@register
def rattachements() -> Iterator[str]:
    """A fiche hangs on axes of its own convention."""
    ailleurs = FicheProjet.objects.filter(
        ~Q(axe__convention=F("convention")) | (Q(axes__isnull=False) & ~Q(axes__convention=F("convention")))
    )
    for fiche in ailleurs.select_related("convention").distinct().order_by("convention__slug", "pk"):
        yield f"{fiche.convention.slug}, fiche {fiche.code}\u00a0: elle est rattachée à un axe d’une autre convention"


@register
def textes_remplaces() -> Iterator[str]:
    """Nothing hangs on the text of a fiche that an avenant replaced: it would be read nowhere."""
    for lien in FicheProjet._meta.related_objects:
        if lien.one_to_one:  # what succeeds to it
            continue
        nom = lien.related_model._meta.verbose_name
        egarees = lien.related_model._base_manager.filter(**{f"{lien.field.name}__successeur__isnull": False})
        for fiche in (
            egarees.order_by(lien.field.name).values_list(f"{lien.field.name}__code", flat=True).distinct()
        ):
            yield f"{fiche}\u00a0: {nom} sur un texte qu’un avenant a remplacé"
