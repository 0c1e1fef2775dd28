"""What becomes of a decision: notes that are only added, by whom, and what the decision touches."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.decisions import delier_indicateur, lier_indicateur
from evaluation.definitions import empeche_de_supprimer
from evaluation.models import DecisionIndicateur, Indicateur
from fiches.models import Axe
from gouvernance.models import DecisionAxe, SuiteDecision
from gouvernance.suivi import delier_axe, lier_axe, noter_suite
from tests.navigation import formulaire

TODAY = timezone.localdate()
HIER = TODAY - datetime.timedelta(days=1)


@pytest.fixture
def decision(decider, reunir):
    return decider(reunir("2026-02-01", is_anterieure=True), echeance=HIER)


def noter(decision, auteur, texte="Le bail est signé.", etat=""):
    return noter_suite(SuiteDecision(decision=decision, auteur=auteur, texte=texte, etat=etat))


def adresse(decision):
    return f"/dijon-2024/gouvernance/decisions/{decision.pk}/"


@pytest.mark.parametrize("nom", ["cooperation", "referent", "quartier", "caf", "avs"])
def test_the_team_and_the_caf_note_what_was_done(decision, compte, nom):
    assert noter(decision, compte(nom)).auteur == compte(nom)


@pytest.mark.parametrize("nom", ["admin", "signataire", "copil", "lecteur"])
def test_the_others_read(decision, compte, nom):
    with pytest.raises(PermissionDenied, match="équipe de la convention"):
        noter(decision, compte(nom))


def test_the_chargee_alone_changes_the_state_with_a_note(decision, compte):
    with pytest.raises(PermissionDenied, match="chargé de coopération"):
        noter(decision, compte("referent"), etat="faite")
    assert not decision.suites.exists()

    suite = noter(decision, compte("cooperation"), etat="faite")

    decision.refresh_from_db()
    assert (decision.etat, suite.etat) == ("faite", "faite")
    assert decision.historique.latest().etat == "faite"
    assert noter(decision, compte("cooperation"), etat="faite").etat == ""  # it was already


def test_a_decision_that_was_replaced_changes_no_more(decision, decider, compte):
    decider(decision.reunion, remplace=decision)

    with pytest.raises(ValidationError, match="remplacée"):
        noter(decision, compte("cooperation"), etat="faite")
    assert noter(decision, compte("cooperation")).pk  # what was done before is still told


def test_a_note_is_only_added(decision, compte):
    suite = noter(decision, compte("caf"))
    suite.texte = "Autre chose"

    with pytest.raises(ValidationError, match="ne se réécrit pas"):
        suite.save()
    assert SuiteDecision.objects.get().texte == "Le bail est signé."


@pytest.mark.parametrize(
    ("contrainte", "champs"), [("suite_ecrite", {"texte": ""}), ("suite_etat_connu", {"etat": "oubliee"})]
)
def test_the_database_holds_the_rules_of_notes(decision, compte, contrainte, champs):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        SuiteDecision.objects.create(decision=decision, auteur=compte("caf"), **({"texte": "x"} | champs))


@pytest.mark.parametrize("texte", ["", "x" * 20_001])
def test_the_service_says_what_is_wrong_with_a_note(decision, compte, texte):
    with pytest.raises(ValidationError):
        noter(decision, compte("caf"), texte=texte)


def test_the_form_asks_the_state_of_who_may_change_it(client_de, decision):
    url = f"{adresse(decision)}suivre/"
    assert "etat" not in formulaire(client_de("referent").get(url))
    client = client_de("cooperation")
    envoi = formulaire(client.get(url)) | {"texte": "Travaux **finis**", "etat": "faite"}

    page = client.post(url, envoi, follow=True).content.decode()

    assert "<strong>finis</strong>" in page
    assert "Compte cooperation" in page
    decision.refresh_from_db()
    assert decision.etat == "faite"
    assert "déjà enregistré" in client.post(url, envoi, follow=True).content.decode()
    assert decision.suites.count() == 1


def test_a_state_added_to_the_form_of_somebody_else_changes_nothing(client_de, decision):
    client, url = client_de("referent"), f"{adresse(decision)}suivre/"

    client.post(url, formulaire(client.get(url)) | {"texte": "Vu", "etat": "faite"})

    decision.refresh_from_db()
    assert (decision.etat, decision.suites.get().etat) == ("a_faire", "")


def test_the_history_of_the_meeting_tells_the_notes(client_de, decision, compte):
    noter(decision, compte("caf"))
    lier_axe(decision, Axe.objects.get(code="PE"), par=compte("cooperation"))

    page = client_de("caf").get(f"{decision.reunion.get_absolute_url()}historique/").content.decode()

    assert "Le bail est signé." in page
    assert "Axe lié à" in page


# What it touches -----------------------------------------------------------------------------------------


def test_axes_are_linked_and_taken_off_by_the_chargee(decision, compte, client_de):
    axe = Axe.objects.get(code="PE")
    with pytest.raises(PermissionDenied):
        lier_axe(decision, axe, par=compte("petite-enfance"))
    client, url = client_de("cooperation"), f"{adresse(decision)}axes/"

    assert "est liée à l’axe PE" in client.post(url, {"axe": axe.pk}, follow=True).content.decode()
    assert "déjà liée" in client.post(url, {"axe": axe.pk}, follow=True).content.decode()
    assert "Petite enfance" in client_de("lecteur").get(adresse(decision)).content.decode()
    client = client_de("cooperation")
    assert "n’est plus liée" in client.post(url, {"axe": axe.pk, "delier": "1"}, follow=True).content.decode()
    assert (
        "n’était plus lié" in client.post(url, {"axe": axe.pk, "delier": "1"}, follow=True).content.decode()
    )
    for faux in ("", "x", "999999999", "9" * 40):
        assert "Choisissez un axe" in client.post(url, {"axe": faux}, follow=True).content.decode()
    with pytest.raises(PermissionDenied):
        delier_axe(decision, axe, par=compte("caf"))


def test_an_axe_or_an_indicator_of_another_convention_is_refused(decision, compte, ailleurs):
    la_bas = ailleurs["remplace"]

    with pytest.raises(ValidationError, match="Cet axe n’est pas de cette convention"):
        DecisionAxe(decision=la_bas, axe=Axe.objects.get(code="PE")).full_clean()
    with pytest.raises(ValidationError, match="Cet indicateur n’est pas de cette convention"):
        DecisionIndicateur(decision=la_bas, indicateur=Indicateur.objects.get(code="PE-1-01")).full_clean()


def test_indicators_are_linked_from_the_page_of_the_decision(decision, compte, client_de):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    client, url = client_de("cooperation"), f"/dijon-2024/evaluation/decisions/{decision.pk}/indicateurs/"

    assert (
        "est liée à l’indicateur PE-1-01"
        in client.post(url, {"indicateur": indicateur.pk}, follow=True).content.decode()
    )
    with pytest.raises(ValidationError, match="déjà liée"):
        lier_indicateur(decision, indicateur, user=compte("cooperation"))
    page = client_de("lecteur").get(adresse(decision)).content.decode()
    assert indicateur.intitule in page
    assert "Délier" not in page
    client = client_de("cooperation")
    assert (
        "n’est plus liée"
        in client.post(url, {"indicateur": indicateur.pk, "delier": "1"}, follow=True).content.decode()
    )
    for faux in ("", "x", "999999999", "9" * 40):
        assert (
            "Choisissez un indicateur" in client.post(url, {"indicateur": faux}, follow=True).content.decode()
        )
    for faire in (lier_indicateur, delier_indicateur):
        with pytest.raises(PermissionDenied):
            faire(decision, indicateur, user=compte("caf"))


def test_the_page_of_an_indicator_says_its_decisions_and_they_keep_it(decision, compte, client_de):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    lier_indicateur(decision, indicateur, user=compte("cooperation"))
    indicateur.mesures.all().delete()

    assert decision.numero in client_de("lecteur").get(indicateur.get_absolute_url()).content.decode()
    assert f"La décision {decision.numero} y est liée" in empeche_de_supprimer(indicateur)


def test_a_decision_that_is_late_shows_first_on_the_dashboard(client_de, decision, decider):
    decider(decision.reunion, texte="Sans échéance")

    page = client_de("lecteur").get("/dijon-2024/").content.decode()

    assert "décisions en retard" in page
    assert page.index("en retard</a>") < page.index("Ouvrir une crèche") < page.index("Sans échéance")
    assert (
        adresse(decision) in client_de("lecteur").get("/dijon-2024/gouvernance/decisions/").content.decode()
    )
