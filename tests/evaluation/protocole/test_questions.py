"""What hangs on a question waits for its approval; what is approved does not change; the chain keeps its order."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.models import Document
from evaluation.models import (
    Effet,
    EvenementParticipation,
    Indicateur,
    Mesure,
    Preuve,
    QuestionEvaluative,
    Recommandation,
)
from evaluation.protocole import services
from fiches.models import Axe, FicheProjet
from gouvernance.models import Decision, Reunion
from tests.evaluation.protocole.conftest import NOW

pytestmark = pytest.mark.django_db
REPONSE = {"reponse": "Oui, en partie.", "confiance": "moyenne", "motif_confiance": "Peu de réponses."}


@pytest.fixture
def approuvee(question, approuver):
    return approuver(question)


def une_preuve(question, **champs):
    champs = champs or {
        "nature": "verbatim",
        "citation": "On nous écoute.",
        "auteur_fonction": "Une habitante",
        "date_citation": datetime.date(2026, 5, 4),
    }
    return Preuve(question=question, **champs)


@pytest.mark.parametrize("etat", ["proposee", "soumise", "refusee"])
def test_nothing_hangs_on_a_question_before_its_approval(question, soumettre, repondre, compte, etat):
    if etat != "proposee":
        question = soumettre(question)
    if etat == "refusee":
        question = repondre(question, compte("signataire"), "refuser", motif="Non")
    for suite in (une_preuve(question), Recommandation(question=question, texte="Écrire une charte.")):
        with pytest.raises(ValidationError, match="une fois que tous les signataires"):
            services.enregistrer_suite(suite)
    for nom, valeur in REPONSE.items():
        setattr(question, nom, valeur)
    with pytest.raises(ValidationError, match="une fois que tous les signataires"):
        services.enregistrer_reponse(question)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionEvaluative.objects.filter(pk=question.pk).update(**REPONSE)


@pytest.mark.parametrize("modele", [Preuve, Recommandation])
def test_the_database_holds_it_too(question, modele):
    suite = une_preuve(question) if modele is Preuve else Recommandation(question=question, texte="Écrire.")
    suite.ordre = 1

    with pytest.raises(IntegrityError, match="question_pas_approuvee"), transaction.atomic():
        suite.save()


def test_what_is_put_to_approval_does_not_change_by_the_service(approuvee):
    approuvee.libelle = "Autre question ?"

    with pytest.raises(ValidationError, match="proposez une question qui la remplace"):
        services.enregistrer_question(approuvee)


@pytest.mark.parametrize(
    "champs", [{"libelle": "Autre"}, {"critere": "impact"}, {"objet": "gouvernance"}, {"contenu": "{}"}]
)
def test_nor_by_any_other_door(approuvee, champs):
    with pytest.raises(IntegrityError, match="approbation_fige"), transaction.atomic():
        QuestionEvaluative.objects.filter(pk=approuvee.pk).update(**champs)
    with pytest.raises(IntegrityError, match="approbation_fige"), transaction.atomic():
        QuestionEvaluative.objects.filter(pk=approuvee.pk).update(
            statut="proposee",
            contenu="",
            empreinte="",
            date_soumission=None,
            soumise_par=None,
            date_reponse=None,
        )


def test_a_frozen_protocole_and_its_answers_do_not_change_by_any_door(brouillon, approuver):
    protocole = approuver(brouillon)
    modele = type(protocole).objects.filter(pk=protocole.pk)
    for champs in ({"outils": "Autre"}, {"type_evaluation": "interne"}, {"empreinte": "0" * 64}):
        with pytest.raises(IntegrityError, match="approbation_fige"), transaction.atomic():
            modele.update(**champs)
    with pytest.raises(IntegrityError, match="approbation_fige"), transaction.atomic():
        protocole.approbations.update(decision="refuse", motif="Non")
    protocole.outils = "Autre"
    with pytest.raises(ValidationError, match="commencez une nouvelle version"):
        services.enregistrer_protocole(protocole)


def test_how_it_is_answered_is_still_completed_after_the_approval(approuvee):
    approuvee.sous_questions, approuvee.methodes = "Qui vient ?\n\n Qui ne vient pas ? ", ["entretiens"]

    services.enregistrer_methodes(approuvee)

    lue = QuestionEvaluative.objects.get(pk=approuvee.pk)
    assert lue.liste_sous_questions == ["Qui vient ?", "Qui ne vient pas ?"]
    assert lue.noms_methodes == ["entretiens"]


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"libelle": ""}, "libelle"),
        ({"critere": "beaute"}, "critere"),
        ({"objet": "axe"}, "axe"),
        ({"objet": "fiche"}, "fiche"),
        ({"methodes": ["voyance"]}, "methodes"),
        ({"methodes": "entretiens"}, "methodes"),
        ({"methodes": ["autre"], "detail_methodes": " "}, "detail_methodes"),
    ],
)
def test_a_question_that_says_nothing_known_is_refused(question, champs, champ):
    for nom, valeur in champs.items():
        setattr(question, nom, valeur)

    with pytest.raises(ValidationError) as refus:
        services.enregistrer_question(question)
    assert champ in refus.value.error_dict


def test_an_object_is_one_thing(question, dijon):
    question.objet, question.axe = "gouvernance", Axe.objects.filter(convention=dijon).first()

    with pytest.raises(ValidationError, match="nomme l’axe"):
        services.enregistrer_question(question)


def test_a_number_is_given_once(dijon):
    def proposer():
        return services.enregistrer_question(QuestionEvaluative(convention=dijon, libelle="Quoi ?"))

    troisieme = proposer()
    assert troisieme.code == "Q3"
    services.supprimer(troisieme)

    assert proposer().code == "Q4"


def test_what_was_put_to_approval_is_not_deleted(question, soumettre):
    question = soumettre(question)

    with pytest.raises(ValidationError, match="ne se modifie plus"):
        services.supprimer(question)
    with pytest.raises(IntegrityError, match="approbation_fige"), transaction.atomic():
        QuestionEvaluative.objects.filter(pk=question.pk).delete()


@pytest.mark.parametrize("manque", REPONSE)
def test_an_answer_says_its_confidence_and_why(approuvee, manque):
    for nom, valeur in REPONSE.items():
        setattr(approuvee, nom, "" if nom == manque else valeur)

    with pytest.raises(ValidationError, match="dit sa confiance"):
        services.enregistrer_reponse(approuvee)


def test_an_answer_is_communicated_and_taken_back(approuvee):
    with pytest.raises(ValidationError, match="Écrivez d’abord la réponse"):
        services.communiquer(approuvee, now=NOW, oui=True)
    for nom, valeur in REPONSE.items():
        setattr(approuvee, nom, valeur)
    services.enregistrer_reponse(approuvee)
    services.communiquer(approuvee, now=NOW, oui=True)
    approuvee.refresh_from_db()
    assert approuvee.date_communication == NOW

    for nom in REPONSE:
        setattr(approuvee, nom, "")
    with pytest.raises(ValidationError, match="cessez de la communiquer"):
        services.enregistrer_reponse(approuvee)
    services.communiquer(approuvee, now=NOW, oui=False)
    services.enregistrer_reponse(approuvee)
    approuvee.refresh_from_db()
    assert (approuvee.reponse, approuvee.date_communication) == ("", None)


def un_evenement(dijon):
    return EvenementParticipation.objects.create(
        convention=dijon,
        intitule="Un forum",
        date_debut=datetime.date(2025, 6, 1),
        niveau="consultation",
    )


def une_de_chaque(dijon):
    fiche = FicheProjet.objects.get(code="PE-1")
    effet = Effet.objects.create(
        convention=dijon,
        fiche=fiche,
        annee=2025,
        constat="X",
        sens="positif",
        is_attendu=True,
        origine="direct",
    )
    yield {"nature": "indicateur", "indicateur": Indicateur.objects.get(code="PE-1-01"), "annee": 2025}
    yield {"nature": "effet", "effet": effet}
    yield {"nature": "reunion", "reunion": Reunion.objects.get(annee=2025, rang=1)}
    yield {
        "nature": "decision",
        "decision": Decision.objects.get(reunion__annee=2025, reunion__rang=1, rang=1),
    }
    yield {"nature": "document", "document": Document.objects.filter(convention=dijon).first()}
    yield {"nature": "participation", "evenement": un_evenement(dijon)}
    yield {
        "nature": "verbatim",
        "citation": "Oui",
        "auteur_fonction": "Élu",
        "date_citation": datetime.date(2026, 1, 1),
    }


def test_evidence_is_one_thing_of_its_kind(approuvee, dijon):
    lots = list(une_de_chaque(dijon))
    gardees = [services.enregistrer_suite(une_preuve(approuvee, **lot)) for lot in lots]
    assert [preuve.ordre for preuve in gardees] == [1, 2, 3, 4, 5, 6, 7]
    for lot, autre in zip(lots, lots[1:] + lots[:1], strict=True):
        with pytest.raises(ValidationError, match="une seule chose"):
            services.enregistrer_suite(une_preuve(approuvee, **autre | lot))
        for nom in set(lot) - {"nature"}:
            with pytest.raises(ValidationError):
                services.enregistrer_suite(
                    une_preuve(approuvee, **{k: v for k, v in lot.items() if k != nom})
                )


def test_a_value_that_is_not_known_proves_nothing(approuvee, dijon):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    Mesure.objects.filter(indicateur=indicateur, annee=2026).delete()
    with pytest.raises(ValidationError, match="ne prouve rien"):
        services.enregistrer_suite(
            une_preuve(approuvee, nature="indicateur", indicateur=indicateur, annee=2026)
        )


def test_recommandations_change_places_and_are_taken_away(approuvee):
    une, deux = (
        services.enregistrer_suite(Recommandation(question=approuvee, texte=texte))
        for texte in ("Une", "Deux")
    )
    assert services.monter_suite(deux)
    assert not services.monter_suite(deux)
    rangees = approuvee.recommandations.order_by("ordre").values_list("texte", flat=True)
    assert list(rangees) == ["Deux", "Une"]

    services.retirer_suite(une)
    assert list(approuvee.recommandations.values_list("texte", flat=True)) == ["Deux"]


def test_on_a_replaced_question_nothing_more_is_written(approuvee, soumettre, repondre, compte, ville):
    preuve = services.enregistrer_suite(une_preuve(approuvee))
    nouvelle = services.proposer_un_remplacement(approuvee)
    repondre(repondre(soumettre(nouvelle), compte("signataire")), ville)

    for faire in (services.enregistrer_suite, services.retirer_suite):
        with pytest.raises(ValidationError, match="est remplacée"):
            faire(preuve)


def test_what_is_evidence_is_not_deleted_elsewhere(approuvee, dijon, client_de):
    lots = {lot["nature"]: lot for lot in une_de_chaque(dijon)}
    for nature in ("effet", "indicateur", "participation"):
        services.enregistrer_suite(une_preuve(approuvee, **lots[nature]))
    client = client_de("cooperation")
    effet, indicateur = lots["effet"]["effet"], lots["indicateur"]["indicateur"]

    page = client.post(f"/dijon-2024/evaluation/2025/saisie/PE-1/effets/{effet.pk}/", {"supprimer": "1"})
    assert "preuve de la question Q2" in page.content.decode()
    page = client.post(f"/dijon-2024/evaluation/effets/{effet.pk}/retirer/", follow=True)
    assert "preuve de la question Q2" in page.content.decode()
    evenement = lots["participation"]["evenement"]
    page = client.post(f"/dijon-2024/participation/{evenement.pk}/retirer/", follow=True)
    assert "preuve de la question Q2" in page.content.decode()
    assert EvenementParticipation.objects.filter(pk=evenement.pk).exists()
    page = client.get(f"/dijon-2024/indicateurs/{indicateur.pk}/supprimer/", follow=True)
    assert Effet.objects.filter(pk=effet.pk).exists()
    assert Indicateur.objects.filter(pk=indicateur.pk).exists()
    assert page.status_code == 200


def test_nobody_is_quoted_before_having_spoken(approuvee):
    demain = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="pas passé"):
        services.enregistrer_suite(
            une_preuve(
                approuvee, nature="verbatim", citation="Oui", auteur_fonction="Élu", date_citation=demain
            )
        )
