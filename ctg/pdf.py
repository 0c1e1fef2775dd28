"""WeasyPrint, kept from fetching anything but the project's own static files. Slow to import: do it late."""

import datetime
import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import pydyf
from django.contrib.staticfiles import finders
from weasyprint import HTML, Attachment
from weasyprint.urls import URLFetcher, URLFetcherResponse

from ctg.polices import en_ttf, preparer

# Documents name our static files under this address, which exists nowhere.
STATIC_BASE = "http://statique.invalid/"
TYPES_MIME = {".css": "text/css", ".woff": "font/ttf", ".svg": "image/svg+xml", ".png": "image/png"}


class FetchRefusedError(ValueError):
    """A document asked for something else than a static file of the project."""


class StaticFetcher(URLFetcher):
    """Static files of the project, by name; every other address is refused, and the refusal is kept."""

    def __init__(self):
        super().__init__(allowed_protocols=())
        self.refused: list[str] = []

    def fetch(self, url, headers=None):
        path = self._find(url)
        if path is None:
            self.refused.append(url)
            raise FetchRefusedError(f"Adresse refusée : {url[:200]}")
        octets = en_ttf(path) if path.suffix == ".woff" else path.read_bytes()
        return URLFetcherResponse(url, octets, {"Content-Type": TYPES_MIME[path.suffix]})

    def _find(self, url: str) -> Path | None:
        name = PurePosixPath(unquote(urlsplit(url).path).lstrip("/"))
        if not url.startswith(STATIC_BASE) or ".." in name.parts or name.suffix not in TYPES_MIME:
            return None
        found = finders.find(str(name))
        return Path(found) if found else None


# PDF/A says what a property of the metadata is that it does not know: here, that of PDF/UA.
_PDFUA = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of PDF/UA that the document follows</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def _dire_pdfua(pdf) -> None:
    """The engine follows one profile at a time: that of accessibility is said beside that of archives."""
    metadata = next(o for o in pdf.objects if getattr(o, "extra", {}).get("Type") == "/Metadata")
    metadata.compress = False  # as PDF/A asks
    metadata.stream = [morceau.replace(b"</rdf:RDF>", _PDFUA) for morceau in metadata.stream]


def _finir_les_flux(pdf) -> None:
    """Streams whose compressed bytes end like a line: a reader would take their last byte for the end of the line."""
    for objet in pdf.objects:
        if not (
            isinstance(objet, pydyf.Stream) and objet.data.endswith((b"\r\nendstream", b"\n\nendstream"))
        ):
            continue
        if not objet.extra or objet.extra.get("Subtype") == "/Form":
            objet.stream.append(b" ")  # a drawing: a space means nothing
        else:
            objet.compress = False  # a font


def _nommer_les_signes(pdf) -> None:
    """Parts of a letter that have no code of their own (dots of Arabic) are said to be nothing that is read aloud."""
    for objet in pdf.objects:
        if isinstance(objet, pydyf.Stream) and any(
            b"begincmap" in _octets(morceau) for morceau in objet.stream[:3]
        ):
            objet.stream = [_octets(morceau).replace(b"> <>", b"> <200b>") for morceau in objet.stream]


def _octets(morceau) -> bytes:
    return morceau if isinstance(morceau, bytes) else str(morceau).encode()


def _dire_les_portees(pdf) -> None:
    """The engine ties each cell to its headers; a reader that wants the scope of a header is told it too."""
    elements = {o.reference: o for o in pdf.objects if isinstance(o, pydyf.Dictionary) and "S" in o}
    for element in elements.values():
        if element["S"] == "/TH":
            groupe = elements[elements[element["P"]]["P"]]
            element["A"]["Scope"] = "/Column" if groupe["S"] == "/THead" else "/Row"


_DESSIN = re.compile(r"<svg[^>]*><title>([^<]*)</title><desc>([^<]*)</desc>")


def _dire_les_dessins(pdf, html: str) -> None:
    """The engine gives a drawing its title as alternative text: what it shows, its `<desc>`, is said after it."""
    dits: dict[str, list[str]] = {}
    for titre, description in _DESSIN.findall(html):
        dits.setdefault(unescape(titre), []).append(unescape(description))
    for objet in pdf.objects:
        if isinstance(objet, pydyf.Dictionary) and objet.get("S") == "/Figure" and "Alt" in objet:
            titre = objet["Alt"].string
            if suite := dits.get(titre):
                objet["Alt"] = pydyf.String(f"{titre}. {suite.pop(0)}")


def _finir(document, pdf, *, html: str) -> None:
    _dire_les_dessins(pdf, html)
    _dire_les_portees(pdf)
    _nommer_les_signes(pdf)
    _dire_pdfua(pdf)
    _finir_les_flux(pdf)


_BALISE = re.compile(r"(<[^>]*>)")
_MILLIERS = re.compile(r"(?<![\d,.])(\d{1,3}) (?=\d{3}(?!\d))")


def typographier(html: str) -> str:
    """The spaces of French typography in what people typed with the bar: never a line that begins by « ; » or « € »."""
    return "".join(
        morceau if rang % 2 else _espacer(morceau) for rang, morceau in enumerate(_BALISE.split(html))
    )


def _espacer(texte: str) -> str:
    texte = re.sub(r" (?=[;!?%€](?:\W|$))", "\u202f", texte)
    texte = re.sub(r" (?=[:»](?:\s|$))", "\u00a0", texte)
    return _MILLIERS.sub("\\1\u202f", texte.replace("« ", "«\u00a0"))


_ECRITURES = '<link rel="stylesheet" href="ctg/ecritures.css"></head>'


@dataclass(frozen=True, slots=True)
class PieceJointe:
    """A file that goes inside a PDF; its date is said, so that the same content gives the same bytes."""

    nom: str
    description: str
    octets: bytes
    date: datetime.datetime


def write_pdf(html: str, pieces: Iterable[PieceJointe] = ()) -> bytes:
    """PDF/A-3a and PDF/UA-1; `html` names its styles relative to the static folder (« ctg/rapport.css »)."""
    attachments = [
        Attachment(
            string=piece.octets,
            name=piece.nom,
            description=piece.description,
            created=piece.date,
            modified=piece.date,
            relationship="Data",
        )
        for piece in pieces
    ]
    html, is_autre_ecriture = preparer(typographier(html))
    if is_autre_ecriture:
        html = html.replace("</head>", _ECRITURES, 1)
    document = HTML(string=html, base_url=STATIC_BASE, url_fetcher=StaticFetcher())
    return document.write_pdf(
        pdf_variant="pdf/a-3a", attachments=attachments, finisher=partial(_finir, html=html)
    )


# {step that the engine tells: (percent at its beginning, what a person is told)}; the layout goes on to 80.
ETAPES = {
    1: (5, "Lecture du contenu"),
    2: (8, "Lecture du contenu"),
    3: (10, "Application des styles"),
    4: (20, "Application des styles"),
    5: (30, "Mise en page"),
    6: (80, "Écriture du fichier"),
    7: (95, "Écriture du fichier"),
}
_ETAPE = re.compile(r"Step (\d)(?:.*Page (\d+))?")


@contextmanager
def suivre(dire: Callable[[int, str], None]) -> Iterator[None]:
    """Inside, `dire(percent, words)` is called as the documents of this thread advance; what it raises stops them."""
    handler = _Suivi(dire)
    journal = logging.getLogger("weasyprint.progress")
    journal.addHandler(handler)
    try:
        yield
    finally:
        journal.removeHandler(handler)


class _Suivi(logging.Handler):
    """The engine tells its steps to a logger: for want of a better place to be told them."""

    def __init__(self, dire: Callable[[int, str], None]):
        super().__init__()
        self.dire, self.fil, self.atteint = dire, threading.get_ident(), 0

    def emit(self, record):
        lu = _ETAPE.match(record.getMessage())
        if lu is None or record.thread != self.fil or (numero := int(lu[1])) not in ETAPES:
            return
        pourcentage, mots = ETAPES[numero]
        if lu[2]:
            page = int(lu[2])
            pourcentage, mots = pourcentage + 50 * page // (page + 30), f"{mots}, page {page}"
        if pourcentage >= self.atteint:  # the layout is gone through more than once
            self.atteint = pourcentage
            self.dire(pourcentage, mots)
