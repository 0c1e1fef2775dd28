"""The spaces of French typography, put into what people typed with the bar of their keyboard."""

import pytest

from ctg.pdf import typographier


@pytest.mark.parametrize(
    ("ecrit", "imprime"),
    [
        ("Oui ; non !", "Oui\u202f; non\u202f!"),
        ("Date : jeudi", "Date\u00a0: jeudi"),
        ("« ouvert » le soir", "«\u00a0ouvert\u00a0» le soir"),
        (
            "12 000 € pour 1 200 000 heures, 45 %",
            "12\u202f000\u202f€ pour 1\u202f200\u202f000 heures, 45\u202f%",
        ),
        ("En 2025 120 enfants", "En 2025 120 enfants"),
        ("a ;b", "a ;b"),
        ("<p class='a ; b'>c ; d</p>", "<p class='a ; b'>c\u202f; d</p>"),
        ("AT&amp;T ; x", "AT&amp;T\u202f; x"),
    ],
)
def test_spaces(ecrit, imprime):
    assert typographier(ecrit) == imprime
