"""What a log may hold: when, where in the code, which page. No name, no address, no token, nothing typed."""

import datetime
import json
import logging
import re
import traceback

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

# The messages of these speak of the installation; those of all others may repeat what was typed, or a whole row.
BAVARDES = (
    ImportError,
    ImproperlyConfigured,
    InterfaceError,
    OperationalError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)
EMAIL = re.compile(r"[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*", re.IGNORECASE)
QUERY = re.compile(r"""(?<=[\w/])\?[^\s"']+""")
# The link of an invitation, the address of an agenda; and whatever looks drawn at random: long, with a capital or a colon, and a digit.
SECRET = re.compile(r"(/(?:invitation|ics)/)[^/\s\"']+")
JETON = re.compile(r"(?=[\w:=%-]*[A-Z:])(?=[\w:=%-]*\d)[\w:=%-]{20,}", re.ASCII)


def nettoyer(texte: str) -> str:
    texte = SECRET.sub(r"\1[jeton]", texte)
    texte = QUERY.sub("?[…]", texte)
    texte = EMAIL.sub("[adresse]", texte)
    return JETON.sub("[jeton]", texte)


def reference_de(record) -> str:
    """The same as on the page of the error."""
    return getattr(getattr(record, "request", None), "reference", "")


class Discret(logging.Formatter):
    """A line without what names a person or opens a door. A traceback has its frames and its types only."""

    def format(self, record):
        # Another handler may have kept the whole traceback on the record.
        record.exc_text = None
        texte = super().format(record)
        record.exc_text = None
        if reference := reference_de(record):
            premiere, fin, suite = texte.partition("\n")
            texte = f"{premiere} [réf. {reference}]{fin}{suite}"
        return nettoyer(texte)

    def formatException(self, ei):  # noqa: N802 -- logging's name
        return "\n".join(_chaine(ei[1]))


class DiscretJson(Discret):
    """The same as one JSON object on one line, whatever the message holds."""

    def format(self, record):
        evenement = {
            "date": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(
                timespec="milliseconds"
            ),
            "niveau": record.levelname,
            "source": record.name,
            "message": nettoyer(record.getMessage()),
        }
        if isinstance(statut := getattr(record, "status_code", None), int):
            evenement["statut"] = statut
        if reference := reference_de(record):
            evenement["reference"] = reference
        if record.exc_info:
            evenement["trace"] = nettoyer(self.formatException(record.exc_info))
        return json.dumps(evenement, ensure_ascii=False)


def _chaine(error: BaseException) -> list[str]:
    """The error, after those that it came from."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    avant = [*_chaine(cause), "", "… puis :", ""] if cause is not None else []
    cadres = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    nom = f"{type(error).__module__}.{type(error).__qualname__}"
    return [*avant, "Traceback:", cadres, f"{nom}: {error}" if isinstance(error, BAVARDES) else nom]
