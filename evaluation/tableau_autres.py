"""The tableau récapitulatif for other software: as ODS (every sheet) and as CSV (its first sheet)."""

import csv
import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from odf.element import Element
from odf.namespaces import nsdict
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import load_workbook

from evaluation.edition import Edition
from evaluation.feuilles_xlsx import ENTETE
from evaluation.tableau_xlsx import render_tableau_xlsx

ODS_TYPE, CSV_TYPE = "application/vnd.oasis.opendocument.spreadsheet", "text/csv; charset=utf-8"
ESPACES = tuple(sorted(nsdict.items()))
FORMULES = ("=", "+", "-", "@", "\t", "\r")


def render_tableau_ods(edition: Edition) -> bytes:
    """Numbers are numbers, texts are texts: nothing in it is a formula."""
    Element.namespaces = dict(ESPACES)  # shared by the whole process: it would grow with what was made before
    ods = OpenDocumentSpreadsheet()
    for sheet in _classeur(edition).worksheets:
        table = Table(name=sheet.title)
        for row in sheet.iter_rows(values_only=True):
            ligne = TableRow()
            for value in row:
                ligne.addElement(_cellule(value))
            table.addElement(ligne)
        ods.spreadsheet.addElement(table)
    ods.save(buffer := BytesIO())
    return _sans_date(buffer)


def render_tableau_csv(edition: Edition) -> bytes:
    """As French spreadsheets read it: « ; », decimal comma, UTF-8 with its mark."""
    sheet, sortie = _classeur(edition).worksheets[0], StringIO()
    ecrire = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    for row in sheet.iter_rows(min_row=ENTETE, values_only=True):
        ecrire.writerow([_texte(value) for value in row])
    return b"\xef\xbb\xbf" + sortie.getvalue().encode()


def _classeur(edition: Edition):
    """Read back from the workbook: one table, whatever its form."""
    return load_workbook(BytesIO(render_tableau_xlsx(edition)))


def _cellule(value) -> TableCell:
    if isinstance(value, int | float | Decimal):
        nombre = TableCell(valuetype="float", value=str(value))
        nombre.addElement(P(text=_texte(value)))
        return nombre
    if isinstance(value, datetime.date):
        jour = TableCell(valuetype="date", datevalue=f"{value:%Y-%m-%d}")
        jour.addElement(P(text=f"{value:%d/%m/%Y}"))
        return jour
    cellule = TableCell(valuetype="string")
    for paragraphe in ("" if value is None else str(value)).split("\n"):
        cellule.addElement(P(text=paragraphe))
    return cellule


def _texte(value) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)):f}".replace(".", ",")
    texte = str(value)
    return f"'{texte}" if texte.startswith(FORMULES) else texte


def _sans_date(buffer: BytesIO) -> bytes:
    """The same table gives the same bytes: the archive has no date. Its first part, the type, is not compressed."""
    refait = BytesIO()
    with ZipFile(buffer) as ancien, ZipFile(refait, "w") as nouveau:
        for entree in ancien.infolist():
            compression = ZIP_STORED if entree.filename == "mimetype" else ZIP_DEFLATED
            nouveau.writestr(ZipInfo(entree.filename), ancien.read(entree), compression)
    return refait.getvalue()
