"""The questions are loaded as signed, given back the same, and not loaded over what was put to approval."""

import shutil

import pytest

from ctg.chargement.export import exporter
from ctg.chargement.services import charger
from ctg.chargement.tableau import ChargementError
from evaluation.models import QuestionEvaluative
from tests.conftest import FIXTURES

pytestmark = pytest.mark.django_db
LIGNE = "2,{libelle},,{critere},convention,,,,,,{methodes},,Annexe 5,,\n"
TETE = (
    "numero,libelle,precisions,critere,objet,axe,fiche,phase,evaluateur,sous_questions,methodes,detail_methodes,source,"
    "mention,a_verifier\n"
)


@pytest.fixture
def recharger(tmp_path):
    def faire(**champs):
        for nom in ("convention.csv", "axes.csv", "niveaux.csv"):
            shutil.copy(FIXTURES / "dijon" / nom, tmp_path / nom)
        defauts = {"libelle": QuestionEvaluative.objects.get(numero=2).libelle, "critere": "", "methodes": ""}
        (tmp_path / "questions.csv").write_text(TETE + LIGNE.format(**defauts | champs), encoding="utf-8")
        return charger(tmp_path)

    return faire


def test_the_two_questions_of_the_annex_are_as_signed(dijon):
    une, deux = QuestionEvaluative.objects.filter(convention=dijon).order_by("numero")

    assert une.libelle.startswith("Le pilotage et la coordination mise en oeuvre sont-ils en cohérence")
    assert deux.libelle == "Dans quelle mesure la CTG s’inscrit-elle dans la participation des habitants?"
    assert [(q.statut, q.critere, q.objet, q.source) for q in (une, deux)] == [
        ("proposee", "", "gouvernance", "Annexe 5"),
        ("proposee", "", "convention", "Annexe 5"),
    ]
    assert (une.phase, une.methodes, une.sous_questions) == ("", [], "")


def test_they_are_given_back_and_loading_them_again_changes_nothing(dijon):
    [ecrit] = [table for table in exporter(dijon) if table.tableau.nom == "questions"]
    assert [ligne[0] for ligne in ecrit.lignes] == ["1", "2"]

    resultat = charger(FIXTURES / "dijon")
    assert (resultat.nb_crees, resultat.nb_modifies, resultat.conflits) == (0, 0, [])


def test_a_question_still_proposed_is_completed_by_a_file(recharger):
    assert recharger(critere="impact", methodes="entretiens | donnees").nb_modifies == 1

    lue = QuestionEvaluative.objects.get(numero=2)
    assert (lue.critere, lue.methodes) == ("impact", ["entretiens", "donnees"])
    assert recharger(critere="impact", methodes="donnees | entretiens").nb_modifies == 0


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"methodes": "voyance"}, "« voyance » n’est pas une méthode"),
        ({"critere": "beaute"}, "écrivez l’un de : pertinence"),
    ],
)
def test_a_bad_word_is_refused_with_its_place(recharger, champs, dit):
    with pytest.raises(ChargementError) as refus:
        recharger(**champs)
    assert "questions.csv, ligne 2" in refus.value.fautes[0]
    assert dit in refus.value.fautes[0]


def test_what_is_put_to_approval_is_not_loaded_over(recharger, question, approuver):
    approuver(question)

    with pytest.raises(ChargementError, match="ne se modifie plus"):
        recharger(libelle="Autre question ?")
    assert QuestionEvaluative.objects.get(numero=2).libelle.startswith("Dans quelle mesure")
