"""Races: two at once never take the same number, and a form sent many times at once is taken once."""

import datetime
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from ctg.models import Convention
from gouvernance import services
from gouvernance.models import Decision, Reunion
from tests.fiches.test_courses import clients, en_meme_temps
from tests.navigation import formulaire

AJOUT = "/dijon-2024/gouvernance/reunions/ajouter/"
NB = 6


@pytest.fixture
def lentement(monkeypatch):
    """Between reading the last number and writing the next one, there is time for another to come."""
    suivant = services._rang_suivant

    def attendre(*args, **kwargs):
        rang = suivant(*args, **kwargs)
        time.sleep(0.1)
        return rang

    monkeypatch.setattr(services, "_rang_suivant", attendre)


def reunir():
    convention = Convention.objects.get(slug="dijon-2024")
    copil = convention.instances_gouvernance.get(slug="copil")
    reunion = Reunion(convention=convention, instance_gouvernance=copil, date=datetime.date(2027, 1, 5))
    return services.enregistrer_reunion(reunion)


def test_two_at_once_never_take_the_same_number(donnees_partagees, lentement):
    assert en_meme_temps([reunir] * NB) == []
    assert sorted(Reunion.objects.filter(annee=2027).values_list("rang", flat=True)) == list(range(1, NB + 1))

    reunion = Reunion.objects.filter(annee=2027).first()

    def decider():
        services.enregistrer_decision(Decision(reunion=Reunion.objects.get(pk=reunion.pk), texte="x"))

    assert en_meme_temps([decider] * NB) == []
    assert sorted(reunion.decisions.values_list("rang", flat=True)) == list(range(1, NB + 1))


def test_without_the_lock_the_race_is_seen(donnees_partagees, lentement, monkeypatch):
    """The negative control; SQLite has one writer at a time, whatever we do."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite serialises the transactions themselves")
    monkeypatch.setattr(services, "_verrouiller", lambda convention_id: None)

    fautes = en_meme_temps([reunir] * NB)

    assert fautes
    assert {type(faute) for faute in fautes} <= {IntegrityError, ValidationError}


def test_the_same_form_ten_times_in_parallel_is_one_meeting(donnees_partagees):
    tous = clients("cooperation", 10)
    copil = Convention.objects.get(slug="dijon-2024").instances_gouvernance.get(slug="copil")
    data = formulaire(tous[0].get(AJOUT)) | {"instance_gouvernance": copil.pk, "date": "2027-05-04"}
    statuts = []

    fautes = en_meme_temps([lambda c=c: statuts.append(c.post(AJOUT, data).status_code) for c in tous])

    assert (fautes, set(statuts), len(statuts)) == ([], {302}, 10)
    assert Reunion.objects.filter(annee=2027).count() == 1
