"""Turns plain data into PDF, XLSX and JSON. Knows no model, and lets no document fetch anything."""

import dataclasses
import datetime
import json
import re
from decimal import Decimal
from io import BytesIO
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

# Documents name our static files under this address, which exists nowhere.
STATIC_BASE = "http://statique.invalid/"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES_MIME = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
# What XML 1.0 cannot hold; openpyxl raises on them.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class FetchRefusedError(ValueError):
    """A document asked for something else than a static file of the project."""


def static_only(url: str, *args, **kwargs) -> dict:
    """WeasyPrint's fetcher: the project's own static files, by name; every other address is refused."""
    parts = urlsplit(url)
    name = unquote(parts.path).lstrip("/")
    suffix = name[name.rfind(".") :]
    if not url.startswith(STATIC_BASE) or ".." in name or suffix not in TYPES_MIME:
        raise FetchRefusedError(f"Adresse refusée : {url[:200]}")
    path = finders.find(name)
    if path is None:
        raise FetchRefusedError(f"Fichier statique absent : {name}")
    with open(path, "rb") as stream:  # noqa: PTH123 -- finders give a string
        return {"string": stream.read(), "mime_type": TYPES_MIME[suffix]}


def render_pdf(template: str, context: dict) -> bytes:
    """A tagged PDF of a template."""
    from weasyprint import HTML  # noqa: PLC0415 -- slow import

    html = render_to_string(template, context)
    return HTML(string=html, base_url=STATIC_BASE, url_fetcher=static_only).write_pdf(pdf_tags=True)


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
