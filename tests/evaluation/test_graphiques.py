"""Labels of a chart: none is written over another, and the latest value is always written."""

from decimal import Decimal as D
from itertools import combinations

import pytest

from evaluation.bilan import Point
from evaluation.graphiques import courbe


class Ligne:
    intitule, unite, depart, ruptures = "Familles", "familles", None, ()

    def __init__(self, valeurs, cibles):
        self.serie = tuple(
            Point(2024 + rang, valeur, cible)
            for rang, (valeur, cible) in enumerate(zip(valeurs, cibles, strict=True))
        )


def boites(dessin):
    """(from, to, height) of each label that is written."""
    for marque in (*dessin.valeurs, *dessin.cibles):
        if marque.etiquette:
            largeur = 5.2 * len(marque.etiquette)
            debut = float(marque.x) - {"start": 0, "middle": largeur / 2, "end": largeur}[marque.ancre]
            yield debut, debut + largeur, float(marque.y_etiquette)


@pytest.mark.parametrize(
    ("valeurs", "cibles"),
    [
        ([D(12345678), D(12345679), D(12345680), D(12345681), D(12345682)], [None] * 5),
        ([D("1234567.89")] * 6, [D("1234567.89")] * 6),
        ([D(1), D(2), D(3)], [D(1), D(2), D(3)]),
        ([None, D("99999.99"), None], [D(5), None, D("99999.98")]),
    ],
)
def test_no_label_is_written_over_another(valeurs, cibles):
    dessin = courbe(Ligne(valeurs, cibles))

    for (debut, fin, y), (autre_debut, autre_fin, autre_y) in combinations(list(boites(dessin)), 2):
        assert fin <= autre_debut or autre_fin <= debut or abs(y - autre_y) >= 9.5
    assert dessin.valeurs[-1].etiquette
    assert len(dessin.valeurs) == sum(valeur is not None for valeur in valeurs)  # every point stays


def test_labels_that_have_room_are_all_written():
    dessin = courbe(Ligne([D(1310), D(1385), D(1490), D(1720)], [D(1250), D(1400), D(1550), D(1700)]))

    assert [marque.etiquette for marque in dessin.valeurs] == [
        "1\u202f310",
        "1\u202f385",
        "1\u202f490",
        "1\u202f720",
    ]


def test_a_year_without_a_value_is_not_a_year_to_come():
    dessin = courbe(Ligne([D(1), None, None], [None, None, D(3)]), 2025)
    etats = {annee: manque for _, annee, manque in dessin.annees}

    assert list(etats.values()) == ["", "absente", "a_venir"]
    assert "Sans valeur : 2025." in dessin.description


def test_the_level_of_the_beginning_crosses_no_label():
    ligne = Ligne([D(100), D(90), D(99), D(180)], [None] * 4)
    ligne.depart = D(103)

    dessin = courbe(ligne)

    y = float(dessin.depart)
    traits = [(float(a), float(b)) for a, b in dessin.traits_depart]
    assert traits
    for gauche, droite, pied in boites(dessin):
        if pied - 9.5 < y < pied:
            assert all(b <= gauche or droite <= a for a, b in traits)
    assert traits[0][0] >= 18
    assert traits[-1][1] == 242
