"""Somebody leaves: contacts of structures name them no more, and stay those of the others."""

import json

import pytest
from django.core.management import call_command

from structures.models import Contact, Structure
from tests.ctg.conftest import compte_zoe, zoe  # noqa: F401 -- fixtures
from tests.ctg.depart import EMAIL, commande

pytestmark = pytest.mark.django_db


@pytest.fixture
def contacts(zoe):  # noqa: F811
    structure = Structure.objects.get(code="a2-01")
    siens = {"structure": structure, "fonction": "Direction"}
    return [
        Contact.objects.create(
            **siens, nom="ZOE Martin", telephone="03 80 11 11 11", courriel="d@exemple.fr"
        ),
        Contact.objects.create(structure=structure, fonction="Accueil", courriel=EMAIL.upper()),
        Contact.objects.create(**siens, nom="Marie-Zoé Martin", telephone="03 80 22 22 22"),
    ]


def test_the_name_the_number_and_the_address_go(contacts):
    commande("--personne", EMAIL, "--forcer")

    for contact in contacts:
        contact.refresh_from_db()
    sien, adresse, autre = contacts
    assert (sien.fonction, sien.telephone, sien.courriel) == ("Direction", "", "")
    assert sien.nom.startswith("[personne anonymisée")
    assert (adresse.fonction, adresse.courriel) == ("Accueil", "")
    assert (autre.nom, autre.telephone) == ("Marie-Zoé Martin", "03 80 22 22 22")
    for ligne in Contact.historique.filter(id__in=(sien.pk, adresse.pk)):
        assert (ligne.telephone, ligne.courriel) == ("", "")
        assert "artin" not in ligne.nom


def test_what_is_held_is_exported(contacts, tmp_path):
    call_command("exporter_personne", EMAIL, sortie=tmp_path / "z.json")

    contenu = json.loads((tmp_path / "z.json").read_text())
    assert {ligne["fonction"] for ligne in contenu["contacts de structures"]} == {"Direction", "Accueil"}
