"""The two formats of import and export, as a French spreadsheet writes and reads them.

A text that starts like a formula stays a text, both ways.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

import tablib
from import_export.formats import base_formats
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from ctg.lecture_xlsx import MAX_COLONNES, MAX_LIGNES, TROP_DE_COLONNES, ClasseurError, lire_xlsx
from ctg.renderers import XLSX_TYPE, poser, save_workbook
from ctg.templatetags.affichage import nombre

DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r")
PREFIXE = "'"
SEPARATEURS = ";\t,|"
_DEUX_ENCODAGES = re.compile(rb"\xc3[\x80-\xbf]")  # « Ã© »: UTF-8 inside of what is not UTF-8

VIDE = "Ce fichier est vide : déposez un tableau dont la première ligne donne le nom des colonnes."
ENCODAGE = (
    "Les accents de ce fichier ne se lisent pas : enregistrez-le au format « CSV UTF-8 (délimité par des "
    "points-virgules) », ou en XLSX, puis déposez-le de nouveau."
)


def proteger(value):
    """One prefix in CSV, which has no types; `deproteger` takes it off."""
    return (
        PREFIXE + value
        if isinstance(value, str) and value.startswith((*DEBUTS_DE_FORMULE, PREFIXE))
        else value
    )


def deproteger(value):
    return value[1:] if isinstance(value, str) and value.startswith(PREFIXE) else value


def decoder(contenu: bytes) -> str:
    """UTF-8 with or without its mark, the « texte Unicode » of a spreadsheet, or Windows' Western European."""
    if contenu.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodages = ("utf-16",)
    elif _DEUX_ENCODAGES.search(contenu) or contenu.startswith(b"\xef\xbb\xbf"):
        encodages = ("utf-8-sig",)
    else:
        encodages = ("utf-8", "cp1252")
    for encodage in encodages:
        try:
            texte = contenu.decode(encodage)
        except UnicodeDecodeError:
            continue
        if "\0" not in texte:
            return texte
    raise ClasseurError(ENCODAGE)


def separateur(texte: str) -> str:
    """The one that cuts the line of titles into most columns; titles hold none of them."""
    titres = next((ligne for ligne in texte.splitlines() if ligne.strip()), "")
    return max(SEPARATEURS, key=titres.count)


def lignes_csv(contenu: bytes) -> list[tuple[int, list[str]]]:
    """The number of each row and its cells, whatever separates them. Raises ClasseurError."""
    texte = decoder(contenu)
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur(texte), strict=True)
    lignes: list[tuple[int, list[str]]] = []
    try:
        for numero, rang in enumerate(lecteur, start=1):
            if numero > MAX_LIGNES:
                raise ClasseurError(
                    f"Ce fichier dépasse {nombre(MAX_LIGNES)} lignes : déposez-le en plusieurs fois."
                )
            if len(rang) > MAX_COLONNES:
                raise ClasseurError(TROP_DE_COLONNES)
            lignes.append((numero, [deproteger(cellule) for cellule in rang]))
    except csv.Error as error:
        raise ClasseurError(
            f"La ligne {len(lignes) + 1} ne se lit pas : un guillemet y est ouvert sans être fermé, ou mal placé."
        ) from error
    return lignes


def en_tableau(lignes: list[tuple[int, list[str]]]) -> tablib.Dataset:
    """`lignes`: their number in the file, which the messages give back, and their cells."""
    lignes = [(numero, rang) for numero, rang in lignes if any(cellule.strip() for cellule in rang)]
    if not lignes:
        raise ClasseurError(VIDE)
    (debut, titres), *suite = lignes
    while titres and not titres[-1].strip():
        titres = titres[:-1]
    dataset = tablib.Dataset(headers=[titre.strip().casefold() for titre in titres])
    if not suite:
        raise ClasseurError("Ce fichier n’a que la ligne des titres : ajoutez les lignes à importer.")
    if debut > 1:
        suite = lignes  # its titles are on its first line
    for attendu, (numero, rang) in enumerate(suite, start=1 if debut > 1 else 2):
        if numero != attendu:
            raise ClasseurError(
                f"La ligne {attendu} est vide : supprimez-la, puis déposez le fichier de nouveau."
            )
        if any(cellule.strip() for cellule in rang[len(titres) :]):
            raise ClasseurError(
                f"La ligne {numero} a plus de colonnes que la ligne des titres : un texte qui contient le séparateur "
                "s’écrit entre guillemets."
            )
        dataset.append((rang + [""] * len(titres))[: len(titres)])
    return dataset


def ecrire_csv(table: Iterable[Sequence]) -> bytes:
    """Headings, then rows; numbers and dates as a French spreadsheet reads them."""
    sortie = io.StringIO(newline="")
    redacteur = csv.writer(sortie, delimiter=";")
    redacteur.writerows([proteger(_en_texte(value)) for value in rang] for rang in table)
    return sortie.getvalue().encode("utf-8-sig")


def _en_texte(value):
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")  # the zeros that the database adds say nothing
    return str(value).replace(".", ",") if isinstance(value, float) else value


def ecrire_xlsx(table: Iterable[Sequence]) -> bytes:
    """Headings, then rows; texts are string cells, dates are dates."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Liste"
    for numero, rang in enumerate(table, start=1):
        for colonne, value in enumerate(rang, start=1):
            cell = sheet.cell(numero, colonne)
            poser(cell, str(value) if numero == 1 else value)
            if isinstance(value, datetime.date):
                cell.number_format = "dd/mm/yyyy"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if numero == 1:
                cell.font = Font(bold=True)
    for colonne in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(colonne)].width = 24
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    return save_workbook(workbook)


# Of a list, as it is shown: {extension: (how to write it, its type)}.
FORMATS_DE_TABLE = {"csv": (ecrire_csv, "text/csv; charset=utf-8"), "xlsx": (ecrire_xlsx, XLSX_TYPE)}


class CSVProtege(base_formats.CSV):
    """CSV that a French spreadsheet opens with a double click, and whose texts it takes for no formula."""

    def is_binary(self):
        """Bytes, both ways: the encoding is found in the file, and its mark is written."""
        return True

    def get_read_mode(self):
        return "rb"

    def export_data(self, dataset, **kwargs):
        return ecrire_csv([dataset.headers, *dataset])

    def create_dataset(self, in_stream, **kwargs):
        return en_tableau(lignes_csv(in_stream))


class XLSXTypes(base_formats.XLSX):
    """XLSX whose texts are string cells; read within bounds, and as one would type it."""

    def export_data(self, dataset, **kwargs):
        return ecrire_xlsx([dataset.headers, *dataset])

    def create_dataset(self, in_stream, **kwargs):
        feuilles = lire_xlsx(io.BytesIO(in_stream))
        lignes = next(iter(feuilles.values()), [])
        for _, cellules in lignes:
            for cellule in cellules.values():
                if cellule.faute:
                    raise ClasseurError(f"Cellule {cellule.adresse} : {cellule.faute}")
        largeur = max((max(cellules) for _, cellules in lignes), default=0)
        return en_tableau(
            [
                (numero, [cellules[c].texte if c in cellules else "" for c in range(1, largeur + 1)])
                for numero, cellules in lignes
            ]
        )


FORMATS = [XLSXTypes, CSVProtege]
