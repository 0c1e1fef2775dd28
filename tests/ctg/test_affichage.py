"""How values are written."""

import datetime
from decimal import Decimal

import pytest

from ctg.recherche import normalise
from ctg.templatetags import affichage


@pytest.mark.parametrize(
    ("valeur", "texte"),
    [
        (None, "—"),
        (0, "0"),
        (Decimal("0.00"), "0"),
        (Decimal("-0.0"), "0"),
        (999, "999"),
        (1000, "1\u202f000"),
        (Decimal("1234567.50"), "1\u202f234\u202f567,5"),
        (Decimal(-15), "−15"),
        (Decimal("0.25"), "0,25"),
    ],
)
def test_nombre(valeur, texte):
    assert affichage.nombre(valeur) == texte


def test_montant_has_cents_only_where_there_are_some():
    assert affichage.montant(Decimal("5120340.75")) == "5\u202f120\u202f340,75\u00a0€"
    assert affichage.montant(Decimal("11840.50")) == "11\u202f840,50\u00a0€"
    assert affichage.montant(Decimal(18000)) == "18\u202f000\u00a0€"


def test_pourcent():
    assert affichage.pourcent(Decimal("65.98")) == "66\u202f%"
    assert affichage.pourcent(None) == "—"


@pytest.mark.parametrize(
    ("precision", "texte"),
    [("jour", "1er\u00a0janvier\u00a02025"), ("mois", "janvier\u00a02025"), ("annee", "2025")],
)
def test_date_precise(precision, texte):
    assert affichage.date_precise(datetime.date(2025, 1, 1), precision) == texte


def test_an_unknown_date_is_to_be_completed():
    assert "à compléter" in affichage.date_precise(None, "")


def test_paragraphes_escape_what_people_type():
    html = affichage.paragraphes("Un <b>mot</b>\n- une puce & deux\n- https://exemple.fr/a?b=1.\nFin {{ x }}")

    assert html == (
        "<p>Un &lt;b&gt;mot&lt;/b&gt;</p><ul><li>une puce &amp; deux</li>"
        '<li><a href="https://exemple.fr/a?b=1" rel="noopener noreferrer">https://exemple.fr/a?b=1</a>.</li></ul>'
        "<p>Fin {{ x }}</p>"
    )


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Micro- crèche l’Étoile", "micro creche l etoile"),
        ("L'ARCHIPEL", "l archipel"),
        ("Maison-Phare", "maison phare"),
        ("Œuvre sœur", "oeuvre soeur"),
    ],
)
def test_normalise(texte, attendu):
    assert normalise(texte) == attendu
