"""Races around an approval, with real threads and real commits."""

import pytest

from ctg import declencheurs
from ctg.models import Convention, Mandat, Organisme, Utilisateur
from evaluation.models import Approbation, QuestionEvaluative
from evaluation.protocole.approbation import appliquer
from evaluation.protocole.services import enregistrer_question
from evaluation.transitions import TransitionError
from tests.conftest import COMPTES_PAR_NOM
from tests.evaluation.protocole.conftest import NOW
from tests.fiches.test_courses import en_meme_temps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def soumise(donnees_partagees):
    declencheurs.installer()
    question = QuestionEvaluative.objects.get(convention__slug="dijon-2024", numero=2)
    question.critere = "pertinence"
    question = enregistrer_question(question)
    ville = Utilisateur.objects.create(email="ville@exemple.invalid", is_active=True)
    Mandat.objects.create(
        utilisateur=ville,
        role="representant",
        convention=Convention.objects.get(slug="dijon-2024"),
        organisme=Organisme.objects.get(nom="Ville de Dijon"),
    )
    yield appliquer("soumettre", question, user=compte("cooperation"), now=NOW)
    declencheurs.retirer()


def compte(nom):
    return Utilisateur.objects.get(email=COMPTES_PAR_NOM.get(nom, "ville@exemple.invalid"))


def repondre(question, nom, action="approuver"):
    donnees = {"empreinte": question.empreinte, "motif": "Non"}

    def faire():
        appliquer(action, question, user=compte(nom), now=NOW, donnees=donnees)

    return faire


def test_two_signataires_at_once_and_the_last_one_concludes(soumise):
    assert en_meme_temps([repondre(soumise, "signataire"), repondre(soumise, "ville")]) == []

    assert QuestionEvaluative.objects.get(pk=soumise.pk).statut == "approuvee"
    assert Approbation.objects.count() == 2


def test_two_clicks_of_the_same_signataire_are_one_answer(soumise):
    fautes = en_meme_temps([repondre(soumise, "signataire"), repondre(soumise, "signataire", "refuser")])

    assert [type(faute) for faute in fautes] == [TransitionError]
    assert Approbation.objects.count() == 1


def test_what_is_taken_back_while_somebody_answers_is_one_or_the_other(soumise):
    def reprendre():
        appliquer("reprendre", soumise, user=compte("cooperation"), now=NOW)

    fautes = en_meme_temps([reprendre, repondre(soumise, "signataire")])

    assert len(fautes) == 1
    lue = QuestionEvaluative.objects.get(pk=soumise.pk)
    assert (lue.statut, Approbation.objects.count()) in {("proposee", 0), ("soumise", 1)}
