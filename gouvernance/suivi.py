"""The one writer of what becomes of a decision: notes that are only added, links to the axes."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from ctg.models import Personne, Service
from ctg.permissions import check
from fiches.models import Axe
from gouvernance.enums import EtatCompteRendu
from gouvernance.models import Decision, DecisionAxe, SuiteDecision
from gouvernance.services import enregistrer_decision

REMPLACEE = (
    "Cette décision est remplacée : notez l’état, l’échéance et le responsable de celle qui la remplace."
)
PAS_ENCORE = "Le compte rendu n’est pas encore diffusé : « Modifier » change l’échéance et le responsable de la décision."


@transaction.atomic
def noter_suite(suite: SuiteDecision) -> SuiteDecision:
    """Add a note, with what it changes of the decision: its author may not be allowed to. Raises PermissionDenied,
    ValidationError."""
    decision = (
        Decision.objects.select_for_update(of=("self",), no_key=True)
        .select_related("reunion__convention", "responsable", "service")
        .get(pk=suite.decision_id)
    )
    suite.decision = decision
    _exiger(suite.auteur, "gouvernance.suivre_decision", decision)
    is_deplacee = _lire_le_deplacement(suite, decision)
    if suite.etat == decision.etat:
        suite.etat = ""
    if suite.etat or is_deplacee:
        _exiger(suite.auteur, "gouvernance.tenir", decision)
        if decision.is_remplacee:
            raise ValidationError(REMPLACEE)
    if is_deplacee and decision.reunion.etat_compte_rendu == EtatCompteRendu.BROUILLON:
        raise ValidationError(PAS_ENCORE)
    suite.full_clean()
    suite.save()
    if suite.etat or is_deplacee:
        decision.etat = suite.etat or decision.etat
        enregistrer_decision(decision, par_une_note=True)
    return suite


def _lire_le_deplacement(suite: SuiteDecision, decision: Decision) -> bool:
    """Whether the note moves the due date or changes who does it: then the decision is as it says, and it says from what."""
    if suite.echeance in (None, decision.echeance):
        suite.echeance = None
    else:
        suite.echeance_avant, decision.echeance = decision.echeance, suite.echeance
    if suite.confiee_a in (None, decision.responsable or decision.service):
        suite.responsable = suite.service = None
    else:
        suite.responsable_avant, suite.service_avant = decision.responsable, decision.service
        decision.responsable, decision.service = suite.responsable, suite.service
    return bool(suite.echeance or suite.confiee_a)


@dataclass(frozen=True, slots=True)
class Decide:
    """What the distributed minutes say, where it has changed since."""

    is_reportee: bool
    echeance: datetime.date | None
    is_confiee: bool
    responsable: Personne | Service | None


def ce_qui_etait_decide(suites: Iterable[SuiteDecision]) -> Decide:
    """`suites`: all of them, the latest first."""
    reports = [suite for suite in suites if suite.echeance]
    reprises = [suite for suite in suites if suite.confiee_a]
    return Decide(
        bool(reports),
        reports[-1].echeance_avant if reports else None,
        bool(reprises),
        reprises[-1].confiee_avant if reprises else None,
    )


@transaction.atomic
def lier_axe(decision: Decision, axe: Axe, *, par) -> DecisionAxe:
    """Raises PermissionDenied, ValidationError."""
    _exiger(par, "gouvernance.tenir", decision)
    lien = DecisionAxe(decision=decision, axe=axe)
    lien.full_clean()
    lien.save()
    return lien


@transaction.atomic
def delier_axe(decision: Decision, axe: Axe, *, par) -> bool:
    """False where the link is gone already. Raises PermissionDenied."""
    _exiger(par, "gouvernance.tenir", decision)
    lien = DecisionAxe.objects.select_for_update().filter(decision=decision, axe=axe).first()
    if lien is None:
        return False
    lien.delete()
    return True


def _exiger(user, code: str, decision: Decision) -> None:
    if not (access := check(user, code, decision)):
        raise PermissionDenied(access.reason)
