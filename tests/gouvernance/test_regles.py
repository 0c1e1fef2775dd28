"""Numbers, links and states of meetings and decisions: in the database, then in the one service."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.permissions import check
from gouvernance.models import Decision, InstanceGouvernance, Reunion
from gouvernance.services import enregistrer_decision, enregistrer_reunion, supprimer
from tests.conftest import COMPTES_PAR_NOM
from tests.navigation import formulaire_admin

TODAY = timezone.localdate()
HIER, DEMAIN = (TODAY + datetime.timedelta(days=n) for n in (-1, 1))


def test_a_meeting_takes_the_next_number_of_its_convention_and_year(dijon, reunir):
    comite = dijon.instances_gouvernance.get(slug="comite-de-suivi")
    premiere, deuxieme = reunir("2027-06-01"), reunir("2027-01-05", instance_gouvernance=comite)
    ailleurs = reunir("2028-01-05")

    assert [r.numero for r in (premiere, deuxieme, ailleurs)] == ["2027-01", "2027-02", "2028-01"]


def test_a_meeting_moved_in_its_year_keeps_its_number_and_does_not_leave_its_year(reunir):
    reunion = reunir("2027-06-01")
    reunir("2027-07-01")
    reunion.date = datetime.date(2027, 12, 31)
    assert enregistrer_reunion(reunion).numero == "2027-01"

    reunion.date = datetime.date(2028, 1, 1)
    with pytest.raises(ValidationError, match="choisissez une date de 2027") as error:
        enregistrer_reunion(reunion)
    assert "date" in error.value.message_dict
    assert Reunion.objects.get(pk=reunion.pk).date.year == 2027


@pytest.mark.parametrize("date", ["0226-03-01", "1999-12-31", "2101-01-01"])
def test_a_year_typed_wrong_is_refused(reunir, date):
    with pytest.raises(ValidationError, match="entre 2000 et 2100"):
        reunir(date)


def test_numbers_of_what_was_deleted_are_not_given_again(reunir, decider):
    reunion = reunir("2027-06-01")
    supprimer(decider(reunion))
    supprimer(decider(reunion))
    derniere = decider(reunion)
    assert derniere.numero == "2027-01-D03"

    supprimer(derniere)
    supprimer(reunion)
    assert reunir("2027-06-01").numero == "2027-02"


def test_a_decision_says_its_number(decider, reunir):
    reunion = reunir("2027-06-01")

    assert [decider(reunion).numero for _ in range(2)] == ["2027-01-D01", "2027-01-D02"]


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("reunion_numero_unique|annee, gouvernance_reunion.rang", {"rang": 1}),
        ("reunion_rang_positif", {"rang": 0}),
        ("reunion_annee_de_la_date", {"annee": 2026}),
        ("reunion_annee_vraisemblable", {"annee": 1999, "date": "1999-01-01"}),
    ],
)
def test_the_database_holds_the_numbers_of_meetings(dijon, copil, reunir, contrainte, champs):
    reunir("2027-06-01")
    valeurs = {"annee": 2027, "rang": 9, "date": "2027-06-01"} | champs

    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        Reunion.objects.create(convention=dijon, instance_gouvernance=copil, **valeurs)


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("decision_numero_unique|reunion_id, gouvernance_decision.rang", {"rang": 1}),
        ("decision_rang_positif", {"rang": 0}),
        ("decision_ecrite", {"texte": ""}),
        ("decision_etat_connu", {"etat": "oubliee"}),
        ("decision_un_responsable", {"responsable": True, "service": True}),
        ("decision_ne_se_remplace_pas", {"pk": 99_999, "remplace_id": 99_999}),
        ("remplace_id", {"remplace": True}),
    ],
)
def test_the_database_holds_the_rules_of_decisions(decider, zoe, service, contrainte, champs):
    premiere = decider()
    decider(premiere.reunion, remplace=premiere)
    objets = {"responsable": zoe, "service": service, "remplace": premiere}
    valeurs = {"rang": 9, "texte": "x"} | {k: objets[k] if v is True else v for k, v in champs.items()}

    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        Decision.objects.create(reunion=premiere.reunion, **valeurs)


def test_an_instance_of_another_convention_is_refused(reunir, ailleurs):
    with pytest.raises(ValidationError, match="Cette instance n’est pas de cette convention"):
        reunir(instance_gouvernance=ailleurs["instance_gouvernance"])


@pytest.mark.parametrize("champ", ["label", "responsable", "remplace"])
def test_what_a_decision_names_is_of_its_convention(decider, reunir, ailleurs, champ):
    with pytest.raises(ValidationError, match="n’est pas de cette convention") as error:
        decider(reunir(), **{champ: ailleurs[champ]})

    assert set(error.value.message_dict) == {champ}


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"texte": ""}, "obligatoire|vide"),
        ({"responsable": True, "service": True}, "une personne ou un service"),
        ({"etat": "oubliee"}, "oubliee"),
    ],
)
def test_the_service_says_what_is_wrong(decider, zoe, service, champs, message):
    objets = {"responsable": zoe, "service": service}

    with pytest.raises(ValidationError, match=message):
        decider(**{k: objets[k] if v is True else v for k, v in champs.items()})


def test_a_decision_replaces_one_taken_before_it_and_only_once(decider, reunir):
    ancienne = decider(reunir("2027-01-05"))
    nouvelle = decider(reunir("2027-06-01"), remplace=ancienne)
    assert ancienne.remplacee_par == nouvelle

    with pytest.raises(ValidationError, match="Une autre décision remplace déjà"):
        decider(nouvelle.reunion, remplace=ancienne)
    with pytest.raises(ValidationError, match="prise avant elle"):
        decider(reunir("2027-02-01"), remplace=nouvelle)
    ancienne.remplace = ancienne
    with pytest.raises(ValidationError, match="annule déjà celle"):
        enregistrer_decision(ancienne)


def test_two_decisions_do_not_replace_each_other_even_when_a_meeting_is_moved(decider, reunir):
    ancienne = decider(reunir("2027-01-05"))
    nouvelle = decider(reunir("2027-06-01"), remplace=ancienne)
    ancienne.reunion.date = datetime.date(2027, 12, 1)
    enregistrer_reunion(ancienne.reunion)
    ancienne.remplace = Decision.objects.get(pk=nouvelle.pk)

    with pytest.raises(ValidationError, match="annule déjà celle"):
        enregistrer_decision(ancienne)


@pytest.mark.parametrize(
    ("echeance", "etat", "remplacee", "attendu"),
    [
        (HIER, "a_faire", False, True),
        (HIER, "en_cours", False, True),
        (HIER, "faite", False, False),
        (HIER, "abandonnee", False, False),
        (HIER, "a_faire", True, False),
        (TODAY, "a_faire", False, False),
        (DEMAIN, "a_faire", False, False),
        (None, "a_faire", False, False),
    ],
)
def test_late_is_computed(decider, reunir, echeance, etat, remplacee, attendu):
    decision = decider(reunir("2026-02-01"), echeance=echeance, etat=etat)
    if remplacee:
        decider(decision.reunion, remplace=decision)

    assert Decision.objects.en_retard(au=TODAY).contains(decision) is attendu
    assert Decision.objects.for_list().get(pk=decision.pk).is_en_retard(TODAY) is attendu


def test_only_what_nothing_depends_on_is_deleted(decider):
    ancienne = decider(texte="Ouvrir une crèche")
    nouvelle = decider(ancienne.reunion, texte="Ouvrir deux crèches", remplace=ancienne)

    with pytest.raises(ValidationError, match="Ouvrir deux crèches"):
        supprimer(ancienne)
    with pytest.raises(ValidationError, match="Rien n’est supprimé : 2"):
        supprimer(ancienne.reunion)
    assert Decision.objects.filter(pk=ancienne.pk).exists()

    for objet in (nouvelle, ancienne, ancienne.reunion):
        pk = objet.pk
        supprimer(objet)
        assert not type(objet).objects.filter(pk=pk).exists()
        assert type(objet).historique.filter(id=pk).latest().history_type == "-"


def test_an_instance_with_meetings_a_person_and_a_service_with_decisions_stay(decider, copil, zoe, service):
    decider(responsable=zoe)
    decider(service=service)

    for objet in (copil, zoe, service):
        with pytest.raises(IntegrityError):
            objet.delete()


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
def test_reading_agrees_with_visible_to_and_writing_is_the_charge_s(compte, nom, ailleurs, decider, reunir):
    user, ici, la_bas = compte(nom), decider(reunir(is_anterieure=True)), ailleurs["remplace"]

    for decision in (ici, la_bas):
        assert bool(check(user, "ctg.consulter", decision)) is Decision.objects.visible_to(user).contains(
            decision
        )
        assert Reunion.objects.visible_to(user).contains(decision.reunion) is Decision.objects.visible_to(
            user
        ).contains(decision)
    assert bool(check(user, "gouvernance.tenir", ici)) is (nom == "cooperation")
    assert not check(user, "gouvernance.tenir", la_bas)


def test_the_presidence_of_an_instance_is_signed_text(client_de, dijon):
    copil = InstanceGouvernance.objects.get(convention=dijon, slug="copil")
    avant, client = copil.presidence, client_de("admin")
    url = f"/admin/gouvernance/instancegouvernance/{copil.pk}/change/"
    autre = formulaire_admin(client.get(url)) | {"presidence": "Une autre présidence"}

    assert "C’est le texte signé" in client.post(url, autre).content.decode()
    copil.refresh_from_db()
    assert copil.presidence == avant

    assert client.post(url, autre | {"rectification": "Erreur de copie"}).status_code == 302
    copil.refresh_from_db()
    assert copil.presidence == "Une autre présidence"
    assert "Erreur de copie" in copil.historique.latest().history_change_reason
