"""Invariants of seats and of what was distributed. Each fault is a sentence; nothing is repaired."""

import datetime
import itertools
from collections.abc import Iterator

from django.db.migrations.recorder import MigrationRecorder

from ctg.fichiers import faute_du_fichier
from ctg.invariants import register
from gouvernance.enums import EtatCompteRendu
from gouvernance.models import MandatMembre, Reunion

# Minutes that were distributed before have no file: they are drawn again from what froze then.
FICHIERS_GARDES = ("gouvernance", "0006_documents_diffuses_et_reports")


@register
def comptes_rendus() -> Iterator[str]:
    """What was distributed is kept as it was."""
    reunions = Reunion.objects.filter(etat_compte_rendu=EtatCompteRendu.DIFFUSE)
    reunions = reunions.select_related("convention").prefetch_related("documents_diffuses")
    for reunion in reunions.order_by("convention__slug", "annee", "rang").iterator(chunk_size=50):
        nom = f"{reunion.convention.slug}, {reunion}"
        documents = list(reunion.documents_diffuses.all())
        is_garde = any(document.label_id is None for document in documents)
        if not is_garde and (documents or not _est_diffusee_avant(reunion)):
            yield f"{nom}\u00a0: le fichier du compte rendu diffusé manque"
        for document in documents:
            if faute := faute_du_fichier(document):
                yield f"{nom}\u00a0: le fichier {document.nom} {faute}"


def _est_diffusee_avant(reunion: Reunion) -> bool:
    """Before files were kept: the history says when this base distributed them, whatever the date of the step."""
    app, nom = FICHIERS_GARDES
    gardes = MigrationRecorder.Migration.objects.filter(app=app, name=nom).first()
    diffusee = (
        reunion.historique.filter(etat_compte_rendu=EtatCompteRendu.DIFFUSE).order_by("history_date").first()
    )
    return bool(gardes and diffusee and diffusee.history_date < gardes.applied)


@register
def mandats() -> Iterator[str]:
    """Nobody holds one seat twice on one day."""
    mandats = MandatMembre.objects.select_related("membre__instance_gouvernance__convention", "personne")
    mandats = mandats.order_by("membre", "personne", "pk")
    for _, siens in itertools.groupby(mandats, key=lambda m: (m.membre_id, m.personne_id)):
        ranges = sorted(siens, key=lambda m: m.date_debut or datetime.date.min)
        for avant, apres in itertools.pairwise(ranges):
            if (apres.date_debut or datetime.date.min) < (avant.date_fin or datetime.date.max):
                instance = avant.membre.instance_gouvernance
                yield (
                    f"{instance.convention.slug}, {instance}\u00a0: le mandat n° {apres.pk} commence avant la fin du "
                    f"n° {avant.pk}, à la même place et de la même personne"
                )
