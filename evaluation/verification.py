"""Invariants of what is entered, frozen and published. Each fault is a sentence; nothing is repaired."""

from collections.abc import Callable, Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import ExtractYear

from ctg.fichiers import faute_du_fichier
from ctg.invariants import register
from evaluation import canonique
from evaluation.acte import Acte
from evaluation.avenants import verification as verification_des_avenants  # noqa: F401 -- declares its own
from evaluation.contenus import ecrire_contenu, lire_contenu
from evaluation.documents import FORMATS
from evaluation.enums import DecisionAval, Sortie, StatutBilan, StatutCampagne
from evaluation.models import Bilan, Campagne, Mesure, Saisie
from evaluation.protocole import verification as verification_du_protocole  # noqa: F401 -- declares its own


@register
def annees_des_mesures() -> Iterator[str]:
    """A value is of a year in which its indicator was in force, and its convention too."""
    annee = F("annee")
    hors = Mesure.objects.annotate(
        debut=ExtractYear("indicateur__date_effet"),
        fin=ExtractYear("indicateur__date_fin"),
        origine=ExtractYear("indicateur__fiche__convention__date_debut"),
        terme=ExtractYear("indicateur__fiche__convention__date_fin"),
    ).filter(Q(debut__gt=annee) | Q(fin__lt=annee) | Q(origine__gt=annee) | Q(terme__lt=annee))
    for mesure in hors.select_related("indicateur__fiche__convention").order_by("pk"):
        indicateur = mesure.indicateur
        yield (
            f"{indicateur.fiche.convention.slug}, indicateur {indicateur.code}\u00a0: une valeur de {mesure.annee}, "
            "où il n’existe pas"
        )


@register
def saisies_d_ailleurs() -> Iterator[str]:
    ailleurs = Saisie.objects.exclude(fiche__convention=F("campagne__convention"))
    for saisie in ailleurs.select_related("campagne__convention", "fiche").order_by("pk"):
        yield (
            f"{saisie.campagne.convention.slug}, {saisie.campagne}\u00a0: la saisie de {saisie.fiche.code}, "
            "fiche d’une autre convention"
        )


@register
def bilans_sans_cloture() -> Iterator[str]:
    """What is frozen is of a year that was closed."""
    close = Campagne.objects.filter(
        convention=OuterRef("convention"), annee=OuterRef("annee"), statut=StatutCampagne.CLOSE
    )
    for bilan in Bilan.objects.filter(~Exists(close)).select_related("convention").order_by("pk"):
        yield f"{bilan.convention.slug}, {bilan}\u00a0: la campagne de son année n’est pas close"


@register
def bilans() -> Iterator[str]:
    bilans = Bilan.objects.select_related("convention", "acte").prefetch_related("avals", "documents")
    for bilan in bilans.order_by("convention__slug", "annee", "version").iterator(chunk_size=20):
        nom = f"{bilan.convention.slug}, {bilan}"
        for faute in (*_contenu(bilan), *_avals(bilan), *_acte(bilan), *_documents(bilan)):
            yield f"{nom}\u00a0: {faute}"


def _relire(aller_retour: Callable[[str], str], texte: str) -> str:
    try:
        relu = aller_retour(texte)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return "ne se relit pas"
    return "" if relu == texte else "n’est pas sous sa forme canonique"


def _contenu(bilan: Bilan) -> Iterator[str]:
    if canonique.empreinte(bilan.contenu) != bilan.empreinte:
        yield "le contenu n’a pas l’empreinte notée"
    if faute := _relire(lambda texte: ecrire_contenu(lire_contenu(texte)), bilan.contenu):
        yield f"le contenu {faute}"


def _avals(bilan: Bilan) -> Iterator[str]:
    avals = list(bilan.avals.all())
    if any(aval.empreinte != bilan.empreinte for aval in avals):
        yield "un aval porte sur un autre contenu"
    if bilan.statut in StatutBilan.AVALISES or bilan.date_publication:
        if not any(aval.decision == DecisionAval.DONNE for aval in avals):
            yield "aucun aval n’est donné"
        if any(aval.decision == DecisionAval.REFUSE for aval in avals):
            yield "un aval est refusé"


def _acte(bilan: Bilan) -> Iterator[str]:
    acte = getattr(bilan, "acte", None)
    if acte is None:
        if bilan.date_publication:
            yield "l’acte de publication manque"
        return
    if canonique.empreinte(bilan.contenu, acte.contenu) != acte.empreinte:
        yield "l’acte de publication n’a pas l’empreinte notée"
    if faute := _relire(lambda texte: canonique.ecrire(canonique.lire(Acte, texte)), acte.contenu):
        yield f"l’acte de publication {faute}"
    elif canonique.lire(Acte, acte.contenu).empreinte != bilan.empreinte:
        yield "l’acte de publication porte sur un autre contenu"


def _documents(bilan: Bilan) -> Iterator[str]:
    documents = {(d.sortie, d.extension): d for d in bilan.documents.all()}
    if bilan.date_publication:
        for sortie in Sortie.values:
            for extension in FORMATS:
                if (sortie, extension) not in documents:
                    yield f"le document {sortie} {extension} manque"
    for document in documents.values():
        if faute := faute_du_fichier(document):
            yield f"le fichier {document.nom} {faute}"
