"""The first table of an OpenDocument spreadsheet that holds something, read as a stream and within bounds."""

import zipfile
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from defusedxml.ElementTree import iterparse
from django.utils.dateparse import parse_date, parse_datetime

from ctg.imports.tableau import FUSIONNEES, MASQUEES, MOT_DE_PASSE, Cellules, Feuille, enumerer
from ctg.lecture_xlsx import (
    ERREUR,
    FORMULE,
    LIGNES_VIDES,
    MAX_COLONNES,
    MAX_LIGNES,
    MAX_TEXTE,
    TROP_DE_COLONNES,
    ClasseurError,
    dire_illisible,
    trop_de_lignes,
)
from ctg.nombres import ecrire_nombre

GENRE = b"application/vnd.oasis.opendocument.spreadsheet"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXTE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
MAX_MANIFESTE = 1_000_000


def est_ods(fichier, noms: set[str]) -> bool:
    """`noms`: the parts of the archive. Raises ClasseurError where a password keeps it shut."""
    if not {"mimetype", "content.xml"} <= noms:
        return False
    with zipfile.ZipFile(fichier) as archive:
        with archive.open("mimetype") as source:
            if not source.read(len(GENRE) + 1).startswith(GENRE):
                return False
        if "META-INF/manifest.xml" in noms:
            with archive.open("META-INF/manifest.xml") as source:
                if b"encryption-data" in source.read(MAX_MANIFESTE):
                    raise ClasseurError(MOT_DE_PASSE)
    return True


def lire_ods(fichier) -> Feuille:
    """Raises ClasseurError."""
    try:
        with zipfile.ZipFile(fichier) as archive, archive.open("content.xml") as source:
            return _Lecteur().lire(source)
    except ClasseurError:
        raise
    except Exception as error:  # a forged or damaged file fails anywhere in the parser, in any way
        raise ClasseurError(dire_illisible(error)) from error


class _Lecteur:
    def __init__(self):
        self.lue: Feuille | None = None
        self.ignorees: list[str] = []
        self._commencer("")

    def _commencer(self, nom: str) -> None:
        self.nom, self.numero, self.vides = nom, 0, 0
        self.lignes: list[tuple[int, Cellules]] = []
        self.masquees: list[int] = []
        self.nb_colonnes, self.colonnes_masquees = 0, set()

    def lire(self, source) -> Feuille:
        for moment, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
            if moment == "start":
                if element.tag == f"{TABLE}table":
                    self._commencer(element.get(f"{TABLE}name", ""))
            elif element.tag == f"{TABLE}table-row":
                if self.vides < LIGNES_VIDES:
                    self._ligne(element)
                element.clear()
            elif element.tag == f"{TABLE}table-column":
                self._colonne(element)
            elif element.tag == f"{TABLE}table":
                self._finir()
                element.clear()
        if self.lue is None:
            return Feuille("", [])
        return replace(self.lue, ignorees=tuple(self.ignorees))

    def _finir(self) -> None:
        if not self.lignes:
            return
        if self.lue is not None:
            self.ignorees.append(self.nom)
            return
        if self.masquees:
            raise ClasseurError(MASQUEES.format(lignes=enumerer(self.masquees)))
        self.lue = Feuille(self.nom, self.lignes, masquees=frozenset(self.colonnes_masquees))

    def _colonne(self, element) -> None:
        premiere = self.nb_colonnes + 1
        self.nb_colonnes += _repetitions(element, "number-columns-repeated")
        if element.get(f"{TABLE}visibility", "visible") != "visible":
            self.colonnes_masquees.update(range(premiere, min(self.nb_colonnes, MAX_COLONNES) + 1))

    def _ligne(self, element) -> None:
        fois = _repetitions(element, "number-rows-repeated")
        cellules = self._cellules(element)
        if not cellules:
            self.numero, self.vides = self.numero + fois, self.vides + fois
            return
        self.vides = 0
        if self.numero + fois > MAX_LIGNES:
            raise trop_de_lignes(self.nom)
        for _ in range(fois):
            self.numero += 1
            self.lignes.append((self.numero, cellules))
            if element.get(f"{TABLE}visibility", "visible") != "visible":
                self.masquees.append(self.numero)

    def _cellules(self, ligne) -> Cellules:
        cellules: Cellules = {}
        colonne = 1
        for element in ligne:
            if element.tag not in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
                continue
            fois = _repetitions(element, "number-columns-repeated")
            texte, faute = _valeur(element)
            if texte or faute:
                if colonne + fois - 1 > MAX_COLONNES:
                    raise ClasseurError(TROP_DE_COLONNES)
                if self.lue is None and _est_fusionnee(element):
                    raise ClasseurError(FUSIONNEES.format(plage=f"de la ligne {self.numero + 1}"))
                cellules |= dict.fromkeys(range(colonne, colonne + fois), (texte[:MAX_TEXTE], faute))
            colonne += fois
        return cellules


def _repetitions(element, attribut: str) -> int:
    return max(int(element.get(f"{TABLE}{attribut}") or 1), 1)


def _est_fusionnee(element) -> bool:
    return any(_repetitions(element, f"number-{sens}-spanned") > 1 for sens in ("columns", "rows"))


def _valeur(element) -> tuple[str, str]:
    """As one would type it, and why it cannot be taken."""
    ecrit = "\n".join(_texte(p) for p in element.findall(f"{TEXTE}p"))
    if formule := element.get(f"{TABLE}formula"):
        return ecrit or formule, FORMULE
    if element.get(f"{CALCEXT}value-type") == "error":
        return ecrit, ERREUR
    return _dit(element, ecrit), ""


def _dit(element, ecrit: str) -> str:
    genre = element.get(f"{OFFICE}value-type", "")
    if genre in {"float", "currency", "percentage"}:
        return _nombre(element.get(f"{OFFICE}value", ""), 100 if genre == "percentage" else 1, ecrit)
    if genre == "boolean":
        return "oui" if element.get(f"{OFFICE}boolean-value") == "true" else "non"
    if genre == "date":
        return _date(element.get(f"{OFFICE}date-value", "")) or ecrit
    return element.get(f"{OFFICE}string-value", ecrit) if genre == "string" else ecrit


def _nombre(valeur: str, fois: int, ecrit: str) -> str:
    try:
        return ecrire_nombre(Decimal(f"{float(valeur):.15g}") * fois)
    except (ValueError, InvalidOperation):
        return ecrit


def _date(valeur: str) -> str:
    moment = parse_datetime(valeur) if "T" in valeur else None
    if moment is not None:
        return f"{moment:%d/%m/%Y}" if moment.time().isoformat() == "00:00:00" else f"{moment:%d/%m/%Y %H:%M}"
    jour = parse_date(valeur)
    return f"{jour:%d/%m/%Y}" if jour else ""


def _texte(paragraphe) -> str:
    """The text of a paragraph: spaces, tabulations and line breaks are elements."""
    morceaux = [paragraphe.text or ""]
    for enfant in paragraphe:
        if enfant.tag == f"{TEXTE}s":
            morceaux.append(" " * min(int(enfant.get(f"{TEXTE}c") or 1), MAX_TEXTE))
        elif enfant.tag == f"{TEXTE}tab":
            morceaux.append("\t")
        elif enfant.tag == f"{TEXTE}line-break":
            morceaux.append("\n")
        elif enfant.tag.startswith(TEXTE):
            morceaux.append(_texte(enfant))
        morceaux.append(enfant.tail or "")
    return "".join(morceaux)
