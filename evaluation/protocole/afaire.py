"""What waits for somebody's approval, and what a refusal gives back to who keeps the protocole."""

from dataclasses import dataclass

from django.utils import timezone

from ctg.models import Convention
from ctg.permissions import check
from evaluation.models import Protocole, QuestionEvaluative
from evaluation.models.approuvables import Approuvable
from evaluation.protocole.approbation import APPROUVER, TENIR, siens
from evaluation.protocole.enums import StatutProtocole, StatutQuestion


@dataclass(frozen=True, slots=True)
class AApprouver:
    """`pas`: « approuver », or « corriger » after a refusal."""

    objet: Approuvable
    pas: str


def collect_a_approuver(user, convention: Convention) -> list[AApprouver]:
    """The oldest submission first."""
    taches = []
    if check(user, APPROUVER, convention):
        taches += [
            AApprouver(objet, "approuver")
            for objet in _au(convention, StatutProtocole.SOUMISE)
            if siens(user, objet, au=timezone.localdate())
        ]
    if check(user, TENIR, convention):
        taches += [AApprouver(objet, "corriger") for objet in _refuses(convention)]
    return taches


def _au(convention: Convention, statut: str) -> list[Approuvable]:
    objets = [
        *Protocole.objects.filter(convention=convention, statut=statut).select_related("convention"),
        *QuestionEvaluative.objects.filter(convention=convention, statut=statut).select_related("convention"),
    ]
    return sorted(objets, key=lambda objet: (objet.date_soumission, objet.pk))


def _refuses(convention: Convention) -> list[Approuvable]:
    """What was refused and has no successor yet."""
    derniere = Protocole.objects.filter(convention=convention).order_by("-version").first()
    versions = [derniere] if derniere and derniere.statut == StatutProtocole.REFUSEE else []
    questions = QuestionEvaluative.objects.filter(
        convention=convention, statut=StatutQuestion.REFUSEE, remplacee_par=None
    )
    return [*versions, *questions.select_related("convention").order_by("numero", "pk")]
