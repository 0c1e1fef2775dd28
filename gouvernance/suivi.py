"""The one writer of what becomes of a decision: notes that are only added, links to the axes."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from ctg.permissions import check
from fiches.models import Axe
from gouvernance.models import Decision, DecisionAxe, SuiteDecision
from gouvernance.services import enregistrer_decision


@transaction.atomic
def noter_suite(suite: SuiteDecision) -> SuiteDecision:
    """Add a note; its author alone may not be allowed to change the state of the decision. Raises PermissionDenied."""
    decision = Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=suite.decision_id)
    suite.decision = decision
    _exiger(suite.auteur, "gouvernance.suivre_decision", decision)
    if suite.etat == decision.etat:
        suite.etat = ""
    if suite.etat:
        _exiger(suite.auteur, "gouvernance.tenir", decision)
        if decision.is_remplacee:
            raise ValidationError(
                {"etat": "Cette décision est remplacée : notez l’état de celle qui la remplace."}
            )
    suite.full_clean()
    suite.save()
    if suite.etat:
        decision.etat = suite.etat
        enregistrer_decision(decision)
    return suite


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
