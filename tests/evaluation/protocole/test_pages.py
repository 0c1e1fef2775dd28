"""The pages: a version is written and put to approval, a question goes from its proposal to a recommandation."""

import pytest
from django.urls import reverse

from evaluation.models import Preuve, Protocole, QuestionEvaluative, Recommandation
from evaluation.protocole import services
from gouvernance.models import Decision

pytestmark = pytest.mark.django_db
BASE = "/dijon-2024/protocole/"


def question_page(question, suite=""):
    return f"{BASE}questions/{question.pk}/{suite}"


def texte(page):
    return page.content.decode()


def test_before_anything_is_written_the_headings_of_the_annex_are_there(client_de):
    page = texte(client_de("cooperation").get(BASE))

    titres = ("Outils et indicateurs", "Moyens humains", "Participation des habitants", "Type d’évaluation")
    rangs = [page.index(titre) for titre in (*titres, "5. Questions évaluatives et méthodes")]
    assert rangs == sorted(rangs)
    assert page.count("à compléter") >= 4
    assert "Commencer la version 1" in page
    assert "Dans quelle mesure la CTG s’inscrit-elle dans la participation des habitants?" in page
    for nom in ("copil", "lecteur", "signataire"):
        assert "n’est pas encore approuvé" in texte(client_de(nom).get(BASE))


def test_a_version_is_begun_written_and_put_to_approval(client_de, dijon):
    client = client_de("cooperation")
    page = client.post(f"{BASE}commencer/", follow=True)
    assert page.redirect_chain[-1][0] == f"{BASE}v1/modifier/"
    jeton = page.context["form"]["jeton"].value()
    rubriques = dict.fromkeys(("outils", "moyens", "participation", "questions_methodes"), "Dit.")
    client.post(f"{BASE}v1/modifier/", rubriques | {"type_evaluation": "interne", "jeton": jeton})
    assert Protocole.objects.get().moyens == "Dit."

    page = client.get(f"{BASE}v1/soumettre/")
    assert "Ville de Dijon, Caf de la Côte-d’Or" in texte(page)
    assert "1 représentant sera prévenu" in texte(page)
    client.post(f"{BASE}v1/soumettre/")

    assert Protocole.objects.get().statut == "soumise"
    page = client.get(f"{BASE}v1/modifier/", follow=True)
    assert "ne se modifie plus" in texte(page)


def test_the_page_of_a_frozen_version_says_what_was_frozen(client_de, brouillon, question, soumettre):
    soumettre(brouillon)
    question.sous_questions = "Une sous-question écrite après coup"
    services.enregistrer_question(question)

    assert "écrite après coup" not in texte(client_de("cooperation").get(f"{BASE}v1/"))
    assert "écrite après coup" in texte(client_de("cooperation").get(question_page(question)))


def test_two_people_write_a_version_and_nothing_is_lost(client_de, brouillon):
    client = client_de("cooperation")
    jeton = client.get(f"{BASE}v1/modifier/").context["form"]["jeton"].value()
    brouillon.outils = "Écrit par une autre"
    services.enregistrer_protocole(brouillon)
    champs = {nom: getattr(brouillon, nom) for nom in (*Protocole.RUBRIQUES, "type_evaluation")}

    refus = client.post(f"{BASE}v1/modifier/", champs | {"outils": "Écrit par moi", "jeton": jeton})

    assert "Écrit par une autre" in texte(refus)
    assert "Écrit par moi" in texte(refus)
    assert Protocole.objects.get().outils == "Écrit par une autre"


def test_a_draft_of_a_version_is_deleted(client_de, brouillon):
    page = client_de("cooperation").post(f"{BASE}v1/supprimer/", follow=True)

    assert "L’historique en garde la trace" in texte(page)
    assert not Protocole.objects.exists()


def test_the_representant_is_told_reads_and_approves(client_de, question, soumettre):
    question = soumettre(question)
    client = client_de("signataire")
    assert "votre approbation est attendue" in texte(client.get("/dijon-2024/"))

    page = client.get(question_page(question, "approuver/"))
    assert "Caf de la Côte-d’Or" in texte(page)
    assert question.libelle in texte(page)
    client.post(
        question_page(question, "approuver/"), {"empreinte": page.context["form"]["empreinte"].value()}
    )

    assert question.approbations.get().decision == "approuve"
    assert "votre approbation est attendue" not in texte(client.get("/dijon-2024/"))
    page = client.get(question_page(question, "refuser/"), follow=True)
    assert "déjà répondu" in texte(page)


def test_a_refusal_comes_back_to_the_charge(client_de, question, soumettre):
    question = soumettre(question)
    refus = {"empreinte": question.empreinte, "motif": "Trop large"}
    client_de("signataire").post(question_page(question, "refuser/"), refus)

    client = client_de("cooperation")
    assert "refusée : à reprendre" in texte(client.get("/dijon-2024/"))
    assert "Trop large" in texte(client.get(question_page(question)))
    page = client.post(question_page(question, "remplacer/"), follow=True)
    assert "Q3 reprend Q2" in texte(page)
    assert "refusée : à reprendre" not in texte(client.get("/dijon-2024/"))


def test_a_forged_hash_is_refused_in_words(client_de, question, soumettre):
    question = soumettre(question)
    page = client_de("signataire").post(question_page(question, "approuver/"), {"empreinte": "faux"})

    assert "rouvrez la page" in texte(page)
    assert not question.approbations.exists()


def test_an_answer_on_paper_is_typed_with_its_document(client_de, question, soumettre, dijon):
    question = soumettre(question)
    client, adresse = client_de("cooperation"), question_page(question, "consigner/")
    ville = dijon.signataires.get(organisme__nature="commune").organisme_id
    champs = {"organisme": ville, "decision": "approuve", "date_acte": "2025-09-15", "fonction": "Adjointe"}
    page = client.post(adresse, champs)
    assert "dit quel document la porte" in texte(page)
    page = client.post(adresse, champs | {"date_acte": "2099-01-01", "reference": "Courrier"})
    assert "Ce jour n’est pas passé" in texte(page)

    page = client.post(adresse, champs | {"reference": "Courrier du 14 septembre"}, follow=True)

    assert "consignée par" in texte(page)
    assert "pour le compte de Ville de Dijon" in texte(page)


def test_a_question_is_proposed_and_says_what_it_lacks(client_de):
    client = client_de("cooperation")
    page = client.post(f"{BASE}questions/ajouter/", {"libelle": "À quoi bon ?", "objet": "fiche"})
    assert "Dites quelle fiche." in texte(page)

    page = client.post(f"{BASE}questions/ajouter/", {"libelle": "À quoi bon ?"}, follow=True)

    assert "dites son critère et sur quoi elle porte" in texte(page)
    assert "Soumettre à l’approbation" not in texte(page)


def test_the_chain_is_written_from_evidence_to_decision(client_de, question, approuver):
    question, client = approuver(question), client_de("cooperation")
    client.post(
        question_page(question, "preuves/ajouter/verbatim/"),
        {"citation": "On nous écoute.", "auteur_fonction": "Une habitante", "date_citation": "2026-05-04"},
    )
    jeton = client.get(question_page(question, "reponse/")).context["form"]["jeton"].value()
    client.post(
        question_page(question, "reponse/"),
        {"reponse": "Oui.", "confiance": "moyenne", "motif_confiance": "Peu de voix.", "jeton": jeton},
    )
    decision = Decision.objects.get(reunion__annee=2025, reunion__rang=1, rang=1)
    client.post(
        question_page(question, "recommandations/ajouter/"), {"texte": "Écrire.", "decision": decision.pk}
    )

    page = texte(client.get(question_page(question)))
    for dit in (
        "On nous écoute.",
        "Une habitante, 4\u00a0mai\u00a02026",
        "Confiance moyenne.",
        "Décision 2025-01-D01",
    ):
        assert dit in page
    preuve = Preuve.objects.get()
    client.post(question_page(question, f"preuves/{preuve.pk}/retirer/"))
    assert not Preuve.objects.exists()
    recommandation = Recommandation.objects.get()
    page = client.post(question_page(question, f"recommandations/{recommandation.pk}/monter/"), follow=True)
    assert page.status_code == 200


@pytest.mark.parametrize("nature", ["indicateur", "effet", "reunion", "decision", "document", "verbatim"])
def test_each_kind_of_evidence_asks_for_its_own_fields(client_de, question, approuver, nature):
    question, client = approuver(question), client_de("cooperation")
    adresse = question_page(question, f"preuves/ajouter/{nature}/")
    assert client.get(adresse).status_code == 200

    page = client.post(adresse, {"commentaire": "Sans rien"})

    assert page.status_code == 200
    assert "obligatoire" in texte(page)
    assert not Preuve.objects.exists()


def test_unknown_addresses_are_not_found(client_de, question, approuver):
    question, client = approuver(question), client_de("cooperation")
    for suite in ("preuves/ajouter/rumeur/", "danser/", "preuves/999999/"):
        assert client.get(question_page(question, suite)).status_code == 404
    for suite in ("preuves/999999/retirer/", "preuves/1/danser/", "rumeurs/1/retirer/"):
        assert client.post(question_page(question, suite)).status_code == 404
    assert client.get(f"{BASE}v9/").status_code == 404


def test_before_the_approval_the_forms_of_the_suite_lead_back(client_de, question):
    client = client_de("cooperation")
    for suite in ("reponse/", "methodes/", "preuves/ajouter/verbatim/", "recommandations/ajouter/"):
        page = client.get(question_page(question, suite), follow=True)
        assert page.redirect_chain[-1][0].partition("#")[0] == question_page(question)
        assert "une fois que tous les signataires" in texte(page)


@pytest.mark.parametrize(
    ("demande", "attendues"),
    [
        ("", ["Q1", "Q2"]),
        ("q=PARTICIPATION des habitants", ["Q2"]),
        ("q=strategie", ["Q1"]),
        ("critere=pertinence", ["Q2"]),
        ("objet=gouvernance", ["Q1"]),
        ("statut=soumise", ["Q2"]),
        ("phase=finale", []),
        ("tri=-question", ["Q2", "Q1"]),
        ("tri=critere", ["Q2", "Q1"]),
        ("tri=statut", ["Q1", "Q2"]),
    ],
)
def test_the_register_is_narrowed_and_sorted(client_de, question, soumettre, demande, attendues):
    soumettre(question)
    page = client_de("cooperation").get(f"{BASE}questions/?{demande}")

    assert [question.code for question in page.context["object_list"]] == attendues


def test_the_register_is_given_as_a_table(client_de):
    lignes = (
        client_de("cooperation").get(f"{BASE}questions/?export=csv").content.decode("utf-8-sig").splitlines()
    )

    assert lignes[0].split(";")[:2] == ["Numéro", "Question"]
    assert "Q1" in lignes[1]


def test_the_search_finds_a_question(client_de):
    page = texte(client_de("cooperation").get("/dijon-2024/recherche/?q=dynamique+transversale"))

    assert "Questions évaluatives" in page
    assert (
        reverse("protocole:question", args=["dijon-2024", QuestionEvaluative.objects.get(numero=1).pk])
        in page
    )


def test_after_a_refusal_every_signataire_stays_on_the_page(client_de, question, soumettre, repondre, compte):
    objet = repondre(soumettre(question), compte("signataire"), "refuser", motif="Hors de propos")

    page = texte(client_de("cooperation").get(question_page(objet)))

    assert "Hors de propos" in page
    assert "Ville de Dijon" in page
    assert "n’a pas répondu" in page


def test_an_answer_from_an_old_tab_is_told_that_it_comes_too_late(
    client_de, question, soumettre, repondre, compte
):
    objet, client = soumettre(question), client_de("signataire")
    repondre(objet, compte("signataire"), "refuser", motif="Hors de propos")

    page = client.post(question_page(objet, "approuver/"), {"empreinte": objet.empreinte})

    assert "Impossible" in texte(page)
    assert "Voir où en est" in texte(page)
    assert "au nom de" not in texte(page)
    assert ">Approuver</button>" not in texte(page)
