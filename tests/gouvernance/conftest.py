"""Instances and meetings of Dijon, and a second convention to keep apart."""

import datetime

import pytest

from ctg.models import Convention, Personne, Service
from gouvernance.models import Decision, InstanceGouvernance, Label, Reunion
from gouvernance.services import enregistrer_decision, enregistrer_reunion


@pytest.fixture
def copil(dijon):
    return dijon.instances_gouvernance.get(slug="copil")


@pytest.fixture
def reunir(dijon, copil):
    """reunir(date) adds a meeting of the COPIL by the service."""

    def ajouter(date="2027-02-01", **champs):
        champs = {"convention": dijon, "instance_gouvernance": copil} | champs
        return enregistrer_reunion(Reunion(date=datetime.date.fromisoformat(date), **champs))

    return ajouter


@pytest.fixture
def decider(reunir):
    """decider(reunion) adds a decision by the service."""

    def ajouter(reunion=None, texte="Ouvrir une crèche", **champs):
        return enregistrer_decision(Decision(reunion=reunion or reunir(), texte=texte, **champs))

    return ajouter


@pytest.fixture
def zoe(dijon):
    return Personne.objects.create(convention=dijon, prenom="Zoé", nom="Martin", email="zoe@exemple.fr")


@pytest.fixture
def service(db):
    return Service.objects.order_by("pk").first()


@pytest.fixture
def ailleurs(dijon):
    """What another convention has: an instance, a label, a person, a meeting and its decision."""
    autre = Convention.objects.create(territoire=dijon.territoire, slug="autre-2030", intitule="Une autre")
    instance = InstanceGouvernance.objects.create(
        convention=autre, slug="copil", ordre=1, nom="Autre COPIL", type_instance="copil"
    )
    reunion = enregistrer_reunion(
        Reunion(convention=autre, instance_gouvernance=instance, date=datetime.date(2025, 1, 7))
    )
    return {
        "instance_gouvernance": instance,
        "label": Label.objects.create(convention=autre, ordre=1, nom="CTG"),
        "responsable": Personne.objects.create(convention=autre, nom="Ailleurs"),
        "remplace": enregistrer_decision(Decision(reunion=reunion, texte="Ailleurs")),
    }
