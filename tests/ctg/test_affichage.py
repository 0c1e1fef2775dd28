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


@pytest.mark.parametrize(
    ("valeur", "formes", "texte"),
    [
        (0, "s", ""),
        (1, "s", ""),
        (Decimal("1.8"), "s", ""),
        (Decimal("-1.5"), "s", ""),
        (2, "s", "s"),
        (Decimal(-2), "s", "s"),
        ([], "s", ""),
        ([1, 2], "s", "s"),
        (None, "s", ""),
        (0, "étape faite,étapes faites", "étape faite"),
        (3, "étape faite,étapes faites", "étapes faites"),
    ],
)
def test_zero_and_one_are_singular(valeur, formes, texte):
    assert affichage.pluriel(valeur, formes) == texte


@pytest.mark.parametrize(
    ("valeur", "unite", "texte"),
    [
        (0, "places", "0\u00a0place"),
        (1, "établissements", "1\u00a0établissement"),
        (2, "places", "2\u00a0places"),
        (Decimal("1.8000"), "jours", "1,8\u00a0jour"),
        (Decimal("-1.5"), "bâtiments", "−1,5\u00a0bâtiment"),
        (1, "journées ouvertes", "1\u00a0journée ouverte"),
        (1, "places pour 100 enfants", "1\u00a0place pour 100 enfants"),
        (1, "heures d’accueils", "1\u00a0heure d’accueils"),
        (1, "bureaux", "1\u00a0bureau"),
        (1, "mois", "1\u00a0mois"),
        (1, "ans", "1\u00a0an"),
        (1, "kWh/m²", "1\u00a0kWh/m²"),
        (1, "%", "1\u202f%"),
        (1, "€", "1\u00a0€"),
        (0, "", "0"),
    ],
)
def test_a_unit_agrees_with_its_number(valeur, unite, texte):
    assert affichage.avec_unite(valeur, unite) == texte


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


@pytest.mark.parametrize(("guillemet", "echappe"), [('"', "&quot;"), ("'", "&#x27;"), (")", ")")])
def test_a_link_ends_before_a_quote(guillemet, echappe):
    html = affichage.paragraphes(f"{guillemet}https://exemple.fr/a?b=1&c=2{guillemet} <")

    assert html == (
        f'<p>{echappe}<a href="https://exemple.fr/a?b=1&amp;c=2" rel="noopener noreferrer">'
        f"https://exemple.fr/a?b=1&amp;c=2</a>{echappe} &lt;</p>"
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


@pytest.mark.parametrize(
    ("texte", "html"),
    [
        ("Un **mot** fort", "<p>Un <strong>mot</strong> fort</p>"),
        ("*un* et ***deux***", "<p><em>un</em> et <strong><em>deux</em></strong></p>"),
        ("**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>"),
        ("5*3*2, 5 * 3 * 2, **", "<p>5*3*2, 5 * 3 * 2, **</p>"),
        ("places*\n* sous réserve", "<p>places*</p><p>* sous réserve</p>"),
        ("**<b>**", "<p><strong>&lt;b&gt;</strong></p>"),
        ("- a\n• b\nfin", "<ul><li>a</li><li>b</li></ul><p>fin</p>"),
        ("1. a\n2) b\n4. d", '<ol><li>a</li><li>b</li></ol><ol start="4"><li>d</li></ol>'),
        ("2024. Une année\n-5 places", "<p>2024. Une année</p><p>-5 places</p>"),
    ],
)
def test_the_small_markup_of_a_text(texte, html):
    assert affichage.paragraphes(texte) == html


def test_where_nothing_can_be_bold_the_stars_go():
    assert affichage.sans_marques("Un **mot** *fort*, 5*3*2") == "Un mot fort, 5*3*2"
