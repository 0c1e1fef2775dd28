"""Coverage, means and gaps, against figures worked out by hand."""

import datetime
from decimal import Decimal as D

import pytest

from ctg.models import Decoupage, Quartier
from evaluation.models import Observation, TerritoireCompare
from evaluation.veille.courbes import dessiner_courbes
from evaluation.veille.reports import Couverture

pytestmark = pytest.mark.django_db
QUARTIERS = ("Toison d’Or", "Grésilles", "Maladière", "Université", "Chevreul-Parc", "Centre–ville")
TOUS = (*QUARTIERS, "Bourroches", "Fontaine d’Ouche", "Montchapet")


def test_a_year_that_nobody_gave_is_missing_and_not_zero(serie, noter, lire):
    noter("Dijon", 2021, 90)
    noter("Dijon", 2023, 0)

    lue = lire(serie)

    assert lue.periodes == ("2021", "2022", "2023")
    assert lue.ville.valeurs == [D(90), None, D(0)]
    assert [chiffre.is_connu for chiffre in lue.ville.chiffres] == [True, False, True]


def test_coverage_counts_known_withheld_and_missing_apart(serie, noter, lire):
    noter("Grésilles", 2023, 0)
    noter("Maladière", 2023, None)
    noter("Grésilles", 2024, 4)

    lue = lire(serie)

    assert lue.couvertures == (Couverture("2023", 1, 1, 9), Couverture("2024", 1, 0, 9))
    assert lue.couvertures[0].nb_manquants == 7
    assert lue.derniere_couverture == Couverture("2024", 1, 0, 9)


def test_the_mean_of_a_sum_is_the_city_shared_between_its_quartiers(serie, noter, lire):
    noter("Dijon", 2024, 900)
    noter("Grésilles", 2024, 130)
    noter("Maladière", 2024, 75)
    noter("Université", 2024, None)

    lue = lire(serie)

    assert lue.reperes == (D(100),)  # 900 / 9
    ecarts = {e.nom: (e.ecart, e.taux) for e in lue.get_ecarts()}
    assert ecarts["Grésilles"] == (D(30), D(30))
    assert ecarts["Maladière"] == (D(-25), D(-25))
    assert ecarts["Université"] == (None, None)
    assert ecarts["Montchapet"] == (None, None)


def test_without_the_city_the_mean_waits_for_every_quartier(serie, noter, lire):
    for rang, nom in enumerate(TOUS[:-1], start=1):
        noter(nom, 2024, rang * 10)
    assert lire(serie).reperes == (None,)

    noter(TOUS[-1], 2024, 90)

    assert lire(serie).reperes == (D(50),)  # (10 + … + 90) / 9


def test_a_rate_is_compared_with_the_city_and_never_averaged(serie, noter, lire):
    serie.nature, serie.cumul, serie.unite = "taux", "moyenne", "%"
    serie.save()
    for nom in TOUS:
        noter(nom, 2024, 40)
    assert lire(serie).reperes == (None,)

    noter("Dijon", 2024, 32)

    lue = lire(serie)
    assert lue.reperes == (D(32),)
    assert {(e.ecart, e.taux) for e in lue.get_ecarts()} == {(D(8), D(25))}
    assert lue.nom_du_repere == "valeur de Dijon"


def test_a_mean_of_zero_gives_no_percentage(serie, noter, lire):
    noter("Dijon", 2024, 0)
    noter("Grésilles", 2024, 3)

    [ecart] = [e for e in lire(serie).get_ecarts() if e.nom == "Grésilles"]

    assert (ecart.ecart, ecart.taux) == (D(3), None)


def test_what_the_city_has_beside_its_quartiers_is_said(serie, noter, lire):
    for nom in TOUS:
        noter(nom, 2024, 10)
    noter("Dijon", 2024, 97)
    assert lire(serie).get_reste() == D(7)

    Observation.objects.filter(serie=serie, quartier__nom="Montchapet").delete()

    assert lire(serie).get_reste() is None


def test_quartiers_of_another_decoupage_are_never_mixed(serie, noter, lire, dijon):
    dee = Decoupage.objects.get(territoire=dijon.territoire, code="secteurs-dee")
    nord = Quartier.objects.create(decoupage=dee, nom="Nord", ordre=1)
    noter("Grésilles", 2024, 5)
    Observation.objects.create(serie=serie, debut=datetime.date(2024, 1, 1), quartier=nord, valeur=50)

    lue = lire(serie)
    assert [ligne.nom for ligne in lue.quartiers] == list(TOUS)
    assert [d.code for d in lue.autres] == ["secteurs-dee"]

    lue = lire(serie, "secteurs-dee")
    assert [(ligne.nom, ligne.valeurs) for ligne in lue.quartiers] == [("Nord", [D(50)])]
    assert lue.couvertures == (Couverture("2024", 1, 0, 1),)


def test_counts_of_different_sizes_are_drawn_from_a_common_hundred(serie, noter, lire, dijon):
    cote = TerritoireCompare.objects.get(convention=dijon, code="21")
    for annee, ville, autour in ((2022, 0, 1000), (2023, 200, 2000), (2024, 150, 2100)):
        noter("Dijon", annee, ville)
        noter("x", annee, autour, territoire_compare=cote)

    courbes = dessiner_courbes(lire(serie))

    assert courbes.indice == "2023"  # the first year without a zero
    assert [t.points[-1][2] for t in courbes.traces] == ["2024\u00a0: 75", "2024\u00a0: 105"]


def test_a_line_stops_where_a_year_is_missing(serie, noter, lire):
    for annee in (2019, 2020, 2022, 2023):
        noter("Dijon", annee, 10)

    [trace] = dessiner_courbes(lire(serie)).traces

    assert [len(suite.split()) for suite in trace.suites] == [2, 2]
    assert len(trace.points) == 4


def test_nothing_known_draws_nothing(serie, noter, lire):
    noter("Dijon", 2024, None)

    assert dessiner_courbes(lire(serie)) is None


@pytest.mark.parametrize("nombre", [1, 4])
def test_the_queries_do_not_grow_with_the_series(dijon, noter, django_assert_num_queries, nombre):
    from evaluation.models import SerieSociale
    from evaluation.veille.reports import collect_series

    noter("Dijon", 2024, 1)
    series = list(SerieSociale.objects.filter(convention=dijon).order_by("pk")[:nombre])

    with django_assert_num_queries(3):
        collect_series(series, dijon)
