"""French numbers: read one way only, or refused."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from ctg.nombres import NombreField, ecrire_nombre, lire_nombre


@pytest.mark.parametrize("espace", [" ", "\u00a0", "\u202f", "\u2009"])
def test_thousands_with_any_space(espace):
    assert lire_nombre(f"1{espace}234,5") == Decimal("1234.5")


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("0", "0"),
        ("-3", "-3"),
        ("−3,5", "-3.5"),
        ("12,50", "12.50"),
        ("12.5", "12.5"),
        (" 7 ", "7"),
        ("1 234 567", "1234567"),
    ],
)
def test_readable_numbers(texte, attendu):
    assert lire_nombre(texte) == Decimal(attendu)


@pytest.mark.parametrize(
    "texte",
    [
        "1.234,5",
        "1e5",
        "NaN",
        "inf",
        "1.234",
        "12 34,5",
        "1_000",
        "１２３",
        "١٢٣",
        "5 %",
        "=1+1",
        "1,2,3",
        "--1",
        "9" * 30,
        "0x1F",
        "1/2",
    ],
)
def test_what_could_be_read_two_ways_is_refused(texte):
    with pytest.raises(ValidationError):
        lire_nombre(texte)


def test_empty_is_missing_and_zero_is_zero():
    assert lire_nombre("") is None
    assert lire_nombre(" \u202f ") is None
    assert lire_nombre("0") == 0


def test_a_suffix_is_read_only_where_it_is_expected():
    assert lire_nombre("5 %", suffixes="%") == 5
    assert lire_nombre("1 234,50 €", suffixes="€") == Decimal("1234.50")


@pytest.mark.parametrize(
    ("valeur", "texte"),
    [("1234.5000", "1234,5"), ("0", "0"), ("-0", "0"), ("100", "100"), ("0.0001", "0,0001")],
)
def test_what_is_written_is_read_back(valeur, texte):
    assert ecrire_nombre(Decimal(valeur)) == texte
    assert lire_nombre(texte) == Decimal(valeur)


@pytest.mark.parametrize(
    ("texte", "message"),
    [("12,5", "n’est pas un nombre entier"), ("-1", "Au moins 0"), ("12345", "trop grand")],
)
def test_field_says_what_is_wrong(texte, message):
    champ = NombreField(max_digits=4, decimal_places=0, min_value=0)

    with pytest.raises(ValidationError, match=message):
        champ.clean(texte)


def test_field_shows_a_decimal_in_french_and_sees_no_change_in_it():
    champ = NombreField(required=False)

    assert champ.prepare_value(Decimal("1234.5000")) == "1234,5"
    assert not champ.has_changed(Decimal("1234.5000"), "1 234,5")
    assert champ.has_changed(Decimal(0), "")
