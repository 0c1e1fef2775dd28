"""Who reads which review: the team, all of them; the Caf, the signataires and the COPIL, once it is presented."""

from django.db.models import QuerySet

from ctg.models import Convention
from ctg.permissions import check
from evaluation.enums import StatutRevue
from evaluation.models import RevueMiParcours


def visible_to(user, convention: Convention) -> QuerySet[RevueMiParcours]:
    revues = RevueMiParcours.objects.filter(convention=convention)
    if not check(user, "evaluation.lire_revue", convention):
        return revues.none()
    if check(user, "evaluation.travailler_bilan", convention):
        return revues
    return revues.exclude(statut=StatutRevue.EN_PREPARATION)
