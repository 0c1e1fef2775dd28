"""Which signs the fonts of the documents draw: they come with the project, and a machine's own fonts are not counted on."""

import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

PRINCIPALE = "vendor/source-sans-3/source-sans-3-latin-400-normal.woff"
# Those of ctg/ecritures.css, which a document fetches only where it needs them.
AUTRES = (
    "vendor/source-sans-3/source-sans-3-latin-ext-400-normal.woff",
    "vendor/source-sans-3/source-sans-3-vietnamese-400-normal.woff",
    "vendor/source-sans-3/source-sans-3-greek-400-normal.woff",
    "vendor/source-sans-3/source-sans-3-cyrillic-400-normal.woff",
    "vendor/noto-sans-arabic/noto-sans-arabic-arabic-400-normal.woff",
    "vendor/noto-sans-hebrew/noto-sans-hebrew-hebrew-400-normal.woff",
    "vendor/noto-sans-symbols/noto-sans-symbols-symbols-400-normal.woff",
    "vendor/noto-sans-symbols-2/noto-sans-symbols-2-symbols-400-normal.woff",
    "vendor/noto-sans-math/noto-sans-math-latin-400-normal.woff",
    "vendor/noto-emoji/noto-emoji-emoji-400-normal.woff",
)
FINE, FINE_INSECABLE = 0x2009, 0x202F  # Source Sans has the first of these two spaces only
INVISIBLES = frozenset({"Cc", "Cf", "Cs"})  # categories of Unicode
VARIANTES = range(0xFE00, 0xFE10)  # what they vary is drawn as it is
CASE_VIDE = "□"
REMPLACES = {"‰": "\u202f/\u202f1000"}


@cache
def _signes(*polices: str) -> frozenset[str]:
    fontes = [TTFont(BytesIO(en_ttf(Path(finders.find(police))))) for police in polices]
    return frozenset(chr(code) for fonte in fontes for code in fonte.getBestCmap())


@cache
def en_ttf(police: Path) -> bytes:
    """The font opened once for all: the engine would open it again for each document, and date it of that moment.

    It is given the narrow no-break space of French numbers: another font of the machine would draw it otherwise.
    """
    with TTFont(police, recalcTimestamp=False) as fonte:
        for table in fonte["cmap"].tables:
            if FINE in table.cmap:
                table.cmap.setdefault(FINE_INSECABLE, table.cmap[FINE])
        fonte.flavor = None
        fonte.save(ouverte := BytesIO())
    return ouverte.getvalue()


def preparer(html: str) -> tuple[str, bool]:
    """The same text with what no font draws replaced, and whether it needs the other fonts.

    A ligature or a figure in a circle is written in plain letters; what is left shows as an empty box.
    """
    manquants = {signe for signe in set(html) - _signes(PRINCIPALE) if _se_voit(signe)}
    if not manquants:
        return html, False
    tous = _signes(PRINCIPALE, *AUTRES)
    indessinables = manquants - tous
    if indessinables:
        html = html.translate({ord(signe): _remplacer(signe, tous) for signe in indessinables})
    return html, True


def _se_voit(signe: str) -> bool:
    return ord(signe) not in VARIANTES and unicodedata.category(signe) not in INVISIBLES


def _remplacer(signe: str, tous: frozenset[str]) -> str:
    simple = REMPLACES.get(signe) or unicodedata.normalize("NFKC", signe)
    return simple if all(s in tous or not _se_voit(s) for s in simple) else CASE_VIDE
