"""The tableau récapitulatif for other software: as ODS (every sheet) and as CSV (its first sheet)."""

import csv
import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from odf.element import Element
from odf.namespaces import STYLENS, nsdict
from odf.number import Number, NumberStyle
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import (
    Footer,
    FooterStyle,
    Header,
    HeaderStyle,
    MasterPage,
    PageLayout,
    PageLayoutProperties,
    Style,
    TableCellProperties,
    TableColumnProperties,
    TableRowProperties,
    TextProperties,
)
from odf.table import (
    DatabaseRange,
    DatabaseRanges,
    Table,
    TableCell,
    TableColumn,
    TableHeaderColumns,
    TableHeaderRows,
    TableRow,
)
from odf.text import P, PageNumber
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from ctg.renderers import LIGNE, nettoyer
from evaluation.edition import Edition
from evaluation.feuilles_xlsx import ENTETE
from evaluation.tableau_xlsx import render_tableau_xlsx

ODS_TYPE, CSV_TYPE = "application/vnd.oasis.opendocument.spreadsheet", "text/csv; charset=utf-8"
ESPACES = tuple(sorted(nsdict.items()))
CM_PAR_SIGNE = 0.2  # of the width of a column
DECIMALES_MAX = 4
FORMULES = ("=", "+", "-", "@", "\t", "\r")


def render_tableau_ods(edition: Edition) -> bytes:
    """Numbers are numbers, texts are texts: nothing in it is a formula."""
    Element.namespaces = dict(ESPACES)  # shared by the whole process: it would grow with what was made before
    ods = OpenDocumentSpreadsheet()
    classeur = _classeur(edition)
    _en_paysage(ods, edition)
    _hauteurs(ods, classeur)
    plages = DatabaseRanges()
    for sheet in classeur.worksheets:
        table = Table(name=sheet.title, stylename="paysage")
        _colonnes(ods, table, sheet)
        for rang, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            ligne = TableRow(stylename=f"h{_points(sheet, rang):g}")
            style = "" if rang < ENTETE else "titre" if rang == ENTETE else "texte"
            for value in row:
                ligne.addElement(_cellule(value, style))
            if rang == ENTETE and sheet.auto_filter.ref:
                titres = TableHeaderRows()
                titres.addElement(ligne)
                table.addElement(titres)
            else:
                table.addElement(ligne)
        ods.spreadsheet.addElement(table)
        if sheet.auto_filter.ref:
            plages.addElement(_filtre(sheet))
    ods.spreadsheet.addElement(plages)
    ods.save(buffer := BytesIO())
    return _sans_date(buffer)


def _en_paysage(ods: OpenDocumentSpreadsheet, edition: Edition) -> None:
    page = PageLayout(name="page-paysage")
    reglages = PageLayoutProperties(
        printorientation="landscape", pagewidth="42cm", pageheight="29.7cm", margin="1.5cm"
    )
    reglages.setAttrNS(STYLENS, "scale-to-X", "2")  # as the workbook: two pages side by side, at most
    reglages.setAttrNS(STYLENS, "scale-to-Y", "0")
    page.addElement(reglages)
    page.addElement(HeaderStyle())
    page.addElement(FooterStyle())
    ods.automaticstyles.addElement(page)
    maitre = MasterPage(name="paysage", pagelayoutname=page)
    ods.masterstyles.addElement(maitre)
    tete, pied = Header(), Footer()
    tete.addElement(P(text=nettoyer(" – ".join(filter(None, (edition.complet.convention, edition.marques))))))
    bas = P(text=f"{edition.pied} – page ")
    bas.addElement(PageNumber())
    pied.addElement(bas)
    maitre.addElement(tete)
    maitre.addElement(pied)
    ods.automaticstyles.addElement(Style(name="paysage", family="table", masterpagename="paysage"))
    texte = Style(name="texte", family="table-cell")
    texte.addElement(TableCellProperties(wrapoption="wrap", verticalalign="top"))
    ods.automaticstyles.addElement(texte)
    for decimales in range(DECIMALES_MAX + 1):
        forme = NumberStyle(name=f"forme{decimales}")
        forme.addElement(Number(decimalplaces=str(decimales), minintegerdigits="1", grouping="true"))
        ods.automaticstyles.addElement(forme)
        chiffres = Style(
            name=f"nombre{decimales}",
            family="table-cell",
            datastylename=f"forme{decimales}",
        )
        chiffres.addElement(TableCellProperties(verticalalign="top", paddingright="0.15cm"))
        ods.automaticstyles.addElement(chiffres)
    titre = Style(name="titre", family="table-cell")
    titre.addElement(TableCellProperties(wrapoption="wrap", backgroundcolor="#0f5e59"))
    titre.addElement(TextProperties(fontweight="bold", color="#ffffff"))
    ods.automaticstyles.addElement(titre)


def _hauteurs(ods: OpenDocumentSpreadsheet, classeur) -> None:
    """A style for each height that a row of the workbook has."""
    lues = {_points(sheet, rang) for sheet in classeur for rang in range(1, sheet.max_row + 1)}
    for points in sorted(lues):
        style = Style(name=f"h{points:g}", family="table-row")
        style.addElement(TableRowProperties(rowheight=f"{points:g}pt"))
        ods.automaticstyles.addElement(style)


def _points(sheet, rang: int) -> float:
    return sheet.row_dimensions[rang].height or LIGNE


def _colonnes(ods: OpenDocumentSpreadsheet, table: Table, sheet) -> None:
    """As wide as in the workbook; those that say which fiche come again on every page."""
    repetees = TableHeaderColumns() if sheet.print_title_cols else None
    derniere = column_index_from_string(sheet.print_title_cols.rpartition("$")[2]) if repetees else 0
    if repetees:
        table.addElement(repetees)
    for rang in range(1, sheet.max_column + 1):
        centimetres = sheet.column_dimensions[get_column_letter(rang)].width * CM_PAR_SIGNE
        nom = f"c{sheet.parent.index(sheet)}-{rang}"
        style = Style(name=nom, family="table-column")
        style.addElement(TableColumnProperties(columnwidth=f"{centimetres:.2f}cm"))
        ods.automaticstyles.addElement(style)
        (repetees if rang <= derniere else table).addElement(TableColumn(stylename=nom))


def _filtre(sheet) -> DatabaseRange:
    debut, _, fin = sheet.auto_filter.ref.partition(":")
    feuille = f"'{sheet.title}'"
    return DatabaseRange(
        name=f"filtre-{sheet.parent.index(sheet)}",
        targetrangeaddress=f"{feuille}.{debut}:{feuille}.{fin}",
        displayfilterbuttons="true",
    )


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


def _cellule(value, style: str) -> TableCell:
    habit = {"stylename": style} if style else {}
    if value is None:  # truly empty: a long text beside it goes over it
        return TableCell(**habit)
    if isinstance(value, int | float | Decimal):
        if style:
            habit = {"stylename": f"nombre{_decimales(value)}"}
        nombre = TableCell(valuetype="float", value=str(value), **habit)
        nombre.addElement(P(text=_texte(value)))
        return nombre
    if isinstance(value, datetime.date):
        jour = TableCell(valuetype="date", datevalue=f"{value:%Y-%m-%d}", **habit)
        jour.addElement(P(text=f"{value:%d/%m/%Y}"))
        return jour
    cellule = TableCell(valuetype="string", **habit)
    for paragraphe in str(value).split("\n"):
        cellule.addElement(P(text=paragraphe))
    return cellule


def _decimales(value) -> int:
    return min(max(-Decimal(str(value)).normalize().as_tuple().exponent, 0), DECIMALES_MAX)


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
