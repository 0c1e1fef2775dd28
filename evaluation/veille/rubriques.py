"""What the search finds of the watch: series, and the notes of who reads them."""

from django.urls import reverse

from ctg.recherche_globale import Rubrique, Trouvaille, register
from evaluation.models import NoteVeille
from evaluation.veille.lecture import series_lisibles


def _series(user, convention, query):
    series = series_lisibles(user, convention).search(query)
    return series.select_related("convention").order_by("intitule", "pk")


def _serie(serie, convention):
    return Trouvaille(serie.intitule, serie.get_absolute_url(), detail=serie.producteur)


def _notes(user, convention, query):
    notes = NoteVeille.objects.filter(convention=convention).search(query)
    return notes.select_related("convention", "quartier").order_by("-date", "-pk")


def _note(note, convention):
    return Trouvaille(note.titre, note.get_absolute_url(), detail=str(note.quartier or "toute la ville"))


def _liste(nom):
    return lambda convention: reverse(f"veille:{nom}", kwargs={"convention": convention.slug})


register(Rubrique("series", "Veille sociale", _series, _serie, 25, _liste("series")))
register(
    Rubrique("notes_veille", "Notes de veille", _notes, _note, 26, _liste("notes"), "evaluation.lire_veille")
)
