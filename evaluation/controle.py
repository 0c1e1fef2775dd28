"""Whether a file is, byte for byte, one that was published; else, whether it says that it is one."""

import itertools
import re
import struct
import zlib
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from ctg.fichiers import empreinte_octets
from evaluation.models import Bilan, DocumentPublie

IDENTIFIANT = re.compile(
    rb"CTG/([a-z0-9_-]{1,60})/(\d{4})/v(\d{1,4})/(complet|public)/([0-9a-f]{12})", re.IGNORECASE
)
# What is looked into at most: a file may be made to swell.
TAILLE_LUE, TAILLE_FLUX, NB_FLUX = 20 * 1024 * 1024, 1024 * 1024, 5000
PIECES_XLSX = ("docProps/core.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
_OCTAL, _HEXA = re.compile(rb"\\([0-7]{3})"), re.compile(rb"<((?:[0-9A-Fa-f]{2}){30,300})>")
_FLUX = re.compile(rb"stream\r?\n")
_PIECE = re.compile(rb"PK\x03\x04.{26}", re.DOTALL)  # the fixed part of a header of a ZIP archive


class Verdict(Enum):
    PUBLIE = "publié"
    MODIFIE = "modifié"
    PROJET = "projet, jamais publié"
    INCONNU = "inconnu"


@dataclass(frozen=True, slots=True)
class Controle:
    """`bilan`: the version that the file is, or says that it is; `document`: the very file that was published."""

    verdict: Verdict
    empreinte: str
    bilan: Bilan | None = None
    document: DocumentPublie | None = None
    identifiant: str = ""


def controler(octets: bytes, bilans=None) -> Controle:
    """`bilans`: the versions that the person may read (None: all); of another, nothing is said."""
    bilans = Bilan.objects.all() if bilans is None else bilans
    empreinte = empreinte_octets(octets)
    document = (
        DocumentPublie.objects.filter(empreinte=empreinte, bilan__in=bilans)
        .select_related("bilan__convention")
        .order_by("pk")
        .first()
    )
    if document is not None:
        return Controle(Verdict.PUBLIE, empreinte, document.bilan, document)
    for trouve in dict.fromkeys(identifiants(octets)):
        slug, annee, version, _, debut = trouve.split("/")[1:]
        bilan = bilans.filter(
            convention__slug=slug, annee=int(annee), version=int(version[1:]), empreinte__startswith=debut
        )
        if lu := bilan.select_related("convention").first():
            is_publiee = DocumentPublie.objects.filter(bilan=lu).exists()
            return Controle(
                Verdict.MODIFIE if is_publiee else Verdict.PROJET, empreinte, lu, identifiant=trouve
            )
    return Controle(Verdict.INCONNU, empreinte)


def identifiants(octets: bytes) -> list[str]:
    """Every identifier that the file holds, as it is and in what it compresses."""
    return [trouve.group().decode() for texte in _textes(octets) for trouve in IDENTIFIANT.finditer(texte)]


def _textes(octets: bytes):
    yield octets
    if octets.startswith(b"PK"):
        yield from _zip(octets)
    elif octets.startswith(b"%PDF"):
        for texte in (octets, *_flux(octets)):
            yield from _chaines(texte)


def _chaines(texte: bytes):
    """The other ways in which a PDF writes a string: octal escapes, hexadecimal, two bytes a letter."""
    yield _OCTAL.sub(lambda trouve: bytes([int(trouve[1], 8) % 256]), texte).replace(b"\0", b"")
    for hexa in _HEXA.finditer(texte):
        yield bytes.fromhex(hexa[1].decode()).replace(b"\0", b"")


def _zip(octets: bytes):
    try:
        with ZipFile(BytesIO(octets)) as archive:
            for nom in PIECES_XLSX:
                if nom in archive.namelist():
                    with archive.open(nom) as piece:
                        yield piece.read(TAILLE_LUE)
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError):
        yield from _zip_tronque(octets)


def _zip_tronque(octets: bytes):
    """The parts of an archive whose end is missing: each begins with its own header."""
    for debut in itertools.islice(_PIECE.finditer(octets), NB_FLUX):
        nom, extra = struct.unpack_from("<HH", octets, debut.start() + 26)
        depuis = debut.end() + nom + extra
        if octets[debut.end() : debut.end() + nom].decode("ascii", "replace") in PIECES_XLSX:
            try:
                yield zlib.decompressobj(-zlib.MAX_WBITS).decompress(octets[depuis:], TAILLE_LUE)
            except zlib.error:
                continue


def _flux(octets: bytes):
    """The compressed parts of a PDF: so many, so long, and bounded as a whole."""
    reste, vue = TAILLE_LUE, memoryview(octets)
    for debut in itertools.islice(_FLUX.finditer(octets), NB_FLUX):
        morceau = vue[debut.end() : debut.end() + TAILLE_FLUX]
        try:
            lu = zlib.decompressobj().decompress(morceau, reste)
        except zlib.error:
            continue
        reste -= len(lu)
        yield lu
        if reste <= 0:
            return
