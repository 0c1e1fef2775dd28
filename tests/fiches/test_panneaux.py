"""What the plan shows on the dashboard."""

import datetime

import pytest

from ctg.models import Avenant, Porte
from ctg.models.historique import acte
from fiches.models import FicheProjet
from fiches.succession import succeder

pytestmark = pytest.mark.django_db


def prochaines(client):
    page = client.get("/dijon-2024/").content.decode()
    debut = page.index("Prochaines étapes")
    return page[debut : page.index("</section>", debut)]


def test_the_next_steps_are_those_of_ones_axes_and_fiches(client_de):
    assert "ENF-" in prochaines(client_de("cooperation"))
    siennes = prochaines(client_de("petite-enfance"))
    assert "PE-" in siennes
    assert "ENF-" not in siennes


def test_a_step_of_a_fiche_that_an_avenant_changed_is_said_once(client_de, dijon):
    avant = prochaines(client_de("petite-enfance")).count("Généralisation aux cinq RPE")
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=datetime.date(2026, 6, 1))
    fiche = FicheProjet.objects.get(code="PE-1", date_fin=None)
    with acte(Porte.PAGE):
        succeder(fiche.pk, avenant, {"intitule": "Un autre titre"})

    assert avant == 1
    assert prochaines(client_de("petite-enfance")).count("Généralisation aux cinq RPE") == 1
