"""Invariants of avenants: what was settled keeps its hash, and what was applied is what the plan says."""

from collections.abc import Iterator

from ctg.invariants import register
from ctg.models.base import Temporel
from evaluation import canonique
from evaluation.avenants.contenu import lire_lignes
from evaluation.avenants.enums import EtatProjet
from evaluation.models import ChangementProjete, ProjetAvenant
from evaluation.models.regles_avenants import is_sortie


@register
def projets_avenant() -> Iterator[str]:
    figes = ProjetAvenant.objects.filter(statut__in=EtatProjet.FIGES).select_related("convention", "avenant")
    for projet in figes.order_by("convention__slug", "numero", "pk"):
        nom = f"{projet.convention.slug}, {projet}"
        if canonique.empreinte(projet.contenu) != projet.empreinte:
            yield f"{nom}\u00a0: le contenu arrêté n’a pas l’empreinte notée"
        if projet.statut == EtatProjet.APPLIQUE:
            yield from (
                f"{nom}\u00a0: « {ligne} » n’est pas dans la convention"
                for ligne in lire_lignes(projet)
                if not _est_dit(ligne, projet)
            )


def _est_dit(ligne: ChangementProjete, projet: ProjetAvenant) -> bool:
    """What the line wrote ends on the day of the avenant, or begins then: it, or the text that another one succeeded."""
    objet: Temporel | None = ligne.regle.modele.objects.filter(pk=ligne.trace.get("objet")).first()
    if is_sortie(ligne.nature):
        return objet is not None and objet.date_fin == projet.avenant.date_effet
    while objet is not None and objet.date_effet != projet.avenant.date_effet:
        objet = objet.succede_a
    return objet is not None
