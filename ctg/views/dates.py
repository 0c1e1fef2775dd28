"""The day that a page is asked of."""

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date

from ctg.dates import date_plausible
from ctg.jour_lu import JourLu
from ctg.views.listes import ListeMixin

REFUSEE = "Cette date n’existe pas : voici ce qui vaut aujourd’hui."
IMPLAUSIBLE = "Cette date n’est pas entre 2000 et 2100 : voici ce qui vaut aujourd’hui."
SANS_FICHIER = "Le fichier n’est pas fait."


def lire_jour(texte: str) -> datetime.date | None:
    """None: it is no day."""
    try:
        return parse_date(texte)
    except ValueError:
        return None


def date_facultative(request, nom: str) -> datetime.date | None:
    """The day of that parameter; None when it is missing, and, with a word, when it is no plausible date."""
    texte = request.GET.get(nom, "")
    jour, refus = lire_jour(texte), REFUSEE
    if jour is not None:
        try:
            date_plausible(jour)
        except ValidationError:
            jour, refus = None, IMPLAUSIBLE
    if texte and jour is None and not getattr(request, "date_refusee", False):
        request.date_refusee = True  # said once, however often the page asks
        messages.warning(request, refus)
    return jour


def jour_sans_effet(request) -> datetime.date | None:
    """The day that a page is asked of and that it is not read at."""
    vue = request.resolver_match and getattr(request.resolver_match.func, "view_class", None)
    if "au" not in request.GET or vue is None or getattr(vue, "lit_le_jour", False):
        return None
    return lire_jour(request.GET["au"])


class DateeMixin:
    """A page of a convention that is read at `?au=`, today when it is missing: `jour` says which one.

    Its filters find the day in `request.au`.
    """

    lit_le_jour = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        today = timezone.localdate()
        request.au = date_facultative(request, "au") or today
        self.jour = JourLu(request.au, today, self.convention)

    def dispatch(self, request, *args, **kwargs):
        """A file of a day that does not exist is not made of another one in silence."""
        if getattr(request, "date_refusee", False) and (adresse := self.page_du_fichier()):
            messages.warning(request, SANS_FICHIER)
            return redirect(adresse)
        return super().dispatch(request, *args, **kwargs)

    def page_du_fichier(self) -> str:
        """Where a file that cannot be made leads; empty for a page, which says itself what it shows."""
        return self.request.path if self.request.GET.get("export") else ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"jour": self.jour} | kwargs)


class ListeDateeMixin(DateeMixin, ListeMixin):
    """A list whose rows are those of a day; what is exported of another day says so."""

    def get_table(self, lignes):
        return self.jour.dater(super().get_table(lignes))

    def nommer_fichier(self, page: str) -> str:
        return super().nommer_fichier(page) + self.jour.marque
