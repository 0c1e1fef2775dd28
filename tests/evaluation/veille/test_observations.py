"""What the database never holds of an observation."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from evaluation.models import Observation, SerieSociale, TerritoireCompare
from evaluation.veille.services import (
    enregistrer_serie,
    enregistrer_territoire,
    retirer_territoire,
    supprimer_serie,
)

pytestmark = pytest.mark.django_db
JOUR = datetime.date(2024, 1, 1)


@pytest.mark.parametrize(
    "champs",
    [
        {"situation": "diffusee", "valeur": None},
        {"situation": "secret", "valeur": 3},
        {"situation": "inconnue", "valeur": 3},
        {"valeur": 3, "etat": "estimee"},
        {"valeur": 3, "debut": datetime.date(1980, 1, 1)},
        {"valeur": 10**12},
    ],
)
def test_an_observation_that_says_two_things_is_refused_by_the_database(serie, champs):
    with pytest.raises(DatabaseError), transaction.atomic():
        Observation.objects.create(serie=serie, **{"debut": JOUR} | champs)


def test_one_figure_a_series_a_period_and_a_territory(serie, noter, quartier, dijon):
    cote = TerritoireCompare.objects.get(convention=dijon, code="21")
    for lieu in ({}, {"quartier": quartier("Grésilles")}, {"territoire_compare": cote}):
        Observation.objects.create(serie=serie, debut=JOUR, valeur=1, **lieu)
        with pytest.raises(IntegrityError), transaction.atomic():
            Observation.objects.create(serie=serie, debut=JOUR, valeur=2, **lieu)


def test_a_quartier_and_a_comparison_at_once_are_refused(serie, quartier, dijon):
    cote = TerritoireCompare.objects.get(convention=dijon, code="21")

    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(
            serie=serie, debut=JOUR, valeur=1, quartier=quartier("Grésilles"), territoire_compare=cote
        )


def test_a_day_that_begins_no_period_of_the_series_is_refused(serie):
    with pytest.raises(ValidationError, match="comme 2024"):
        Observation(serie=serie, debut=datetime.date(2024, 3, 1), valeur=1).full_clean()


def test_rates_never_add_up(dijon):
    with pytest.raises(ValidationError, match="ne s’additionnent pas"):
        enregistrer_serie(
            SerieSociale(convention=dijon, code="t", intitule="T", nature="taux", cumul="somme")
        )


def test_the_period_of_a_series_with_figures_stays(serie, noter):
    noter("Dijon", 2024, 1)
    serie.periode = "scolaire"

    with pytest.raises(ValidationError, match="annulez leur import"):
        enregistrer_serie(serie)


def test_a_series_with_figures_is_not_deleted_and_an_empty_one_is(serie, noter):
    observation = noter("Dijon", 2024, 1)
    with pytest.raises(ValidationError, match="1 valeur :"):
        supprimer_serie(serie)

    observation.delete()
    supprimer_serie(serie)

    assert not SerieSociale.objects.filter(code="essai").exists()


def test_a_territory_with_figures_stays(dijon):
    cote = TerritoireCompare.objects.get(convention=dijon, code="21")

    with pytest.raises(ValidationError, match="a des valeurs dans 3 séries"):
        retirer_territoire(cote)


def test_the_city_is_not_compared_with_itself(dijon):
    with pytest.raises(ValidationError, match="on le compare à d’autres"):
        enregistrer_territoire(TerritoireCompare(convention=dijon, niveau="commune", nom="DIJON"))


@pytest.mark.parametrize("valeur", [-3, 140])
def test_a_rate_goes_from_0_to_100(dijon, valeur):
    serie = SerieSociale.objects.get(convention=dijon, code="familles-monoparentales")

    with pytest.raises(ValidationError, match="de 0 à 100"):
        Observation(serie=serie, debut=datetime.date(2019, 1, 1), valeur=valeur).full_clean()
