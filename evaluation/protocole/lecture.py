"""Who reads which version of the protocole, which question, and the answers: one rule, asked by every address.

The team and the Caf read everything; the représentants, what was put to approval; the others, what is approved.
An answer may hold figures: who does not read those of the year reads it once it is communicated.
"""

from django.db.models import Q

from ctg.enums import Role
from ctg.models import Convention
from ctg.perimetres import droits
from ctg.permissions import check
from evaluation.models import Protocole, QuestionEvaluative
from evaluation.protocole.enums import INITIAUX, RENDUS


def _lisibles(user, convention: Convention) -> Q:
    if check(user, "evaluation.lire_protocole_en_travail", convention):
        return Q()
    if droits(user, convention.pk).has(Role.REPRESENTANT):
        return ~Q(statut__in=INITIAUX)
    return Q(statut__in=RENDUS)


def protocoles_lisibles(user, convention: Convention):
    versions = Protocole.objects.filter(_lisibles(user, convention), convention=convention)
    return versions.select_related("convention", "soumise_par")


def questions_lisibles(user, convention: Convention):
    return QuestionEvaluative.objects.filter(_lisibles(user, convention), convention=convention)


def lit_la_suite(user, question: QuestionEvaluative) -> bool:
    """Evidence, answer and recommandations."""
    return bool(question.date_communication) or bool(check(user, "ctg.lire_chiffres", question))
