"""The story of the demonstration: two questions approved, one answered, a version approved; told once."""

import datetime

import pytest

from ctg.models import DONNEES_DEMONSTRATION
from evaluation.models import Protocole, QuestionEvaluative
from evaluation.recit_demo import raconter_l_evaluation

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 30, 9, tzinfo=datetime.UTC)


def test_it_is_told_once_and_marked(dijon):
    assert raconter_l_evaluation(dijon, now=NOW) == 1
    assert raconter_l_evaluation(dijon, now=NOW) == 0

    protocole = Protocole.objects.get()
    assert (protocole.statut, protocole.source) == ("approuvee", DONNEES_DEMONSTRATION)
    une, deux = QuestionEvaluative.objects.order_by("numero")
    assert [q.statut for q in (une, deux)] == ["approuvee", "approuvee"]
    assert all(DONNEES_DEMONSTRATION in q.mention for q in (une, deux))
    assert (une.reponse, deux.confiance) == ("", "moyenne")
    assert {p.source for p in deux.preuves.all()} == {DONNEES_DEMONSTRATION}
    assert deux.preuves.count() == 4
    assert deux.recommandations.get().decision.numero == "2026-01-D03"
    assert deux.approbations.filter(is_papier=True).count() == 1


def test_it_is_not_told_before_its_days(dijon):
    assert raconter_l_evaluation(dijon, now=NOW.replace(year=2025)) == 0
