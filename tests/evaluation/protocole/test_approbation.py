"""A version and a question go to the signataires: all must approve, one refusal refuses, each on what it read."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from ctg.models import Document, Organisme, Signataire
from evaluation.models import Approbation, Protocole, QuestionEvaluative
from evaluation.protocole.approbation import TRANSITIONS, appliquer, possibles
from evaluation.protocole.services import commencer_version, proposer_un_remplacement
from evaluation.transitions import TransitionError
from tests.evaluation.protocole.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["protocole", "question"])
def objet(request, brouillon, question):
    return brouillon if request.param == "protocole" else question


def test_all_approve_then_it_is_approved(objet, soumettre, repondre, compte, ville):
    objet = soumettre(objet)
    apres_une = repondre(objet, compte("signataire"))
    assert (apres_une.statut, apres_une.date_reponse) == ("soumise", None)

    apres_deux = repondre(objet, ville)

    assert (apres_deux.statut, apres_deux.date_reponse) == ("approuvee", NOW)
    rendues = [(a.organisme.nature, a.decision, a.is_papier) for a in objet.approbations.order_by("pk")]
    assert rendues == [("caf", "approuve", False), ("commune", "approuve", False)]


def test_one_refusal_refuses_and_says_why(objet, soumettre, repondre, compte, ville):
    objet = soumettre(objet)
    with pytest.raises(ValidationError, match="Écrivez pourquoi"):
        repondre(objet, compte("signataire"), "refuser", motif="  ")
    refuse = repondre(objet, compte("signataire"), "refuser", motif="Trop vague")

    assert refuse.statut == "refusee"
    assert refuse.historique.first().history_change_reason == "Refuser : Trop vague"
    with pytest.raises(TransitionError, match="refusée"):
        repondre(objet, ville)


def test_an_answer_is_bound_to_what_was_read(objet, soumettre, repondre, compte):
    objet = soumettre(objet)

    with pytest.raises(TransitionError, match="rouvrez la page"):
        repondre(objet, compte("signataire"), empreinte="0" * 64)
    assert not Approbation.objects.exists()


def test_nobody_answers_twice(objet, soumettre, repondre, compte):
    objet = soumettre(objet)
    repondre(objet, compte("signataire"))

    with pytest.raises(TransitionError, match="déjà répondu"):
        repondre(objet, compte("signataire"), "refuser", motif="Non")


@pytest.mark.parametrize("nom", ["cooperation", "caf", "copil", "lecteur", "admin", "referent"])
def test_only_a_representant_approves(objet, soumettre, repondre, compte, nom):
    objet = soumettre(objet)

    with pytest.raises(PermissionDenied, match="représentant de chaque signataire"):
        repondre(objet, compte(nom))


def test_the_representant_of_who_signs_no_more_does_not_approve(objet, dijon, soumettre, repondre, compte):
    objet = soumettre(objet)
    Signataire.objects.filter(convention=dijon, organisme__nature="caf").update(date_fin="2025-01-01")

    with pytest.raises(TransitionError, match="n’est pas un signataire en vigueur"):
        repondre(objet, compte("signataire"))


def test_a_signataire_that_leaves_is_not_waited_for(objet, dijon, soumettre, repondre, compte):
    objet = soumettre(objet)
    Signataire.objects.filter(convention=dijon, organisme__nature="commune").update(date_fin="2025-01-01")

    assert repondre(objet, compte("signataire")).statut == "approuvee"


def test_without_a_signataire_nothing_is_put_to_approval(objet, dijon, soumettre):
    Signataire.objects.filter(convention=dijon).update(date_fin="2025-01-01")

    with pytest.raises(TransitionError, match="aucun signataire"):
        soumettre(objet)


@pytest.mark.parametrize("nom", ["caf", "signataire", "petite-enfance", "copil", "admin"])
def test_only_the_charge_puts_to_approval(objet, compte, nom):
    with pytest.raises(PermissionDenied):
        appliquer("soumettre", objet, user=compte(nom), now=NOW)


def test_what_nobody_answered_is_taken_back(objet, soumettre, repondre, compte):
    objet = soumettre(objet)
    repris = appliquer("reprendre", objet, user=compte("cooperation"), now=NOW)
    assert repris.is_a_ecrire
    assert (repris.contenu, repris.empreinte, repris.date_soumission) == ("", "", None)

    objet = soumettre(objet)
    repondre(objet, compte("signataire"))
    with pytest.raises(TransitionError, match="ne se reprend plus"):
        appliquer("reprendre", objet, user=compte("cooperation"), now=NOW)


def papier(organisme="Ville de Dijon", **champs):
    donnees = {
        "organisme": Organisme.objects.get(nom=organisme),
        "decision": "approuve",
        "motif": "",
        "date_acte": NOW.date(),
        "fonction": "Adjointe au maire",
        "reference": "Courrier du 15 septembre 2025",
        "document": None,
    }
    return donnees | champs


def consigner(objet, user, **champs):
    return appliquer("consigner", objet, user=user, now=NOW, donnees=papier(**champs))


def test_an_answer_on_paper_says_its_document_and_who_typed_it(objet, soumettre, repondre, compte):
    objet = repondre(soumettre(objet), compte("signataire"))

    assert consigner(objet, compte("cooperation")).statut == "approuvee"

    lue = Approbation.objects.get(is_papier=True)
    assert (lue.rendue_par, lue.fonction) == (compte("cooperation"), "Adjointe au maire")
    assert (lue.reference, lue.empreinte) == ("Courrier du 15 septembre 2025", objet.empreinte)


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"reference": ""}, "__all__"),
        ({"fonction": ""}, "fonction"),
        ({"decision": "refuse"}, "motif"),
        ({"date_acte": NOW.date().replace(day=16)}, "date_acte"),
        ({"organisme": None}, "organisme"),
    ],
)
def test_an_answer_on_paper_that_lacks_something_is_refused(question, soumettre, compte, champs, champ):
    question = soumettre(question)
    if "organisme" in champs:
        champs["organisme"] = Organisme.objects.exclude(nature__in=["caf", "commune"]).first()
    donnees = papier() | champs

    with pytest.raises(ValidationError) as refus:
        appliquer("consigner", question, user=compte("cooperation"), now=NOW, donnees=donnees)
    assert champ in refus.value.error_dict
    assert not Approbation.objects.exists()


def test_the_document_may_be_older_than_the_text_in_the_application(question, soumettre, compte):
    acte = NOW.date().replace(day=1)
    consigner(soumettre(question), compte("cooperation"), date_acte=acte)

    assert Approbation.objects.get().date_acte == acte


def test_a_paper_refusal_refuses(question, soumettre, compte, dijon):
    document = Document.objects.filter(convention=dijon).first()
    refus = {"decision": "refuse", "motif": "Hors de propos", "document": document, "reference": ""}

    assert consigner(soumettre(question), compte("cooperation"), **refus).statut == "refusee"


def test_only_the_charge_types_an_answer_on_paper(question, soumettre, compte):
    question = soumettre(question)
    for nom in ("caf", "signataire", "copil", "admin"):
        with pytest.raises(PermissionDenied):
            consigner(question, compte(nom))


@pytest.mark.parametrize("action", TRANSITIONS)
def test_no_step_goes_on_from_what_is_approved(objet, approuver, compte, action):
    objet = approuver(objet)
    user = compte("signataire" if action in {"approuver", "refuser"} else "cooperation")

    with pytest.raises(TransitionError, match="approuvée"):
        appliquer(action, objet, user=user, now=NOW, donnees={"empreinte": objet.empreinte})


def test_the_screen_offers_what_the_service_takes(objet, soumettre, repondre, compte):
    def offertes(nom):
        return [action for action, _ in possibles(compte(nom), objet)]

    assert (offertes("cooperation"), offertes("signataire")) == (["soumettre"], [])
    objet = soumettre(objet)
    assert (offertes("cooperation"), offertes("signataire")) == (
        ["consigner", "reprendre"],
        ["approuver", "refuser"],
    )
    objet = repondre(objet, compte("signataire"))
    assert (offertes("cooperation"), offertes("signataire")) == (["consigner"], [])


def test_the_next_version_replaces_the_one_in_force(
    dijon, brouillon, approuver, soumettre, repondre, compte, ville
):
    approuver(brouillon)
    suivante = commencer_version(dijon)
    assert (suivante.version, suivante.outils) == (2, brouillon.outils)
    assert Protocole.objects.get(version=1).statut == "approuvee"

    repondre(repondre(soumettre(suivante), compte("signataire")), ville)

    etats = dict(Protocole.objects.values_list("version", "statut"))
    assert etats == {1: "remplacee", 2: "approuvee"}


def test_after_a_refusal_the_next_version_begins_as_a_copy(dijon, brouillon, soumettre, repondre, compte):
    repondre(soumettre(brouillon), compte("signataire"), "refuser", motif="Les moyens manquent")

    suivante = commencer_version(dijon)

    assert [getattr(suivante, nom) for nom in Protocole.RUBRIQUES] == [
        getattr(brouillon, nom) for nom in Protocole.RUBRIQUES
    ]
    assert (suivante.statut, suivante.type_evaluation) == ("brouillon", "mixte")


def test_one_version_at_a_time(dijon, brouillon, soumettre):
    for _ in range(2):
        with pytest.raises(ValidationError, match="déjà en cours"):
            commencer_version(dijon)
        if brouillon.statut == "brouillon":
            brouillon = soumettre(brouillon)


def test_the_question_that_replaces_takes_its_place_once_approved(
    question, approuver, soumettre, repondre, compte, ville
):
    question = approuver(question)
    nouvelle = proposer_un_remplacement(question)
    assert (nouvelle.numero, nouvelle.libelle, nouvelle.statut) == (3, question.libelle, "proposee")
    question.refresh_from_db()
    assert question.statut == "approuvee"

    repondre(repondre(soumettre(nouvelle), compte("signataire")), ville)

    question.refresh_from_db()
    assert question.statut == "remplacee"
    with pytest.raises(ValidationError, match="remplacée"):
        proposer_un_remplacement(question)


def test_a_refused_question_is_written_again_and_stays_refused(question, soumettre, repondre, compte, ville):
    refusee = repondre(soumettre(question), ville, "refuser", motif="Trop large")
    nouvelle = proposer_un_remplacement(refusee)
    with pytest.raises(ValidationError, match="déjà écrite"):
        proposer_un_remplacement(refusee)

    repondre(repondre(soumettre(nouvelle), compte("signataire")), ville)

    etats = dict(QuestionEvaluative.objects.filter(numero__gte=2).values_list("numero", "statut"))
    assert etats == {2: "refusee", 3: "approuvee"}


def test_an_incomplete_question_or_protocole_is_not_put_to_approval(dijon, soumettre):
    premiere = QuestionEvaluative.objects.get(convention=dijon, numero=1)
    with pytest.raises(TransitionError, match="dites son critère"):
        soumettre(premiere)
    with pytest.raises(TransitionError, match="outils et indicateurs de suivi, moyens humains"):
        soumettre(commencer_version(dijon))
