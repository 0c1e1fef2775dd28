"""Arithmetic on literal values: missing is never zero."""

from decimal import Decimal as D

import pytest

from evaluation.calculs import atteinte, ecart, moyenne


@pytest.mark.parametrize(
    ("realise", "cible", "attendu"),
    [(D(12), D(10), D(2)), (D(0), D(10), D(-10)), (None, D(10), None), (D(12), None, None)],
)
def test_ecart(realise, cible, attendu):
    assert ecart(realise, cible) == attendu


@pytest.mark.parametrize(
    ("realise", "depart", "cible", "sens", "attendu"),
    [
        (D(15), D(10), D(20), "hausse", D("50.0")),
        (D(20), D(10), D(20), "hausse", D("100.0")),
        (D(8), D(10), D(20), "hausse", D("-20.0")),
        (D(0), D(0), D(5), "hausse", D("0.0")),
        (D(190), D(212), D(190), "baisse", D("100.0")),
        (D(200), D(212), D(190), "baisse", D("54.5")),
        (D(15), D(10), D(20), "baisse", None),
        (D(15), D(10), D(10), "hausse", None),
        (None, D(10), D(20), "hausse", None),
        (D(15), None, D(20), "hausse", None),
        (D(15), D(10), None, "hausse", None),
        (D(15), D(10), D(20), "fourchette", None),
        (D(15), D(10), D(20), "aucun", None),
    ],
)
def test_atteinte(realise, depart, cible, sens, attendu):
    assert atteinte(realise, depart, cible, sens) == attendu


def test_moyenne_says_on_how_many():
    assert moyenne([50, None, 0]) == (D("25.0"), 2, 3)
    assert moyenne([None]) == (None, 0, 1)
    assert moyenne([]) == (None, 0, 0)
