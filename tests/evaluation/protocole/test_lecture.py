"""Who reads a version, a question, its answer and the figures in its evidence."""

import pytest
from django.utils import timezone

from evaluation.models import (
    Effet,
    EvenementParticipation,
    Indicateur,
    Mesure,
    Preuve,
    QuestionEvaluative,
    Recommandation,
    Saisie,
)
from evaluation.protocole import services
from evaluation.protocole.lecture import protocoles_lisibles, questions_lisibles
from evaluation.protocole.reports import collect_preuves, collect_recommandations
from gouvernance.models import Decision
from tests.conftest import COMPTES_PAR_NOM

pytestmark = pytest.mark.django_db
EQUIPE = set(COMPTES_PAR_NOM) - {"signataire", "copil", "lecteur"}
CONSTAT = "Un effet que le COPIL lit ailleurs"


@pytest.fixture
def lecteurs(dijon, compte):
    def qui(lisibles, objet):
        return {nom for nom in COMPTES_PAR_NOM if lisibles(compte(nom), dijon).filter(pk=objet.pk).exists()}

    return qui


def test_a_version_and_a_question_are_read_as_far_as_they_have_come(
    lecteurs, brouillon, question, soumettre, repondre, compte, ville
):
    for objet, lisibles in ((brouillon, protocoles_lisibles), (question, questions_lisibles)):
        assert lecteurs(lisibles, objet) == EQUIPE
        soumis = soumettre(objet)
        assert lecteurs(lisibles, objet) == EQUIPE | {"signataire"}
        repondre(repondre(soumis, compte("signataire")), ville)
        assert lecteurs(lisibles, objet) == set(COMPTES_PAR_NOM)


def test_what_was_refused_stays_between_those_who_wrote_and_answered(
    lecteurs, brouillon, soumettre, repondre, compte
):
    repondre(soumettre(brouillon), compte("signataire"), "refuser", motif="Non")

    assert lecteurs(protocoles_lisibles, brouillon) == EQUIPE | {"signataire"}


@pytest.fixture
def repondue(question, approuver, dijon):
    """Answered, with a value and an effect as evidence, and a recommandation."""
    question = approuver(question)
    indicateur = Indicateur.objects.select_related("fiche").get(code="PE-1-01")
    effet = Effet.objects.create(
        convention=dijon,
        fiche=indicateur.fiche,
        annee=2025,
        constat=CONSTAT,
        sens="positif",
        is_attendu=True,
        origine="direct",
    )
    for champs in (
        {"nature": "indicateur", "indicateur": indicateur, "annee": 2025},
        {"nature": "effet", "effet": effet},
        {
            "nature": "decision",
            "decision": Decision.objects.get(reunion__annee=2026, reunion__rang=1, rang=3),
        },
    ):
        services.enregistrer_suite(Preuve(question=question, **champs))
    decision = Decision.objects.get(reunion__annee=2026, reunion__rang=1, rang=3)
    services.enregistrer_suite(
        Recommandation(question=question, texte="Écrire une charte.", decision=decision)
    )
    question.reponse, question.confiance, question.motif_confiance = (
        "Oui, pour une part.",
        "forte",
        "Tout concorde.",
    )
    return services.enregistrer_reponse(question)


def page_de(client_de, nom, question):
    return client_de(nom).get(question.get_absolute_url()).content.decode()


def test_the_answer_is_the_team_s_until_it_is_communicated(client_de, repondue):
    for nom in ("cooperation", "caf", "petite-enfance"):
        assert "Oui, pour une part." in page_de(client_de, nom, repondue)
    for nom in ("copil", "signataire", "lecteur"):
        page = page_de(client_de, nom, repondue)
        assert "Oui, pour une part." not in page
        assert "n’est pas encore communiquée" in page

    services.communiquer(repondue, now=timezone.now(), oui=True)

    for nom in ("copil", "signataire", "lecteur"):
        assert "Oui, pour une part." in page_de(client_de, nom, repondue)


def test_figures_and_effects_stay_with_who_reads_those_of_the_year(client_de, repondue):
    services.communiquer(repondue, now=timezone.now(), oui=True)
    mesure = Mesure.objects.get(indicateur__code="PE-1-01", annee=2025)
    mesure.valeur = 98_765
    mesure.save()

    assert "98\u202f765" in page_de(client_de, "cooperation", repondue)
    assert CONSTAT in page_de(client_de, "cooperation", repondue)
    for nom in ("copil", "signataire", "lecteur"):
        page = page_de(client_de, nom, repondue)
        assert "98\u202f765" not in page
        assert CONSTAT not in page
        assert "La valeur se lit dans le bilan 2025" in page


def test_the_caf_reads_no_value_that_is_not_submitted(repondue, compte):
    """The campaign of 2025 is open and its entry is not submitted."""
    Saisie.objects.filter(fiche__code="PE-1", campagne__annee=2025).update(statut="en_cours")
    [valeur, effet, _] = collect_preuves(compte("caf"), repondue)

    assert (valeur.mesure.valeur, valeur.mesure.motif) == (None, "Saisie en cours, pas encore soumise.")
    assert CONSTAT not in effet.titre


def test_a_decision_is_read_by_who_reads_its_minutes(repondue, compte):
    """The minutes of that meeting are not distributed."""
    pour = {
        nom: collect_recommandations(compte(nom), repondue)[0].decision for nom in ("cooperation", "copil")
    }
    assert str(pour["cooperation"].numero) == "2026-01-D03"
    assert pour["copil"] is None
    [*_, preuve] = collect_preuves(compte("copil"), repondue)
    assert (preuve.titre, preuve.url) == ("Décision 2026-01-D03", "")


def test_neither_the_list_nor_the_search_tells_of_an_answer(client_de, repondue):
    for nom in ("copil", "lecteur"):
        client = client_de(nom)
        page = client.get("/dijon-2024/protocole/questions/?q=pour une part")
        assert list(page.context["object_list"]) == []
        assert "Preuves et réponse" not in client.get("/dijon-2024/protocole/questions/").content.decode()
        export = client.get(
            "/dijon-2024/protocole/questions/?export=csv&col=question&col=suite"
        ).content.decode()
        assert "Confiance" not in export
    assert "Confiance" in client_de("cooperation").get(
        "/dijon-2024/protocole/questions/?export=csv"
    ).content.decode("utf-8-sig")


def test_the_fiche_says_the_questions_about_it_and_its_axes(client_de, dijon, approuver):
    question = QuestionEvaluative.objects.get(convention=dijon, numero=1)
    indicateur = Indicateur.objects.select_related("fiche").get(code="PE-1-01")
    question.objet, question.fiche, question.critere = "fiche", indicateur.fiche, "impact"
    question = services.enregistrer_question(question)
    assert question.libelle in client_de("cooperation").get("/dijon-2024/fiches/PE-1/").content.decode()
    assert question.libelle not in client_de("copil").get("/dijon-2024/fiches/PE-1/").content.decode()
    assert question.libelle not in client_de("cooperation").get("/dijon-2024/fiches/PE-2/").content.decode()

    autre = services.enregistrer_question(
        QuestionEvaluative(
            convention=dijon,
            libelle="Et sur tout l’axe ?",
            objet="axe",
            axe=indicateur.fiche.axe.parent or indicateur.fiche.axe,
        )
    )
    assert autre.libelle in client_de("cooperation").get("/dijon-2024/fiches/PE-1/").content.decode()


def test_an_event_that_is_evidence_is_read_by_who_reads_events(repondue, dijon, client_de):
    evenement = EvenementParticipation.objects.create(
        convention=dijon,
        intitule="Un forum",
        date_debut="2025-06-01",
        niveau="consultation",
        nb_personnes=4321,
    )
    services.enregistrer_suite(Preuve(question=repondue, nature="participation", evenement=evenement))
    services.communiquer(repondue, now=timezone.now(), oui=True)

    for nom, lit in (("cooperation", True), ("copil", True), ("lecteur", False)):
        page = page_de(client_de, nom, repondue)
        assert ("Un forum" in page) is lit, nom
        assert "4\u202f321" not in page
