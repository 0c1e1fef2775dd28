"""The statut of a fiche: applied by a validated entry, or proposed until the COPIL has decided."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from ctg.models import Convention
from evaluation.meteo import meteo
from evaluation.models import Avancement, DecisionFiche, Saisie
from evaluation.reports import collect_bilan
from evaluation.statuts import lier_decision
from evaluation.transitions import appliquer_saisie, commencer
from fiches.models import FicheProjet
from gouvernance.models import Decision, InstanceGouvernance, Reunion
from gouvernance.services import enregistrer_decision, enregistrer_reunion

FICHE = "/dijon-2024/fiches/PE-1/"


@pytest.fixture
def decision(dijon):
    copil = InstanceGouvernance.objects.get(convention=dijon, slug="copil")
    reunion = Reunion(convention=dijon, instance_gouvernance=copil, date=datetime.date(2026, 3, 10))
    reunion = enregistrer_reunion(reunion)
    return enregistrer_decision(Decision(reunion=reunion, texte="La fiche PE-1 est reportée."))


@pytest.fixture
def valider(compte):
    """The year of PE-1 submitted with a statut, and validated by somebody else."""

    def faire(statut, annee=2026):
        fiche = FicheProjet.objects.get(code="PE-1")
        Avancement.objects.update_or_create(fiche=fiche, annee=annee, defaults={"statut": statut})
        saisie = Saisie.objects.get(fiche=fiche, campagne__annee=annee)
        commencer(saisie)
        now = timezone.now()
        appliquer_saisie("soumettre", saisie.pk, user=compte("petite-enfance"), now=now)
        appliquer_saisie("valider", saisie.pk, user=compte("cooperation"), now=now)

    return faire


def statut():
    return FicheProjet.objects.get(code="PE-1").statut


def test_a_validated_entry_gives_its_statut_to_the_fiche(valider):
    valider("realisee")

    assert statut() == "realisee"


@pytest.mark.parametrize("propose", ["reportee", "reorientee", "abandonnee"])
def test_what_the_copil_decides_stays_proposed_until_it_has(valider, client_de, decision, propose):
    avant = statut()
    valider(propose)
    client = client_de("cooperation")

    assert statut() == avant
    assert "proposé au COPIL" in client.get(FICHE).content.decode()

    client.post("/dijon-2024/evaluation/fiches/PE-1/decisions/", {"decision": decision.pk, "annee": "2026"})

    assert statut() == propose
    page = client.get(FICHE).content.decode()
    assert "proposé au COPIL" not in page
    assert "2026-" in page


def test_the_bilan_says_that_a_statut_is_only_proposed(valider, dijon, decision, compte):
    def lire():
        contenu = collect_bilan(dijon, 2026, now=timezone.localtime())
        pe1 = next(f for f in contenu.fiches if f.code == "PE-1")
        [synthese] = [s for s in contenu.syntheses if s.code == "PE"]
        return pe1.statut, dict(synthese.statuts), any("abandonnée" in r for r in meteo([pe1]).raisons)

    valider("abandonnee")
    dit, compte_des_statuts, ecrit = lire()
    assert dit == "abandonnée (proposée au COPIL)"
    assert compte_des_statuts[dit] == 1
    assert not ecrit

    lier_decision(FicheProjet.objects.get(code="PE-1").pk, decision, 2026, user=compte("cooperation"))
    dit, compte_des_statuts, ecrit = lire()
    assert (dit, compte_des_statuts["abandonnée"], ecrit) == ("abandonnée", 1, True)


def test_a_meeting_to_come_has_decided_nothing_yet(valider, decision, compte):
    valider("abandonnee")
    Reunion.objects.filter(pk=decision.reunion_id).update(
        date=timezone.localdate() + datetime.timedelta(days=1)
    )
    decision.refresh_from_db()

    with pytest.raises(ValidationError, match="n’a pas encore eu lieu"):
        lier_decision(FicheProjet.objects.get(code="PE-1").pk, decision, 2026, user=compte("cooperation"))


def test_a_correction_of_an_older_year_does_not_undo_a_later_one(valider):
    valider("realisee", annee=2026)
    valider("en_preparation", annee=2024)

    assert statut() == "realisee"


def test_a_decision_before_the_validation_lets_it_apply(valider, decision, compte):
    lier_decision(FicheProjet.objects.get(code="PE-1").pk, decision, 2026, user=compte("cooperation"))
    valider("abandonnee")

    assert statut() == "abandonnee"


@pytest.mark.parametrize("nom", ["petite-enfance", "caf", "admin", "copil"])
def test_only_the_charge_de_cooperation_links_a_decision(compte, decision, nom):
    with pytest.raises(PermissionDenied):
        lier_decision(FicheProjet.objects.get(code="PE-1").pk, decision, 2026, user=compte(nom))
    assert not DecisionFiche.objects.exists()


def test_a_decision_of_elsewhere_or_twice_is_refused(dijon, decision, compte):
    fiche, charge = FicheProjet.objects.get(code="PE-1"), compte("cooperation")
    lier_decision(fiche.pk, decision, 2026, user=charge)

    with pytest.raises(ValidationError, match="déjà liée"):
        lier_decision(fiche.pk, decision, 2026, user=charge)
    with pytest.raises(ValidationError, match="pas une année"):
        lier_decision(fiche.pk, decision, 2031, user=charge)
    autre = Convention.objects.create(territoire=dijon.territoire, slug="autre-2030", intitule="Une autre")
    Reunion.objects.filter(pk=decision.reunion_id).update(convention=autre)
    decision = Decision.objects.get(pk=decision.pk)
    with pytest.raises(ValidationError, match="pas de cette convention"):
        lier_decision(fiche.pk, decision, 2025, user=charge)


@pytest.mark.parametrize("cle", ["", "abc", "999999999999", "9" * 40])
def test_a_forged_decision_is_said(client_de, cle):
    client = client_de("cooperation")
    response = client.post(
        "/dijon-2024/evaluation/fiches/PE-1/decisions/", {"decision": cle, "annee": "2026"}, follow=True
    )

    assert "Choisissez une décision" in response.content.decode()


def test_a_decision_linked_by_mistake_is_taken_off_and_the_statut_comes_back(valider, client_de, decision):
    avant = statut()
    valider("abandonnee")
    client, url = client_de("cooperation"), "/dijon-2024/evaluation/fiches/PE-1/decisions/"
    lien = {"decision": decision.pk, "annee": "2026"}
    client.post(url, lien)
    assert statut() == "abandonnee"
    assert "Délier" in client.get(FICHE).content.decode()

    page = client.post(url, lien | {"delier": "1"}, follow=True).content.decode()

    assert "n’est plus liée à la fiche PE-1" in page
    assert (statut(), DecisionFiche.objects.filter(fiche__code="PE-1", annee=2026).exists()) == (avant, False)
    assert "proposé au COPIL" in page
    assert "rien n’est changé" in client.post(url, lien | {"delier": "1"}, follow=True).content.decode()


@pytest.mark.parametrize("nom", ["petite-enfance", "caf", "copil"])
def test_nobody_else_takes_a_decision_off(client_de, decision, compte, nom):
    lier_decision(FicheProjet.objects.get(code="PE-1").pk, decision, 2026, user=compte("cooperation"))
    reponse = client_de(nom).post(
        "/dijon-2024/evaluation/fiches/PE-1/decisions/",
        {"decision": decision.pk, "annee": "2026", "delier": "1"},
    )
    assert reponse.status_code == 403
    assert DecisionFiche.objects.filter(decision=decision).exists()


def test_a_decision_that_is_deleted_takes_its_statut_back(valider, client_de, decision, compte):
    avant = statut()
    valider("abandonnee")
    lier_decision(FicheProjet.objects.get(code="PE-1").pk, decision, 2026, user=compte("cooperation"))
    assert statut() == "abandonnee"

    client_de("cooperation").post(f"/dijon-2024/gouvernance/decisions/{decision.pk}/supprimer/")

    assert not Decision.objects.filter(pk=decision.pk).exists()
    assert statut() == avant
