"""An avenant adds, rewrites or closes an axe or an objective; the tree as of any day stays readable.

As for a fiche (`fiches.succession`), the row of the axe is the one that succeeds: its children, its fiches, its
perimeters and its objectives hang on it before and after. The text that was is a row of its own, closed at the date.
"""

import datetime
from collections.abc import Iterable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError, Q
from django.utils import timezone

from ctg.models import Avenant, Convention
from ctg.templatetags.affichage import date_longue
from fiches.fins import verifier_jour
from fiches.models import Axe, FicheProjet, ObjectifOperationnel

Noeud = TypeVar("Noeud", Axe, ObjectifOperationnel)


@transaction.atomic
def ajouter_axe(avenant: Avenant, parent: Axe | None, champs: dict) -> Axe:
    """At the end of its level, under the next number. `champs` may give its code. Raises ValidationError."""
    _verifier_jour(avenant.convention, avenant)
    _verrouiller_arbre(avenant.convention_id)
    _verifier_support(parent, avenant)
    freres = Axe.objects.filter(convention=avenant.convention_id, parent=parent)
    dernier = freres.aggregate(numero=Max("numero"), ordre=Max("ordre"))
    numero = (dernier["numero"] or 0) + 1
    axe = Axe(
        convention=avenant.convention,
        parent=parent,
        numero=numero,
        ordre=(dernier["ordre"] or 0) + 1,
        date_effet=avenant.date_effet,
        source=str(avenant)[:200],
    )
    for nom, valeur in champs.items():
        setattr(axe, nom, valeur)
    axe.code = champs.get("code") or code_d_un_axe(parent, numero)
    return _enregistrer(axe, avenant)


def code_d_un_axe(parent: Axe | None, numero: int) -> str:
    return f"{parent.code}.{numero}" if parent else str(numero)


@transaction.atomic
def ajouter_objectif(avenant: Avenant, axe: Axe, champs: dict) -> ObjectifOperationnel:
    """At the end of those of its axe. Raises ValidationError."""
    _verifier_jour(avenant.convention, avenant)
    _verrouiller_arbre(avenant.convention_id)
    _verifier_support(axe, avenant)
    siens = ObjectifOperationnel.objects.filter(axe=axe)
    ordre = (siens.filter(parent=None).aggregate(ordre=Max("ordre"))["ordre"] or 0) + 1
    pris = set(siens.values_list("code", flat=True))
    numero = next(n for n in range(ordre, ordre + len(pris) + 1) if f"{axe.code}.{n}" not in pris)
    objectif = ObjectifOperationnel(
        axe=axe,
        code=f"{axe.code}.{numero}",
        ordre=ordre,
        date_effet=avenant.date_effet,
        source=str(avenant)[:200],
    )
    for nom, valeur in champs.items():
        setattr(objectif, nom, valeur)
    return _enregistrer(objectif, avenant)


@transaction.atomic
def changer(noeud: Noeud, avenant: Avenant, champs: dict) -> Noeud:
    """Give it the text of the avenant from its date on. Raises ValidationError."""
    noeud = _prendre(noeud)
    _verifier_noeud(noeud, avenant)
    if all((getattr(noeud, nom) or "") == (valeur or "") for nom, valeur in champs.items()):
        raise ValidationError("Rien ne change : dites ce que l’avenant change.")
    ancienne = _archiver(noeud, avenant)
    noeud.date_effet, noeud.succede_a, noeud.source = avenant.date_effet, ancienne, str(avenant)[:200]
    for nom, valeur in champs.items():
        setattr(noeud, nom, valeur)
    return _enregistrer(noeud, avenant)


@transaction.atomic
def clore(noeud: Noeud, avenant: Avenant) -> Noeud:
    """From that day on it is no longer in force. Raises ValidationError, with what still hangs on an axe."""
    noeud = _prendre(noeud)
    _verifier_noeud(noeud, avenant)
    if isinstance(noeud, Axe) and (tient := ce_qui_y_tient(noeud, au=avenant.date_effet)):
        raise ValidationError(
            f"L’axe {noeud.code} ne peut pas être clos : {', '.join(tient)} en dépendent encore. Le même avenant doit "
            "aussi les clore ou les rattacher ailleurs."
        )
    noeud.date_fin = avenant.date_effet
    return _enregistrer(noeud, avenant)


def ce_qui_y_tient(axe: Axe, *, au: datetime.date) -> list[str]:
    """Codes of the axes and fiches that are in force under it on that day."""
    enfants = axe.enfants.en_vigueur(au=au).order_by("ordre", "pk")
    fiches = FicheProjet.objects.filter(Q(axe=axe) | Q(axes=axe)).en_vigueur(au=au)
    return [
        *enfants.values_list("code", flat=True),
        *fiches.order_by("axe__ordre", "numero").distinct().values_list("code", flat=True),
    ]


@transaction.atomic
def annuler(noeud: Noeud, *, motif: str) -> Noeud:
    """The text that the last avenant replaced is its own again. Raises ValidationError."""
    noeud = _prendre(noeud)
    ancienne = noeud.succede_a
    if ancienne is None:
        raise ValidationError("Aucun avenant n’a changé ce texte.")
    raison = _raison(motif)
    verifier_jour(_convention(noeud), noeud.date_effet)
    for nom in (*type(noeud).CONTRACTUELS, "source"):
        setattr(noeud, nom, getattr(ancienne, nom))
    avant, debut = ancienne.succede_a_id, ancienne.date_effet
    type(noeud).objects.filter(pk=noeud.pk).update(  # no history: its line is the next one
        succede_a=None, date_effet=debut
    )
    ancienne._change_reason = raison
    ancienne.delete()
    noeud.succede_a_id, noeud.date_effet = avant, debut
    noeud.suivre(raison)
    noeud.save()
    return noeud


@transaction.atomic
def rouvrir(noeud: Noeud, *, motif: str) -> Noeud:
    """What an avenant closed by mistake is in force again. Raises ValidationError."""
    noeud = _prendre(noeud)
    if noeud.date_fin is None:
        raise ValidationError("Ce texte est en vigueur.")
    verifier_jour(_convention(noeud), noeud.date_fin)
    noeud.date_fin, noeud._change_reason = None, _raison(motif)
    noeud.full_clean()
    noeud.save()
    return noeud


@transaction.atomic
def supprimer(noeud: Axe | ObjectifOperationnel, *, motif: str) -> None:
    """What an avenant added by mistake, where nothing hangs on it. Raises ValidationError."""
    noeud = _prendre(noeud)
    if noeud.date_effet is None or noeud.succede_a_id:
        raise ValidationError("Seul ce qu’un avenant a ajouté se supprime.")
    if noeud.enfants.exists() or (isinstance(noeud, Axe) and noeud.fiches_porteuses.exists()):
        raise ValidationError(f"D’autres éléments dépendent de « {noeud} ».")
    noeud._change_reason = _raison(motif)
    try:
        noeud.delete()
    except ProtectedError:
        raise ValidationError(f"D’autres éléments dépendent de « {noeud} ».") from None


def cles_actuelles(lignes: Iterable[Noeud]) -> dict[int, int]:
    """{row: the row that goes on, on which all hangs}; one query, and none where no text was replaced."""
    lignes = list(lignes)
    cles = {ligne.pk: ligne.pk for ligne in lignes}
    if not any(ligne.date_fin for ligne in lignes):
        return cles
    suivantes = type(lignes[0]).objects.filter(succede_a__isnull=False)
    suites = dict(suivantes.values_list("succede_a_id", "pk"))
    return {pk: _derniere(pk, suites) for pk in cles}


def _derniere(pk: int, suites: dict[int, int]) -> int:
    while pk in suites:
        pk = suites[pk]
    return pk


def axes_au(convention: Convention, au: datetime.date) -> dict[int, Axe]:
    """{axe: the row that held its text on that day}, of those in force then, in the order of the tree."""
    axes = list(Axe.objects.filter(convention=convention).en_vigueur(au=au).for_tree())
    cles = cles_actuelles(axes)
    return {cles[axe.pk]: axe for axe in axes}


def textes_des_axes(axes: Iterable[Axe], au: datetime.date) -> dict[int, Axe]:
    """{axe: the row that held its text on that day}, of those whose text was another one; no query where there is none."""
    changes = [axe for axe in axes if axe.succede_a_id and axe.date_effet > au]
    if not changes:
        return {}
    du_jour = axes_au(changes[0].convention, au)
    return {axe.pk: du_jour[axe.pk] for axe in changes if axe.pk in du_jour}


def _enregistrer(noeud: Noeud, avenant: Avenant) -> Noeud:
    noeud.suivre(avenant)
    noeud._change_reason = str(avenant)
    noeud.full_clean()
    noeud.save()
    return noeud


def _archiver(noeud: Noeud, avenant: Avenant) -> Noeud:
    """The text as it was until that day."""
    ancienne = type(noeud).objects.get(pk=noeud.pk)
    type(noeud).objects.filter(pk=noeud.pk).update(  # no history: given back at once, one row further
        succede_a=None
    )
    motif = str(avenant)
    ancienne.pk, ancienne._state.adding = None, True
    ancienne.date_fin = avenant.date_effet
    ancienne._change_reason = f"Texte remplacé par l’{motif[:1].lower()}{motif[1:]}"
    ancienne.save()
    return ancienne


def _prendre(noeud: Noeud) -> Noeud:
    return type(noeud).objects.select_for_update(of=("self",), no_key=True).get(pk=noeud.pk)


def _verrouiller_arbre(convention_id: int) -> None:
    """Numbers are given one at a time."""
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=convention_id)


def _convention(noeud: Axe | ObjectifOperationnel) -> Convention:
    return noeud.convention if isinstance(noeud, Axe) else noeud.axe.convention


def _verifier_support(parent: Axe | None, avenant: Avenant) -> None:
    if parent is None:
        return
    if parent.convention_id != avenant.convention_id:
        raise ValidationError("Cet avenant n’est pas de cette convention.")
    if parent.date_fin is not None:
        raise ValidationError(f"L’axe {parent.code} prend fin le {date_longue(parent.date_fin)}.")


def _verifier_noeud(noeud: Axe | ObjectifOperationnel, avenant: Avenant) -> None:
    if isinstance(noeud, ObjectifOperationnel) and noeud.axe_id is None:
        raise ValidationError("Cet objectif est celui d’une fiche : c’est elle qu’un avenant change.")
    convention = _convention(noeud)
    if convention.pk != avenant.convention_id:
        raise ValidationError("Cet avenant n’est pas de cette convention.")
    if noeud.date_fin is not None:
        raise ValidationError(
            f"« {noeud} » prend fin le {date_longue(noeud.date_fin)} : un avenant ne s’y ajoute pas."
        )
    if noeud.date_effet and avenant.date_effet <= noeud.date_effet:
        raise ValidationError("L’avenant doit prendre effet après le début du texte en vigueur.")
    _verifier_jour(convention, avenant)


def _verifier_jour(convention: Convention, avenant: Avenant) -> None:
    if avenant.date_effet > timezone.localdate():
        raise ValidationError(
            f"Cet avenant prend effet le {date_longue(avenant.date_effet)} : il s’applique à partir de ce jour."
        )
    verifier_jour(convention, avenant.date_effet)


def _raison(motif: str) -> str:
    if not motif.strip():
        raise ValidationError("Écrivez le motif : il reste dans l’historique.")
    return f"Avenant annulé : {motif.strip()[:300]}"
