"""Once the minutes are distributed, a due date moves and a decision changes hands by a note: what was decided stays said."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from gouvernance.models import SuiteDecision
from gouvernance.suivi import noter_suite
from tests.navigation import formulaire

DECIDEE, REPORTEE, ENCORE = (datetime.date(2026, 5, 4), datetime.date(2026, 9, 7), datetime.date(2026, 12, 1))


@pytest.fixture
def decision(tenue, zoe):
    decision = tenue.decisions.get(rang=1)
    decision.responsable, decision.echeance = zoe, DECIDEE
    decision.save()
    return decision


@pytest.fixture
def noter(decision, compte):
    def ajouter(nom="cooperation", **champs):
        return noter_suite(
            SuiteDecision(decision=decision, auteur=compte(nom), texte="Le bail tarde.", **champs)
        )

    return ajouter


def adresse(decision):
    return f"/dijon-2024/gouvernance/decisions/{decision.pk}/"


def test_a_note_moves_the_due_date_and_the_page_says_both(decision, tenue, mener, noter, client_de):
    mener(tenue, "diffuse")

    noter(echeance=REPORTEE)
    noter(echeance=ENCORE)

    decision.refresh_from_db()
    assert decision.echeance == ENCORE
    page = client_de("copil").get(adresse(decision)).content.decode()
    assert "1er\u00a0décembre\u00a02026" in page
    assert "échéance décidée\u00a0: 4\u00a0mai\u00a02026" in page
    assert "Échéance portée du 4\u00a0mai\u00a02026 au 7\u00a0septembre\u00a02026." in page


def test_a_note_gives_the_decision_to_somebody_else(decision, tenue, mener, noter, client_de, service, zoe):
    mener(tenue, "diffuse")

    suite = noter(service=service)

    decision.refresh_from_db()
    assert (decision.responsable, decision.service) == (None, service)
    assert (suite.responsable_avant, suite.service_avant) == (zoe, None)
    page = client_de("copil").get(adresse(decision)).content.decode()
    assert f"Responsable\u00a0: de Zoé Martin à {service}." in page
    assert "(décidé\u00a0: Zoé Martin)" in page


def test_what_had_no_date_and_nobody_is_given_some(tenue, mener, noter, decision, zoe, client_de):
    decision.responsable = decision.echeance = None
    decision.save()
    mener(tenue, "diffuse")

    noter(responsable=zoe, echeance=REPORTEE)

    page = client_de("copil").get(adresse(decision)).content.decode()
    assert "Échéance fixée au 7\u00a0septembre\u00a02026." in page
    assert "Responsable désigné\u00a0: Zoé Martin." in page
    assert "(échéance décidée\u00a0: aucune)" in page
    assert "(décidé\u00a0: à désigner)" in page


def test_the_same_again_is_no_change(decision, tenue, mener, noter, zoe):
    mener(tenue, "diffuse")

    suite = noter(echeance=DECIDEE, responsable=zoe)

    assert (suite.echeance, suite.echeance_avant, suite.confiee_a) == (None, None, None)


@pytest.mark.parametrize("nom", ["referent", "caf"])
def test_only_whoever_keeps_the_decisions_moves_them(decision, tenue, mener, noter, nom):
    mener(tenue, "diffuse")

    with pytest.raises(PermissionDenied, match="chargé de coopération"):
        noter(nom, echeance=REPORTEE)
    decision.refresh_from_db()
    assert (decision.echeance, decision.suites.count()) == (DECIDEE, 0)


@pytest.mark.parametrize(
    ("etat", "message"),
    [("brouillon", "« Modifier »"), ("transmis", "transmis pour aval"), ("avalise", "a reçu l’aval")],
)
def test_before_the_distribution_no_note_moves_anything(decision, tenue, mener, noter, etat, message):
    if etat != "brouillon":
        mener(tenue, etat)

    with pytest.raises(ValidationError, match=message):
        noter(echeance=REPORTEE)
    decision.refresh_from_db()
    assert (decision.echeance, decision.suites.count()) == (DECIDEE, 0)
    assert noter(etat="en_cours").etat == "en_cours"  # how far it is goes on


def test_a_decision_that_was_replaced_is_not_moved(decision, tenue, mener, noter, decider):
    mener(tenue, "diffuse")
    decider(remplace=decision)

    with pytest.raises(ValidationError, match="remplacée"):
        noter(echeance=REPORTEE)


def test_somebody_of_another_convention_is_refused(tenue, mener, noter, ailleurs):
    mener(tenue, "diffuse")

    with pytest.raises(ValidationError, match="pas de cette convention"):
        noter(responsable=ailleurs["responsable"])


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("suite_un_responsable", {"responsable": "zoe", "service": "service"}),
        ("suite_dit_ce_qui_change", {"echeance_avant": DECIDEE}),
        ("suite_dit_ce_qui_change", {"responsable_avant": "zoe"}),
        ("suite_dit_ce_qui_change", {"service_avant": "service"}),
    ],
)
def test_the_database_holds_the_rules(request, decision, compte, contrainte, champs):
    champs = {nom: request.getfixturevalue(lu) if isinstance(lu, str) else lu for nom, lu in champs.items()}

    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        SuiteDecision.objects.create(decision=decision, auteur=compte("caf"), texte="x", **champs)


def test_the_form_asks_it_of_whoever_may_once_the_minutes_are_distributed(
    client_de, decision, tenue, mener, service
):
    url = f"{adresse(decision)}suivre/"
    assert not {"echeance", "confiee"} & set(formulaire(client_de("cooperation").get(url)))
    mener(tenue, "diffuse")
    assert not {"echeance", "confiee"} & set(formulaire(client_de("referent").get(url)))
    client = client_de("cooperation")
    envoi = formulaire(client.get(url)) | {"texte": "Repris", "echeance": str(REPORTEE)}
    envoi["confiee"] = f"service-{service.pk}"

    page = client.post(url, envoi, follow=True).content.decode()

    assert "C’est noté" in page
    decision.refresh_from_db()
    assert (decision.echeance, decision.service, decision.responsable) == (REPORTEE, service, None)
    envoi = formulaire(client.get(url)) | {"texte": "Encore", "confiee": "personne-999999"}
    assert "Rien n’est" in client.post(url, envoi).content.decode()


@pytest.mark.parametrize("etat", ["transmis", "diffuse"])
def test_the_form_of_the_decision_changes_neither_once_the_minutes_left(
    client_de, decision, tenue, mener, zoe, etat
):
    mener(tenue, etat)
    client, url = client_de("cooperation"), f"{adresse(decision)}modifier/"
    page = client.get(url)
    assert ("Noter la suite" if etat == "diffuse" else "parti pour aval") in page.content.decode()
    envoi = formulaire(page) | {"echeance": str(timezone.localdate()), "responsable": ""}

    assert client.post(url, envoi | {"etat": "en_cours"}).status_code == 302

    decision.refresh_from_db()
    assert (decision.echeance, decision.responsable, decision.etat) == (DECIDEE, zoe, "en_cours")
