"""The two questions of the annex as they are loaded, and a version of the protocole ready to be put to approval."""

import datetime

import pytest

from ctg.models import Mandat, Organisme, Utilisateur
from evaluation.models import QuestionEvaluative
from evaluation.protocole.approbation import appliquer
from evaluation.protocole.services import commencer_version, enregistrer_protocole, enregistrer_question

NOW = datetime.datetime(2025, 9, 15, 10, tzinfo=datetime.UTC)


@pytest.fixture
def question(dijon):
    """The second of the annex, with what the signataires must choose."""
    question = QuestionEvaluative.objects.get(convention=dijon, numero=2)
    question.critere = "pertinence"
    return enregistrer_question(question)


@pytest.fixture
def brouillon(dijon):
    protocole = commencer_version(dijon)
    for nom in ("outils", "moyens", "participation", "questions_methodes"):
        setattr(protocole, nom, f"Ce que dit la rubrique {nom}.")
    protocole.type_evaluation = "mixte"
    return enregistrer_protocole(protocole)


@pytest.fixture
def ville(dijon):
    """The représentant of the other signataire."""
    compte = Utilisateur.objects.create(
        email="ville@exemple.invalid", prenom="Élue", nom="Municipale", is_active=True
    )
    compte.set_password("demo")
    compte.save()
    Mandat.objects.create(
        utilisateur=compte,
        role="representant",
        convention=dijon,
        organisme=Organisme.objects.get(nom="Ville de Dijon"),
    )
    return compte


@pytest.fixture
def soumettre(compte):
    return lambda objet: appliquer("soumettre", objet, user=compte("cooperation"), now=NOW)


@pytest.fixture
def repondre(compte):
    """repondre(objet, user, "refuser", motif="…")"""

    def faire(objet, user, action="approuver", **donnees):
        return appliquer(action, objet, user=user, now=NOW, donnees={"empreinte": objet.empreinte} | donnees)

    return faire


@pytest.fixture
def approuver(soumettre, repondre, compte, ville):
    """By every signataire."""

    def faire(objet):
        objet = repondre(soumettre(objet), compte("signataire"))
        return repondre(objet, ville)

    return faire
