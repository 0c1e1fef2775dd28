"""Instances and meetings of Dijon, and a second convention to keep apart."""

import datetime

import pytest
from django.utils import timezone

from ctg.models import Convention, Personne, Service
from gouvernance.models import (
    Decision,
    InstanceGouvernance,
    Label,
    Membre,
    PointOrdreDuJour,
    Presence,
    Reunion,
)
from gouvernance.services import (
    enregistrer_decision,
    enregistrer_point,
    enregistrer_reunion,
    noter_presences,
)
from gouvernance.transitions import appliquer


@pytest.fixture(autouse=True)
def _diffuser_vite(dessin_rapide):
    """Minutes are distributed in most of these tests."""


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
def inscrire(reunir):
    """inscrire(reunion, intitule) adds a point to an agenda by the service."""

    def ajouter(reunion=None, intitule="Bilan de l’année", **champs):
        liens = {nom: champs.pop(nom) for nom in ("documents", "fiches") if nom in champs}
        return enregistrer_point(
            PointOrdreDuJour(reunion=reunion or reunir(), intitule=intitule, **champs), **liens
        )

    return ajouter


@pytest.fixture
def mener(compte):
    """mener(reunion, "transmis") takes the minutes as far as that state, each step by whom it belongs to."""
    pas = [("transmettre", "cooperation"), ("avaliser", "caf"), ("diffuser", "cooperation")]

    def avancer(reunion, etat):
        for (action, nom), atteint in zip(pas, ("transmis", "avalise", "diffuse"), strict=True):
            reunion = appliquer(action, reunion.pk, user=compte(nom), now=timezone.now())
            if atteint == etat:
                break
        return reunion

    return avancer


@pytest.fixture
def tenue(dijon, reunir, inscrire, decider):
    """A meeting that took place: two points of two labels, a decision on each, one seat noted, minutes written."""
    reunion = reunir("2026-02-03", compte_rendu="Ce qui s’est dit")
    ctg = inscrire(reunion, "Petite enfance", label=dijon.labels.get(nom="CTG"), notes="Longuement dit")
    cite = inscrire(reunion, "Quartiers", label=dijon.labels.get(nom="Cité éducative"))
    decider(reunion, "Ouvrir une crèche", point=ctg, label=ctg.label)
    decider(reunion, "Se revoir au printemps", point=cite, label=cite.label)
    siege = Membre.objects.get(instance_gouvernance=reunion.instance_gouvernance, ordre=6)
    noter_presences(reunion, [Presence(reunion=reunion, membre=siege, etat="present")])
    return reunion


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
