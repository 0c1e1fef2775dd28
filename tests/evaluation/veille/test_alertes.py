"""Thresholds against figures worked out by hand; what is missing or withheld never alerts."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from evaluation.models import Seuil
from evaluation.veille.alertes import alertes_de, collect_alertes
from evaluation.veille.services import enregistrer_seuil

pytestmark = pytest.mark.django_db


@pytest.fixture
def alertes(serie, lire):
    """alertes(nature="au_dessus", valeur=10) is what that one threshold says: {(who, when): words}."""

    def calculer(**champs):
        seuil = Seuil(serie=serie, **{"portee": "quartiers"} | champs)
        seuil.valeur = D(str(champs["valeur"]))
        seuil.full_clean()
        return {(a.lieu, a.periode): a.dit for a in alertes_de(lire(serie), [seuil])}

    return calculer


def test_above_and_below_a_value_are_strict(noter, alertes):
    noter("Grésilles", 2024, 30)
    noter("Maladière", 2024, "30.1")
    noter("Université", 2024, 0)

    assert alertes(nature="au_dessus", valeur=30) == {("Maladière", "2024"): "30,1\u00a0enfants"}
    assert alertes(nature="en_dessous", valeur=30) == {("Université", "2024"): "0\u00a0enfant"}


def test_the_last_known_figure_speaks_and_says_its_period(noter, alertes):
    noter("Grésilles", 2022, 50)
    noter("Grésilles", 2023, None)
    noter("Maladière", 2024, 1)

    assert set(alertes(nature="au_dessus", valeur=40)) == {("Grésilles", "2022")}


def test_the_city_alone_where_the_threshold_is_of_the_city(noter, alertes):
    noter("Dijon", 2024, 100)
    noter("Grésilles", 2024, 100)

    assert set(alertes(nature="au_dessus", valeur=90, portee="ville")) == {("Dijon", "2024")}
    assert set(alertes(nature="au_dessus", valeur=90)) == {("Grésilles", "2024")}


def test_an_evolution_is_against_that_very_period(noter, alertes):
    for nom, depart, fin in (("Grésilles", 100, 121), ("Maladière", 100, 120), ("Université", 100, 79)):
        noter(nom, 2022, depart)
        noter(nom, 2024, fin)
    noter("Montchapet", 2023, 10)  # 2022 is missing: nothing is said
    noter("Montchapet", 2024, 99)
    noter("Bourroches", 2022, 0)  # nothing grows from zero
    noter("Bourroches", 2024, 50)

    assert alertes(nature="hausse", valeur=20, nb_periodes=2) == {
        ("Grésilles", "2024"): "+21\u202f% depuis 2022 (de 100 à 121\u00a0enfants)"
    }
    assert alertes(nature="baisse", valeur=20, nb_periodes=2) == {
        ("Université", "2024"): "−21\u202f% depuis 2022 (de 100 à 79\u00a0enfants)"
    }
    assert set(alertes(nature="hausse", valeur=20, nb_periodes=1)) == {("Montchapet", "2024")}


def test_a_gap_is_to_the_mean_of_the_same_period(noter, alertes):
    noter("Dijon", 2024, 900)
    noter("Grésilles", 2024, 126)
    noter("Maladière", 2024, 125)
    noter("Université", 2024, 74)

    dits = alertes(nature="ecart", valeur=25)

    assert set(dits) == {("Grésilles", "2024"), ("Université", "2024")}
    assert "+26\u202f% par rapport à la moyenne par quartier (100)" in dits["Grésilles", "2024"]


def test_no_gap_without_a_mean(noter, alertes):
    noter("Grésilles", 2024, 126)

    assert alertes(nature="ecart", valeur=1) == {}


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"nature": "hausse", "valeur": 10}, "sur combien de périodes"),
        ({"nature": "hausse", "valeur": 10, "nb_periodes": 0}, "supérieure ou égale à 1"),
        ({"nature": "au_dessus", "valeur": 10, "nb_periodes": 1}, "les autres alertes n’en ont pas"),
        ({"nature": "baisse", "valeur": 0, "nb_periodes": 1}, "plus grand que zéro"),
        ({"nature": "ecart", "valeur": 10, "portee": "ville"}, "se regarde pour chaque quartier"),
        ({"nature": "inventee", "valeur": 10}, "n’est pas un choix valide"),
    ],
)
def test_a_threshold_that_means_nothing_is_refused(serie, champs, dit):
    with pytest.raises(ValidationError) as error:
        enregistrer_seuil(Seuil(serie=serie, **{"portee": "quartiers"} | champs))

    assert dit in " ".join(error.value.messages)


def test_the_database_refuses_the_same_threshold_twice(serie):
    Seuil.objects.create(serie=serie, nature="au_dessus", valeur=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Seuil.objects.create(serie=serie, nature="au_dessus", valeur=2)


def test_the_demonstration_has_one_alert(dijon):
    [alerte] = collect_alertes(dijon)

    assert (alerte.serie.code, alerte.lieu, alerte.periode) == (
        "familles-monoparentales",
        "Grésilles",
        "2025",
    )
    assert (alerte.dit, alerte.seuil) == (
        "40\u202f%",
        "chaque quartier\u00a0: la valeur dépasse 38\u202f%",
    )
