"""The one writer of the mid-term review: its texts, its propositions, its steps.

    en préparation ─présenter─▶ présentée ─décider─▶ décidée ; présentée ─reprendre─▶ en préparation

Texts change while it is prepared; what the COPIL did of a proposition, while it is presented.
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ctg.models import Convention
from ctg.permissions import check
from ctg.templatetags.affichage import pluriel
from evaluation.enums import StatutRevue
from evaluation.models import AppreciationAxe, Proposition, RevueMiParcours
from evaluation.verrous import CHARGE, le
from fiches.models import Axe
from gouvernance.enums import TypeInstance
from gouvernance.models import Decision, PointOrdreDuJour

EN_COURS = "Une revue est déjà en cours : menez-la à son terme avant d’en ouvrir une autre."


@transaction.atomic
def ouvrir(convention: Convention, *, user, now: datetime.datetime) -> RevueMiParcours:
    """With an empty appreciation of each thematic axe. Raises PermissionDenied, ValidationError."""
    _exiger(user, "evaluation.mener_revue", convention)
    Convention.objects.select_for_update(no_key=True).get(pk=convention.pk)
    revues = RevueMiParcours.objects.filter(convention=convention)
    if revues.exclude(statut=StatutRevue.DECIDEE).exists():
        raise ValidationError(EN_COURS)
    rang = (revues.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
    revue = RevueMiParcours(convention=convention, rang=rang, date_ouverture=now)
    revue.full_clean()
    revue.save()
    axes = Axe.objects.filter(convention=convention, rang=1).en_vigueur(au=timezone.localdate(now))
    for axe in axes.order_by("ordre", "pk"):
        AppreciationAxe.objects.create(revue=revue, axe=axe)
    return revue


@transaction.atomic
def enregistrer_introduction(revue: RevueMiParcours, *, user) -> RevueMiParcours:
    """Raises PermissionDenied, ValidationError."""
    _exiger(user, "evaluation.mener_revue", revue)
    _en_preparation(revue.pk)
    revue.source = ""
    revue.full_clean()
    revue.save(update_fields=["introduction", "source"])
    return revue


@transaction.atomic
def enregistrer_texte(objet: AppreciationAxe | Proposition, *, user) -> AppreciationAxe | Proposition:
    """What is said of an axe, or a proposition. Raises PermissionDenied, ValidationError."""
    _exiger(user, "evaluation.ecrire_revue", objet)
    _en_preparation(objet.revue_id)
    objet.source = ""  # what a person writes is no longer of the demonstration
    objet.full_clean()
    objet.save()
    return objet


@transaction.atomic
def retirer_proposition(proposition: Proposition, *, user) -> None:
    """Raises PermissionDenied, ValidationError. The history keeps it."""
    _exiger(user, "evaluation.ecrire_revue", proposition)
    _en_preparation(proposition.revue_id)
    proposition.delete()


@transaction.atomic
def presenter(
    revue: RevueMiParcours, point: PointOrdreDuJour, *, user, now: datetime.datetime
) -> RevueMiParcours:
    """To the COPIL, at a point of its agenda: from then on it is read. Raises PermissionDenied, ValidationError."""
    _exiger(user, "evaluation.mener_revue", revue)
    revue = _en_preparation(revue.pk)
    if not revue.propositions.exists():
        raise ValidationError(
            "Rien n’est encore proposé : une revue présentée propose au moins de maintenir."
        )
    if point.reunion.instance_gouvernance.type_instance != TypeInstance.COPIL:
        raise ValidationError(
            "La revue se présente au comité de pilotage : choisissez un point d’une de ses réunions."
        )
    if point.reunion.is_annulee:
        raise ValidationError("Cette réunion est annulée : choisissez un point d’une autre réunion.")
    revue.statut, revue.point, revue.date_presentation = StatutRevue.PRESENTEE, point, now
    return _avancer(revue)


@transaction.atomic
def reprendre(revue: RevueMiParcours, *, user) -> RevueMiParcours:
    """Back to its writing, as long as the COPIL has decided nothing of it. Raises PermissionDenied, ValidationError."""
    _exiger(user, "evaluation.mener_revue", revue)
    revue = _presentee(revue.pk)
    if revue.propositions.exclude(issue="").exists():
        raise ValidationError("Le COPIL a déjà décidé d’une proposition : ce qu’il a lu ne se reprend plus.")
    revue.statut, revue.point, revue.date_presentation = StatutRevue.EN_PREPARATION, None, None
    return _avancer(revue)


@transaction.atomic
def trancher(proposition: Proposition, issue: str, decision: Decision | None, *, user) -> Proposition:
    """What the COPIL did of it, and by which decision; both empty: not decided yet. Raises PermissionDenied, ValidationError."""
    _exiger(user, "evaluation.mener_revue", proposition)
    revue = _presentee(proposition.revue_id)
    if decision is not None:
        _exiger_du_copil(revue, decision)
    proposition.issue, proposition.decision = issue, decision
    proposition.full_clean()
    proposition.save(update_fields=["issue", "decision"])
    return proposition


@transaction.atomic
def decider(revue: RevueMiParcours, *, user, now: datetime.datetime) -> RevueMiParcours:
    """Every proposition has its decision: the review is over. Raises PermissionDenied, ValidationError."""
    _exiger(user, "evaluation.mener_revue", revue)
    revue = _presentee(revue.pk)
    if nb := revue.propositions.filter(issue="").count():
        raise ValidationError(
            f"{nb} {pluriel(nb, 'proposition attend,propositions attendent')} encore la décision du COPIL : notez-la, "
            "« ajournée » s’il a remis à plus tard."
        )
    revue.statut, revue.date_decision = StatutRevue.DECIDEE, now
    return _avancer(revue)


def raison_de_ne_pas_ecrire(revue: RevueMiParcours) -> str:
    """Why its texts do not change; empty: they do."""
    if revue.is_en_preparation:
        return ""
    if revue.is_presentee:
        return (
            f"La revue est présentée au COPIL depuis le {le(revue.date_presentation)} : ses textes ne changent plus. Tant "
            f"que rien n’est décidé, {CHARGE} peut la reprendre."
        )
    return f"La revue est décidée depuis le {le(revue.date_decision)} : elle ne change plus."


def _exiger_du_copil(revue: RevueMiParcours, decision: Decision) -> None:
    """A decision of the committee, at the meeting where the review was presented or at a later one."""
    reunion = decision.reunion
    if reunion.convention_id != revue.convention_id:
        raise ValidationError("Cette décision n’est pas de cette convention.")
    if reunion.instance_gouvernance.type_instance != TypeInstance.COPIL:
        raise ValidationError(
            "Choisissez une décision du comité de pilotage : lui seul décide d’une proposition."
        )
    if reunion.date < revue.point.reunion.date:
        raise ValidationError(
            "Cette décision a été prise avant que la revue soit présentée : choisissez-en une autre."
        )
    if decision.is_remplacee:
        raise ValidationError(
            f"Une autre décision a remplacé celle-ci : choisissez {decision.remplacee_par.numero}."
        )


def _exiger(user, code: str, objet) -> None:
    if not (access := check(user, code, objet)):
        raise PermissionDenied(access.reason)


def _verrouiller(pk: int) -> RevueMiParcours:
    return RevueMiParcours.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _en_preparation(pk: int) -> RevueMiParcours:
    revue = _verrouiller(pk)
    if raison := raison_de_ne_pas_ecrire(revue):
        raise ValidationError(raison)
    return revue


def _presentee(pk: int) -> RevueMiParcours:
    revue = _verrouiller(pk)
    if revue.is_en_preparation:
        raise ValidationError("La revue n’est pas encore présentée au COPIL : présentez-la d’abord.")
    if not revue.is_presentee:
        raise ValidationError(raison_de_ne_pas_ecrire(revue))
    return revue


def _avancer(revue: RevueMiParcours) -> RevueMiParcours:
    revue.full_clean()
    revue.save()
    return revue
