"""The story of the demonstration: two questions approved, one answered, a version approved; told once."""

import datetime

import pytest

from ctg.models import DONNEES_DEMONSTRATION
from evaluation.models import Protocole, QuestionEvaluative
from evaluation.recit_protocole import raconter_protocole

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 30, 9, tzinfo=datetime.UTC)


@pytest.fixture
def raconter(dijon, compte):
    """raconter(now) tells it at that moment."""

    def dire(now):
        return raconter_protocole(
            dijon, charge=compte("cooperation"), signataire=compte("signataire"), now=now
        )

    return dire


def test_it_is_told_once_and_marked(raconter):
    assert raconter(NOW) == 1
    assert raconter(NOW) == 0

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


def test_it_is_not_told_before_its_days(raconter):
    assert raconter(NOW.replace(year=2025)) == 0
