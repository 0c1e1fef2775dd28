"""One curve through the indicators that succeed each other, its breaks shown."""

import datetime

import pytest
from django.utils import timezone

from evaluation.documents import render_bilan_pdf
from evaluation.edition import Edition
from evaluation.graphiques import courbe
from evaluation.models import Cible, Indicateur, Mesure
from evaluation.reports import collect_bilan, ligne_indicateur
from evaluation.series import collect_anciens
from tests.evaluation.indicateurs import creer, i, url
from tests.navigation import formulaire

JANVIER = "2026-01-01"


@pytest.fixture
def remplacer(client_de):
    def agir(**champs):
        client, adresse = client_de("cooperation"), url("PE-1-01", "remplacer/")
        data = formulaire(client.get(adresse)) | {"date_effet": JANVIER, "motif": "Nouveau logiciel"} | champs
        return client.post(adresse, data)

    return agir


def ligne(code, dijon, annee=2026):
    indicateur = Indicateur.objects.for_entry().get(code=code, date_fin=None)
    return ligne_indicateur(indicateur, annee, collect_anciens(dijon))


def test_the_successor_takes_over_and_the_old_one_is_closed(remplacer, dijon):
    response = remplacer(intitule="Familles accueillies", cible_2026="900")

    suite = i("PE-1-01")
    assert response["Location"] == suite.get_absolute_url()
    assert (suite.date_effet, suite.succede_a.date_fin) == (datetime.date(2026, 1, 1),) * 2
    assert suite.historique.first().history_change_reason == "Remplace PE-1-01 : Nouveau logiciel"
    ancien = suite.succede_a.historique.first()
    assert ancien.history_change_reason == "Remplacé par PE-1-01 : Nouveau logiciel"


def test_the_curve_goes_on_with_its_break(remplacer, dijon):
    remplacer(cible_2026="900")
    Mesure.objects.create(indicateur=i("PE-1-01"), annee=2026, valeur=880)

    lue = ligne("PE-1-01", dijon)

    assert [(p.annee, p.valeur, p.cible) for p in lue.serie] == [
        (2024, 1310, 1250),
        (2025, 1385, 1400),
        (2026, 880, 900),
        (2027, None, 1700),
    ]
    assert [(r.annee, r.code, r.is_prolongee) for r in lue.ruptures] == [(2026, "PE-1-01", True)]
    dessin = courbe(lue)
    assert len(dessin.traits_valeurs) == 1  # 2024–2025; the line does not cross the break
    assert "Rupture de série en 2026 : remplace PE-1-01." in dessin.description
    [(x, _)] = dessin.ruptures
    assert float(dessin.annees[1][0]) < float(x) < float(dessin.annees[2][0])


def test_the_year_before_is_shown_where_the_definition_is_the_same(remplacer, dijon):
    remplacer()
    assert ligne("PE-1-01", dijon).precedente.nombre == 1385


def test_the_year_before_is_not_that_of_another_definition(remplacer, dijon):
    remplacer(definition="Autre calcul")

    lue = ligne("PE-1-01", dijon)
    assert lue.precedente is None
    assert lue.serie[1].valeur == 1385


def test_another_unit_does_not_stand_on_the_same_curve(remplacer, dijon):
    remplacer(unite="appels")

    lue = ligne("PE-1-01", dijon)
    assert {p.annee: p.valeur for p in lue.serie}.get(2025) is None
    assert [r.is_prolongee for r in lue.ruptures] in ([False], [])


def test_two_successions_in_a_row(remplacer, dijon):
    remplacer(date_effet=JANVIER)
    remplacer(date_effet="2027-01-01")
    Mesure.objects.create(indicateur=i("PE-1-01").succede_a, annee=2026, valeur=5)

    lue = ligne("PE-1-01", dijon, 2027)

    assert [p.valeur for p in lue.serie] == [1310, 1385, 5, None]
    assert [r.annee for r in lue.ruptures] == [2026, 2027]


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"date_effet": ""}, "obligatoire"),
        ({"date_effet": "2019-01-01"}, "un jour de la convention"),
        ({"date_effet": "2025-06-01"}, "Il a une valeur pour 2025"),
        ({"motif": ""}, "obligatoire"),
        ({"code": "PE-1-02"}, "Un indicateur de cette fiche a déjà ce code."),
    ],
)
def test_a_replacement_that_cannot_be_is_refused_whole(remplacer, champs, faute):
    response = remplacer(**champs)

    assert response.status_code == 200
    assert faute in response.content.decode()
    assert i("PE-1-01").succede_a is None


def test_the_break_is_on_screen_and_in_the_document(remplacer, client_de, dijon):
    remplacer(intitule="Familles accueillies")

    page = client_de("cooperation").get("/dijon-2024/fiches/PE-1/").content.decode()
    bilan = collect_bilan(dijon, 2026, now=timezone.localtime())

    phrase = "Rupture de série en 2026 : cet indicateur remplace PE-1-01"
    assert phrase in page
    assert "Rupture de série en 2026</title>" in page
    [lue] = [n for f in bilan.fiches for n in f.indicateurs if n.code == "PE-1-01"]
    assert lue.intitule == "Familles accueillies"
    assert lue.ruptures[0].intitule == "Familles reçues au guichet unique"
    assert render_bilan_pdf(Edition(bilan)).startswith(b"%PDF")


def test_queries_do_not_grow_with_successions(client_de, django_assert_max_num_queries, dijon):
    creer(client_de("cooperation"), code="C")
    for n in range(5):
        ancien = i("C")
        Indicateur.objects.filter(pk=ancien.pk).update(date_fin=datetime.date(2025 + n, 1, 1))
        suite = Indicateur.objects.get(pk=ancien.pk)
        suite.pk, suite._state.adding, suite.date_fin, suite.succede_a = None, True, None, ancien
        suite.date_effet = datetime.date(2025 + n, 1, 1)
        suite.save()
        Cible.objects.create(indicateur=suite, annee=2026, valeur=n)

    with django_assert_max_num_queries(4):
        assert len(collect_anciens(dijon)) == 5
