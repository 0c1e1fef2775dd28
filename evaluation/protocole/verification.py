"""Invariants of what was put to approval. Each fault is a sentence; nothing is repaired."""

from collections.abc import Iterator

from ctg.invariants import register
from evaluation import canonique
from evaluation.models import Protocole, QuestionEvaluative
from evaluation.models.approuvables import Approuvable
from evaluation.protocole.contenus import contenu_de
from evaluation.protocole.enums import INITIAUX, RENDUS, DecisionApprobation


@register
def approbations() -> Iterator[str]:
    for modele, rang in ((Protocole, "version"), (QuestionEvaluative, "numero")):
        soumis = modele.objects.exclude(statut__in=INITIAUX).select_related("convention")
        for objet in soumis.prefetch_related("approbations").order_by("convention__slug", rang):
            for faute in _du_contenu(objet):
                yield f"{objet.convention.slug}, {objet}\u00a0: {faute}"


def _du_contenu(objet: Approuvable) -> Iterator[str]:
    if canonique.empreinte(objet.contenu) != objet.empreinte:
        yield "le contenu n’a pas l’empreinte notée"
    try:
        relu = canonique.ecrire(contenu_de(objet))
    except (KeyError, TypeError, ValueError):
        yield "le contenu ne se relit pas"
    else:
        if relu != objet.contenu:
            yield "le contenu n’est pas sous sa forme canonique"
    approbations = list(objet.approbations.all())
    if any(approbation.empreinte != objet.empreinte for approbation in approbations):
        yield "une approbation porte sur un autre contenu"
    if objet.statut in RENDUS and {a.decision for a in approbations} != {DecisionApprobation.APPROUVE}:
        yield "l’approbation n’est pas donnée"
