"""Invariants of what was distributed. Each fault is a sentence; nothing is repaired."""

from collections.abc import Iterator

from ctg.fichiers import faute_du_fichier
from gouvernance.enums import EtatCompteRendu
from gouvernance.models import Reunion


def fautes() -> Iterator[str]:
    """One sentence a fault, of every meeting of every convention."""
    reunions = Reunion.objects.filter(etat_compte_rendu=EtatCompteRendu.DIFFUSE)
    reunions = reunions.select_related("convention").prefetch_related("documents_diffuses")
    for reunion in reunions.order_by("convention__slug", "annee", "rang").iterator(chunk_size=50):
        nom = f"{reunion.convention.slug}, {reunion}"
        documents = list(reunion.documents_diffuses.all())
        if not any(document.label_id is None for document in documents):
            yield f"{nom}\u00a0: le fichier du compte rendu diffusé manque"
        for document in documents:
            if faute := faute_du_fichier(document):
                yield f"{nom}\u00a0: le fichier {document.nom} {faute}"
