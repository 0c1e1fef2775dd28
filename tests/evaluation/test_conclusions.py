"""The conclusions of the COPIL are those of one of its meetings."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from evaluation.models import ConclusionCopil
from evaluation.transitions import TransitionError
from gouvernance.enums import TypeInstance
from gouvernance.models import InstanceGouvernance, Reunion
from gouvernance.services import enregistrer_reunion, supprimer
from tests.evaluation.conftest import DEBAT, changer
from tests.navigation import formulaire

ADRESSE = "/dijon-2024/evaluation/2025/bilan/v1/conclure/"
TEXTE = {"texte": "Le COPIL approuve."}


@pytest.fixture
def reunion(dijon):
    instance = InstanceGouvernance.objects.get(convention=dijon, type_instance=TypeInstance.COPIL)
    return enregistrer_reunion(
        Reunion(convention=dijon, instance_gouvernance=instance, date=timezone.localdate())
    )


@pytest.fixture
def conclure(amener, client_de):
    amener("soumise_copil")
    client = client_de("cooperation")

    def envoyer(**champs):
        return client.post(ADRESSE, formulaire(client.get(ADRESSE)) | TEXTE | champs)

    return envoyer


def test_the_meeting_gives_the_date(conclure, reunion, client_de):
    assert conclure(reunion=reunion.pk).status_code == 302
    conclusion = ConclusionCopil.objects.get()
    assert (conclusion.reunion, conclusion.date) == (reunion, reunion.date)
    page = client_de("cooperation").get("/dijon-2024/evaluation/2025/bilan/").content.decode()
    assert f'<a href="{reunion.get_absolute_url()}">Réunion {reunion.numero}</a>' in page


def test_a_meeting_that_is_not_in_the_list_is_dated(conclure, reunion):
    assert conclure(date=str(timezone.localdate())).status_code == 302
    assert ConclusionCopil.objects.get().reunion is None


@pytest.mark.parametrize(
    ("avec_reunion", "date", "faute"),
    [
        (False, "", "Choisissez la réunion, ou écrivez sa date."),
        (True, "2026-03-04", "La réunion choisie est du "),
        (True, "12/13/2026", "Saisissez une date valide."),
    ],
)
def test_a_date_is_asked_and_is_that_of_the_meeting(conclure, reunion, avec_reunion, date, faute):
    page = conclure(date=date, **({"reunion": reunion.pk} if avec_reunion else {}))
    assert faute in page.content.decode().replace("\xa0", " ")
    assert not ConclusionCopil.objects.exists()


def test_neither_a_meeting_of_another_instance_nor_one_to_come(conclure, reunion, dijon):
    suivi = InstanceGouvernance.objects.get(convention=dijon, type_instance=TypeInstance.COMITE_SUIVI)
    for instance, jour in (
        (suivi, timezone.localdate()),
        (reunion.instance_gouvernance, datetime.date(2099, 1, 1)),
    ):
        autre = enregistrer_reunion(Reunion(convention=dijon, instance_gouvernance=instance, date=jour))
        assert conclure(reunion=autre.pk).status_code == 200
    assert not ConclusionCopil.objects.exists()


def test_the_meeting_stays(conclure, reunion):
    conclure(reunion=reunion.pk)
    with pytest.raises(ValidationError, match="conclusions du COPIL"):
        supprimer(reunion)


def test_the_model_says_it_too(conclure, reunion):
    conclure(reunion=reunion.pk)
    conclusion = ConclusionCopil.objects.get()
    conclusion.date -= datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="celle de la réunion"):
        conclusion.full_clean()


def test_nobody_concludes_on_a_version_before_it_is_there(conclure, reunion, dijon):
    veille = timezone.localdate() - datetime.timedelta(days=1)
    avant = enregistrer_reunion(
        Reunion(convention=dijon, instance_gouvernance=reunion.instance_gouvernance, date=veille)
    )
    assert conclure(reunion=avant.pk).status_code == 200
    assert "Cette date n’est pas possible" in conclure(date=str(veille)).content.decode()
    assert not ConclusionCopil.objects.exists()


def test_a_copil_is_held_or_waived_never_both(conclure, amener, agir):
    conclure(date=str(timezone.localdate()))
    bilan = ConclusionCopil.objects.get().bilan
    with pytest.raises(TransitionError, match="Le COPIL a eu lieu"):
        agir("dispenser-copil", bilan, motif="Sans quorum.")


def test_waived_it_concludes_no_more(amener, agir):
    bilan = agir("dispenser-copil", amener("soumise_copil"), motif="Sans quorum.")
    with pytest.raises(TransitionError, match="Le COPIL est dispensé"):
        agir("conclure", bilan, date=timezone.localdate(), texte="Oui")


def test_a_debate_that_was_held_is_not_waived_on_the_next_version(amener, figer_v, agir):
    bilan = amener("au_debat")
    agir("consigner", bilan, **DEBAT)
    changer()
    suivante = figer_v()
    with pytest.raises(TransitionError, match="Le débat a eu lieu"):
        agir("dispenser-debat", suivante, motif="Déjà tenu.")
