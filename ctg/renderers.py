"""Turns plain data into PDF, XLSX and JSON. Knows no model, and lets no document fetch anything."""

import datetime
import json
import re
from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.template.loader import render_to_string

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What XML 1.0 cannot hold; openpyxl raises on them.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render_pdf(template: str, context: dict, pieces: Iterable[tuple] = ()) -> bytes:
    """A PDF of a template, accessible and archivable. `pieces`: (name, description, bytes, date) of what goes in it."""
    return html_en_pdf(render_to_string(template, context), pieces)


def html_en_pdf(html: str, pieces: Iterable[tuple] = ()) -> bytes:
    from ctg.pdf import PieceJointe, write_pdf  # noqa: PLC0415 -- slow import

    # No font draws what is taken out, and PDF/A forbids the void glyph.
    return write_pdf(_ILLEGAL.sub("", html), [PieceJointe(*piece) for piece in pieces])


def nettoyer(texte: str) -> str:
    """A text that a spreadsheet can hold: no control character, at most what a cell takes."""
    return _ILLEGAL.sub("", texte)[:32_767]


def poser(cell, value, *, number_format: str | None = None) -> None:
    """Write a cell: numbers and dates as they are; a text is a string cell, never a formula."""
    if isinstance(value, str):
        cell.value = nettoyer(value)
        cell.data_type = "s"
    else:
        cell.value = value
    if number_format:
        cell.number_format = number_format


LIGNE, HAUTEUR_MAX = 15, 409  # points: of a line of text, of the highest row that a spreadsheet has


def ajuster_hauteurs(sheet) -> None:
    """Rows as high as what they wrap: not every spreadsheet finds it by itself. Widths are set before."""
    for row in sheet.iter_rows():
        lignes = max((_nb_lignes(cell, sheet) for cell in row if cell.alignment.wrap_text), default=1)
        if lignes > 1:
            sheet.row_dimensions[row[0].row].height = min(LIGNE * lignes, HAUTEUR_MAX)


def _nb_lignes(cell, sheet) -> int:
    if not isinstance(cell.value, str):
        return 1
    # A word goes to the next line whole, and bold letters are wider: a tenth of the width is lost.
    largeur = sheet.column_dimensions[cell.column_letter].width * 0.9 - 2 * cell.alignment.indent
    largeur = max(int(largeur), 1)
    return sum(max(-(-len(paragraphe) // largeur), 1) for paragraphe in cell.value.split("\n"))


_MODIFIE = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def save_workbook(workbook, *, date: datetime.datetime | None = None) -> bytes:
    """With a `date`, the same workbook gives the same bytes: it dates the file, and the zip has no date of its own."""
    for sheet in workbook:
        ajuster_hauteurs(sheet)
    if date is not None:
        date = date.astimezone(datetime.UTC).replace(microsecond=0, tzinfo=None)
        workbook.properties.created = date
    workbook.save(buffer := BytesIO())
    if date is None:
        return buffer.getvalue()
    refait = BytesIO()
    with ZipFile(buffer) as ancien, ZipFile(refait, "w") as nouveau:
        for entree in ancien.infolist():
            contenu = ancien.read(entree)
            if entree.filename == "docProps/core.xml":
                contenu = _MODIFIE.sub(rb"\g<1>" + f"{date.isoformat()}Z".encode(), contenu)
            nouveau.writestr(ZipInfo(entree.filename), contenu, ZIP_DEFLATED)
    return refait.getvalue()


def render_json(donnees: dict) -> bytes:
    """Readable and always the same: sorted keys, one space of indent."""
    return json.dumps(donnees, ensure_ascii=False, sort_keys=True, indent=1).encode()
