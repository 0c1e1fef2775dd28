"""The conclusions of the COPIL are those of one of its meetings."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from evaluation.models import ConclusionCopil
from gouvernance.enums import TypeInstance
from gouvernance.models import InstanceGouvernance, Reunion
from gouvernance.services import enregistrer_reunion, supprimer
from tests.navigation import formulaire

ADRESSE = "/dijon-2024/evaluation/2025/bilan/v1/conclure/"
TEXTE = {"texte": "Le COPIL approuve."}


@pytest.fixture
def reunion(dijon):
    instance = InstanceGouvernance.objects.get(convention=dijon, type_instance=TypeInstance.COPIL)
    return enregistrer_reunion(
        Reunion(convention=dijon, instance_gouvernance=instance, date=datetime.date(2026, 2, 12))
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
    assert conclure(date="2026-03-04").status_code == 302
    assert ConclusionCopil.objects.get().reunion is None


@pytest.mark.parametrize(
    ("avec_reunion", "date", "faute"),
    [
        (False, "", "Choisissez la réunion, ou écrivez sa date."),
        (True, "2026-03-04", "La réunion choisie est du 12 février 2026"),
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
        (suivi, datetime.date(2026, 2, 13)),
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
    conclusion.date = datetime.date(2026, 2, 13)
    with pytest.raises(ValidationError, match="celle de la réunion"):
        conclusion.full_clean()
