"""Gives up a convention that was opened by mistake, as long as nothing else was written in it."""

from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError

from ctg.chargement.tableau import tableaux
from ctg.models import Convention, LigneChargee, Mandat, Personne, Utilisateur

UN_AUTRE = "Seule la personne qui a ouvert cette convention peut l’abandonner."
DEJA_ECRITE = "Cette convention ne s’abandonne plus : on y a écrit depuis son ouverture ({}). Elle se garde, et se corrige."
NON_REPRISE = "Cette convention n’a pas été ouverte à partir d’une autre : elle ne s’abandonne pas."


@dataclass(frozen=True, slots=True)
class Naissance:
    acte: UUID
    qui: int | None


def get_naissance(convention: Convention) -> Naissance | None:
    """The act that opened it, and whose."""
    ligne = Convention.historique.filter(id=convention.pk, history_type="+").order_by("history_id").first()
    return Naissance(ligne.acte, ligne.history_user_id) if ligne else None


def motif_de_refus(convention: Convention, user: Utilisateur) -> str:
    """Why this person may not give it up now; empty when they may."""
    naissance = get_naissance(convention)
    if convention.predecesseur_id is None or naissance is None:
        return NON_REPRISE
    if naissance.qui != user.pk:
        return UN_AUTRE
    if ecrit := _ecrit_depuis(convention, naissance):
        return DEJA_ECRITE.format(ecrit)
    return ""


@transaction.atomic
def abandonner(convention_id: int, *, par: Utilisateur) -> Convention:
    """Deletes it with all that its opening created, and returns the one that it continued.

    Raises PermissionDenied, or ValidationError where something else was written in it.
    """
    convention = Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=convention_id)
    if refus := motif_de_refus(convention, par):
        if refus == UN_AUTRE:
            raise PermissionDenied(refus)
        raise ValidationError(refus)
    naissance, ancienne = get_naissance(convention), convention.predecesseur
    prevus = _crees(convention, naissance)
    convention._change_reason = f"Ouverture abandonnée ; elle reprenait « {ancienne} »"
    try:
        partis = _supprimer(convention)
    except ProtectedError as error:
        raise ValidationError(DEJA_ECRITE.format(_nom(next(iter(error.protected_objects))))) from None
    for label, nombre in partis.items():
        modele = apps.get_model(label)
        if modele._meta.auto_created or modele is LigneChargee:
            continue
        if nombre > prevus.get(label, 0):  # a row that came with no history, or under another
            raise ValidationError(DEJA_ECRITE.format(_nom(modele)))
    return ancienne


def _charges(convention: Convention) -> list[tuple[type[models.Model], list[int]]]:
    """(model, keys) of what the opening loaded, in the order of the tables."""
    lues = LigneChargee.objects.filter(convention=convention)
    return [
        (tableau.modele, sorted(cles))
        for tableau in tableaux()
        if tableau.modele is not Convention
        and (cles := [ligne.objet_id for ligne in lues if ligne.tableau == tableau.nom])
    ]


def _ecrit_depuis(convention: Convention, naissance: Naissance) -> str:
    """What was written in it by another act, in a word; empty: nothing."""
    suivis = [(Convention, [convention.pk]), *_charges(convention)]
    for modele in (Mandat, Personne):
        cles = modele.objects.filter(convention=convention).values_list("pk", flat=True)
        suivis.append((modele, list(cles)))
    for modele, cles in suivis:
        if not hasattr(modele, "historique"):
            continue
        if modele.historique.filter(id__in=cles).exclude(acte=naissance.acte).exists():
            return _nom(modele)
    return ""


def _crees(convention: Convention, naissance: Naissance) -> dict[str, int]:
    """{model: how many rows the opening created}."""
    nombres: dict[str, int] = {}
    for modele, cles in _charges(convention):
        nombres[modele._meta.label] = nombres.get(modele._meta.label, 0) + len(cles)
    for modele in apps.get_models():
        if hasattr(modele, "historique") and modele._meta.label not in nombres:
            nees = modele.historique.filter(acte=naissance.acte, history_type="+").count()
            nombres[modele._meta.label] = nees
    return nombres


def _supprimer(convention: Convention) -> dict[str, int]:
    """{model: how many rows went}, the last loaded first: nothing goes before what names it."""
    partis: dict[str, int] = {}
    for modele, cles in reversed(_charges(convention)):
        liee_a_soi = any(f.related_model is modele and f.name == "parent" for f in modele._meta.fields)
        lots = [[cle] for cle in reversed(cles)] if liee_a_soi else [cles]
        for lot in lots:
            _ajouter(partis, modele.objects.filter(pk__in=lot).delete()[1])
    _ajouter(partis, convention.delete()[1])
    return partis


def _ajouter(partis: dict[str, int], autres: dict[str, int]) -> None:
    for label, nombre in autres.items():
        partis[label] = partis.get(label, 0) + nombre


def _nom(modele: models.Model | type[models.Model]) -> str:
    return str(modele._meta.verbose_name)
