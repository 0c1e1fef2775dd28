"""The day that a page is asked of."""

import datetime

from django.contrib import messages
from django.utils import timezone
from django.utils.dateparse import parse_date

REFUSEE = "Cette date n’existe pas : voici ce qui vaut aujourd’hui."


def date_demandee(request, nom: str = "au") -> datetime.date:
    """The day of `?au=2025-03-01`; today when it is missing, and, with a word, when it is no date."""
    return date_facultative(request, nom) or timezone.localdate()


def lire_jour(texte: str) -> datetime.date | None:
    """None: it is no day."""
    try:
        return parse_date(texte)
    except ValueError:
        return None


def date_facultative(request, nom: str) -> datetime.date | None:
    texte = request.GET.get(nom, "")
    jour = lire_jour(texte)
    if texte and jour is None and not getattr(request, "date_refusee", False):
        request.date_refusee = True  # said once, however often the page asks
        messages.warning(request, REFUSEE)
    return jour
