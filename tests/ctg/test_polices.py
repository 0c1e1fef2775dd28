"""Every sign that somebody types is drawn by a font of the project, or shows as an empty box."""

import io

import page as validateur
import pikepdf
import pytest

from ctg.pdf import write_pdf
from ctg.polices import preparer

pytestmark = pytest.mark.document

ECRITURES = {
    "emoji": "😀 🏫 👨‍👩‍👧 ✅ 🇫🇷 👍🏽",
    "signes": "→ ≥ ≠ ★ ● ■ ✓ ① ∑ № ⇒",
    "droite à gauche": "العربية עברית",
    "latin": "Łódź ő ş Việt Nam",
    "grec et cyrillique": "Ελλάδα Москва",
    "espaces": "1\u202f234,5 non\u2011sécable \u200b\u2009\u00ad fin",
    "sans police": "中文 \ufffd ℃",
}


def pdf_de(texte: str) -> bytes:
    return write_pdf(
        '<!doctype html><html lang="fr"><head><title>Un</title><link rel="stylesheet" href="ctg/rapport.css"></head>'
        f"<body><h1>Un</h1><p>{texte}</p></body></html>"
    )


@pytest.mark.parametrize("texte", ECRITURES.values(), ids=ECRITURES)
def test_fonts_are_those_of_the_project_and_draw_every_sign(texte):
    octets = pdf_de(texte)

    with pikepdf.open(io.BytesIO(octets)) as document:
        polices = {
            str(o.BaseFont).partition("+")[2].strip(",")
            for o in document.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"
        }
    assert polices <= {
        "Source-Sans-3",
        "Source-Sans-3-Bold",
        "Latin-etendu",
        "Vietnamien",
        "Grec",
        "Cyrillique",
        "Arabe",
        "Hebreu",
        "Symboles",
        "Symboles-2",
        "Mathematiques",
        "Emoji",
    }
    for profil in ("3a", "ua1"):
        assert [f.message for f in validateur.validate_pdf_bytes(octets, profile=profil).failures] == []


def test_the_same_text_gives_the_same_bytes():
    assert pdf_de("😀 →") == pdf_de("😀 →")


@pytest.mark.parametrize(
    ("texte", "attendu", "autres_polices"),
    [
        ("L’œuvre : 1\u202f234,5 € – « oui »…", "L’œuvre : 1\u202f234,5 € – « oui »…", False),
        ("a → b", "a → b", True),
        ("中", "□", True),
        ("21 ℃", "21 °C", True),
        ("3 ‰", "3 \u202f/\u202f1000", True),
    ],
)
def test_what_no_font_draws_is_said_otherwise(texte, attendu, autres_polices):
    assert preparer(texte) == (attendu, autres_polices)
