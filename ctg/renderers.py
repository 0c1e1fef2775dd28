"""Turns plain data into PDF, XLSX and JSON. Knows no model, and lets no document fetch anything."""

import dataclasses
import datetime
import json
import re
from decimal import Decimal
from io import BytesIO

from django.template.loader import render_to_string

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What XML 1.0 cannot hold; openpyxl raises on them.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render_pdf(template: str, context: dict) -> bytes:
    """A tagged PDF of a template."""
    from ctg.pdf import write_pdf  # noqa: PLC0415 -- slow import

    return write_pdf(render_to_string(template, context))


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


def save_workbook(workbook) -> bytes:
    workbook.save(buffer := BytesIO())
    return buffer.getvalue()


def _json_value(value):
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form here")


def render_json(report) -> bytes:
    """Canonical JSON of a dataclass: sorted keys, decimals as strings, dates in ISO form."""
    data = dataclasses.asdict(report)
    return json.dumps(data, default=_json_value, ensure_ascii=False, sort_keys=True, indent=1).encode()
