"""Invariants of what is frozen and published. Each fault is a sentence; nothing is repaired."""

from collections.abc import Callable, Iterator

from ctg.fichiers import faute_du_fichier
from evaluation import canonique
from evaluation.acte import Acte
from evaluation.contenus import ecrire_contenu, lire_contenu
from evaluation.documents import FORMATS
from evaluation.enums import DecisionAval, Sortie, StatutBilan
from evaluation.models import Bilan
from fiches.models import FicheProjet


def fautes() -> Iterator[str]:
    """One sentence a fault, of every version of every convention."""
    yield from _textes_remplaces()
    bilans = Bilan.objects.select_related("convention", "acte").prefetch_related("avals", "documents")
    for bilan in bilans.order_by("convention__slug", "annee", "version").iterator(chunk_size=20):
        nom = f"{bilan.convention.slug}, {bilan}"
        for faute in (*_contenu(bilan), *_avals(bilan), *_acte(bilan), *_documents(bilan)):
            yield f"{nom} : {faute}"


def _textes_remplaces() -> Iterator[str]:
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
