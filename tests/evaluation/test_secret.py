"""Small counts and what would give them away."""

import itertools
from decimal import Decimal as D

import pytest

from evaluation.bilan import Part
from evaluation.secret import MOINS_DE, NON_PUBLIE, SEUIL, proteger


def masques(*valeurs):
    parts, total = proteger([Part(str(rang), None if v is None else D(v)) for rang, v in enumerate(valeurs)])
    return [part.masque or part.valeur for part in parts], total


@pytest.mark.parametrize(
    ("valeurs", "attendu", "is_total_cache"),
    [
        ((12, 30, 8), [12, 30, 8], False),
        ((3, 30, 8), [MOINS_DE, 30, NON_PUBLIE], False),
        ((3, 30, 5), [MOINS_DE, 30, NON_PUBLIE], False),
        ((3, 2, 30), [MOINS_DE, MOINS_DE, 30], False),
        ((4, 4, 30), [MOINS_DE, MOINS_DE, NON_PUBLIE], False),
        ((0, 0, 30), [MOINS_DE, MOINS_DE, NON_PUBLIE], False),
        ((3,), [MOINS_DE], True),
        ((0, 0), [MOINS_DE, MOINS_DE], True),
        ((4, 5), [MOINS_DE, NON_PUBLIE], False),
        ((0, 5), [MOINS_DE, NON_PUBLIE], True),
        ((None, 3, 9), [None, MOINS_DE, NON_PUBLIE], False),
        ((None, 9), [None, 9], False),
        ((), [], False),
    ],
)
def test_small_counts_are_hidden_with_what_gives_them_away(valeurs, attendu, is_total_cache):
    assert masques(*valeurs) == (attendu, is_total_cache)


def test_no_small_count_can_be_found_again():
    """By force: for every small table, the hidden values that fit the total leave each small count open."""
    for valeurs in itertools.product(range(8), repeat=3):
        dites, is_total_cache = masques(*valeurs)
        if is_total_cache or MOINS_DE not in dites:
            continue
        reste = sum(v for v, dit in zip(valeurs, dites, strict=True) if isinstance(dit, str))
        formes = [
            range(SEUIL) if dit == MOINS_DE else range(SEUIL, reste + 1)
            for dit in dites
            if isinstance(dit, str)
        ]
        possibles = [c for c in itertools.product(*formes) if sum(c) == reste]
        petites = [rang for rang, dit in enumerate(d for d in dites if isinstance(d, str)) if dit == MOINS_DE]
        assert all(len({c[rang] for c in possibles}) > 1 for rang in petites), (valeurs, dites)
