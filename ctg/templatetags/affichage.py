"""How values are written in French: numbers, dates, texts, and what is missing."""

import datetime
import re
from decimal import Decimal
from functools import cache

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import conditional_escape, escape
from django.utils.safestring import mark_safe

from ctg.enums import Precision

register = template.Library()
_ADRESSE_WEB = re.compile(r"https?://|/(?!/)", re.IGNORECASE)

FINE = "\u202f"  # narrow no-break space: thousands, and before ; ? ! %
ABSENT = "—"
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
# Of an axe by its rank, then of what is of none, as in rapport.css: the engine gives no drawing the colours of a page.
COULEURS_AXES = {1: "#8c3b63", 2: "#1f6391", 3: "#3c6e1f", 4: "#9a5410", 5: "#5b4a9c", 6: "#0f6b6b"}
COULEUR = "#0f5e59"
_URL = re.compile(r"https?://[^\s<>\"«»]+[^\s<>\"«».,;:!?)'’]")
# The markup of long texts: stars against words, and not between figures (5*3*2).
_GRAS = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)")
_ITALIQUE = re.compile(r"(?<![\d*])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![\d*])")
_PUCE = re.compile(r"\s*[-•]\s+(\S.*?)\s*$")
_NUMERO = re.compile(r"\s*(\d{1,2})[.)]\s+(\S.*?)\s*$", re.ASCII)
# What ends the part of a unit that takes the plural, and words whose plural is their singular.
_LIAISONS = frozenset(["a", "à", "au", "aux", "d", "de", "des", "du", "en", "par", "pour", "sous", "sur"])
_INVARIABLES = frozenset(
    [
        "accès",
        "avis",
        "bus",
        "cas",
        "concours",
        "cours",
        "fois",
        "mois",
        "parcours",
        "pays",
        "relais",
        "repas",
        "temps",
    ]
)


@register.filter
def veille(jour: datetime.date) -> datetime.date:
    """The day before: the last one of what ends on `jour`."""
    return jour - datetime.timedelta(days=1)


@register.filter
def nombre(value, decimales=None) -> str:
    """1234.5 → « 1 234,5 »; None → « — ». `decimales`: at most that many, the rest rounded."""
    if value is None or value == "":
        return ABSENT
    value = Decimal(value)
    if decimales is not None:
        value = round(value, int(decimales))
    entiers, _, reste = f"{value:f}".partition(".")
    reste = reste.rstrip("0")
    signe, entiers = ("\u2212", entiers[1:]) if entiers.startswith("-") else ("", entiers)
    if not entiers.strip("0") and not reste:
        signe = ""
    groupes = re.sub(r"(?<=\d)(?=(\d{3})+$)", FINE, entiers)
    return f"{signe}{groupes},{reste}" if reste else f"{signe}{groupes}"


@register.filter
def pourcent(value, decimales=1) -> str:
    return ABSENT if value is None or value == "" else f"{nombre(value, decimales)}{FINE}%"


@register.filter
def montant(value) -> str:
    """Euros: cents are written only where there are some, and then both digits."""
    if value is None or value == "":
        return ABSENT
    value = Decimal(value).quantize(Decimal("0.01"))
    texte = nombre(value)
    if value != value.to_integral_value():
        texte = texte + "0" * (2 - len(texte.partition(",")[2]))
    return f"{texte}\u00a0€"


@register.filter
def pluriel(value, formes: str = "s") -> str:
    """Like `pluralize`, as French counts: singular below 2, zero included. « s », « x » or « œil,yeux »."""
    nb = len(value) if hasattr(value, "__len__") else value
    singulier, _, autre = formes.rpartition(",")
    return autre if nb is not None and abs(nb) >= 2 else singulier


def accorder(unite: str, value) -> str:
    """A unit, entered in the plural, as it is said after that number: « places », « 0 place »."""
    if pluriel(value):
        return unite
    mots = re.split(r"([\s’']+)", unite)
    for rang, mot in enumerate(mots):
        if mot in _LIAISONS:
            break
        if mot not in _INVARIABLES and re.search(r"[^\W\d_]+[^\W\d_s]s$|eaux$", mot):
            mots[rang] = mot[:-1]
    return "".join(mots)


@register.filter
def avec_unite(value, unite: str) -> str:
    """A number and its unit, kept on one line; the number alone where there is no unit."""
    if value is None or value == "":
        return ABSENT
    if unite == "€":
        return montant(value)
    unite = accorder(unite, Decimal(value))
    espace = FINE if unite == "%" else "\u00a0"
    return f"{nombre(value)}{espace}{unite}" if unite else nombre(value)


@register.filter
def secable(texte: str) -> str:
    """Lets the unit go below its number, in the narrow cells of a table; the thousands stay together."""
    return texte.replace("\u00a0", " ")


@register.filter
def date_longue(value) -> str:
    """« 1er mars 2025 »; of an instant, the day in Paris."""
    if not value:
        return ABSENT
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    jour = "1er" if value.day == 1 else str(value.day)
    return f"{jour}\u00a0{MOIS[value.month - 1]}\u00a0{value.year}"


@register.filter
def date_heure(value: datetime.datetime | None) -> str:
    """« 1er mars 2025 à 14:05 »."""
    if not value:
        return ABSENT
    return f"{date_longue(value)} à\u00a0{timezone.localtime(value):%H:%M}"


@register.filter
def date_precise(value: datetime.date | None, precision: str) -> str:
    """A date as precise as the text is: day, month or year."""
    if not value:
        return a_completer("")
    if precision == Precision.ANNEE:
        return str(value.year)
    if precision == Precision.MOIS:
        return f"{MOIS[value.month - 1]}\u00a0{value.year}"
    return date_longue(value)


@register.filter
def a_completer(value) -> str:
    """The value, or the mark of what the signed text does not say."""
    if value in (None, ""):
        return mark_safe('<span class="a-completer">à compléter</span>')
    return conditional_escape(value)


@register.filter
def paragraphes(value: str) -> str:
    """A text and its small markup as HTML: a paragraph a line, lists, bold, italic, addresses as links.

    « - » or « • » begins a bullet, « 1. » or « 1) » a number, which is kept; `ctg/editeur/` writes the same.
    """
    blocs, items, ouvre = [], [], ""

    def vider():
        if items:
            blocs.append(f"<{ouvre}>{''.join(f'<li>{item}</li>' for item in items)}</{ouvre[:2]}>")
            items.clear()

    rang = 0
    for line in (value or "").splitlines():
        puce, numero = _PUCE.match(line), _NUMERO.match(line)
        if puce or numero:
            suit = ouvre == "ul" if puce else ouvre[:2] == "ol" and int(numero[1]) == rang + len(items)
            if not (items and suit):
                vider()
                rang = 0 if puce else int(numero[1])
                ouvre = "ul" if puce else "ol" if rang == 1 else f'ol start="{rang}"'
            items.append(_accents(puce[1] if puce else numero[2]))
        elif stripped := line.strip():
            vider()
            blocs.append(f"<p>{_accents(stripped)}</p>")
    vider()
    return mark_safe("".join(blocs))  # noqa: S308 -- every line went through escape()


@register.filter
def sans_marques(value: str) -> str:
    """The same text where nothing can be bold or italic: a cell of a table, a quotation cut short."""
    for motif in (_GRAS, _ITALIQUE):
        value = motif.sub(r"\1", value or "")
    return value


def _accents(text: str) -> str:
    """Bold, then italic inside and around it; what is between is escaped."""
    for motif, balise in ((_GRAS, "strong"), (_ITALIQUE, "em")):
        if trouve := motif.search(text):
            avant, dedans, apres = text[: trouve.start()], trouve[1], text[trouve.end() :]
            return f"{_accents(avant)}<{balise}>{_accents(dedans)}</{balise}>{_accents(apres)}"
    return _liens(text)


def _liens(text: str) -> str:
    """Addresses are found in what was typed, then each part is escaped."""
    morceaux, fin = [], 0
    for trouve in _URL.finditer(text):
        url = escape(trouve[0])
        morceaux += [
            escape(text[fin : trouve.start()]),
            f'<a href="{url}" rel="noopener noreferrer">{url}</a>',
        ]
        fin = trouve.end()
    return "".join([*morceaux, escape(text[fin:])])


@register.filter
def lignes(value: str) -> list[str]:
    return [line for line in (value or "").splitlines() if line.strip()]


@cache
def _svg(name: str) -> str:
    path = settings.NODE_MODULES / "lucide-static" / "icons" / f"{name}.svg"
    svg = path.read_text(encoding="utf-8")
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'\s(class|width|height)="[^"]*"', "", svg, count=3)
    return re.sub(r"\s+", " ", svg).replace(
        "<svg", '<svg class="icone" aria-hidden="true" focusable="false"', 1
    )


@register.simple_tag
def icone(name: str) -> str:
    """An inline icon, hidden from screen readers: the words beside it say the same."""
    return mark_safe(_svg(name))  # noqa: S308 -- a file of ours, never user text


@register.filter
def couleur_axe(rang: int | str) -> str:
    return COULEURS_AXES.get(rang, COULEUR)


@register.filter
def adresse_web(adresse: str) -> str:
    """What a link may lead to; empty for what would run something, whatever door it came by."""
    return adresse if _ADRESSE_WEB.match(adresse or "") else ""
