"""Addresses of the social watch, under /<convention>/veille/."""

from django.urls import path

from evaluation.views import veille, veille_edition, veille_notes, veille_territoires

app_name = "veille"
urlpatterns = [
    path("", veille.SeriesView.as_view(), name="series"),
    path("ajouter/", veille_edition.SerieAjouterView.as_view(), name="serie_ajouter"),
    path("modeles/", veille_edition.ModelesView.as_view(), name="modeles"),
    *veille_territoires.IMPORT,
    path("territoires/", veille_territoires.TerritoiresView.as_view(), name="territoires"),
    path(
        "territoires/ajouter/", veille_territoires.TerritoireModifierView.as_view(), name="territoire_ajouter"
    ),
    path(
        "territoires/<int:pk>/modifier/",
        veille_territoires.TerritoireModifierView.as_view(),
        name="territoire_modifier",
    ),
    path(
        "territoires/<int:pk>/retirer/",
        veille_territoires.TerritoireRetirerView.as_view(),
        name="territoire_retirer",
    ),
    path("noms/ajouter/", veille_territoires.AutreNomAjouterView.as_view(), name="nom_ajouter"),
    path("noms/<int:pk>/retirer/", veille_territoires.AutreNomRetirerView.as_view(), name="nom_retirer"),
    path("notes/", veille_notes.NotesView.as_view(), name="notes"),
    path("notes/ajouter/", veille_notes.NoteAjouterView.as_view(), name="note_ajouter"),
    path("notes/<int:pk>/modifier/", veille_notes.NoteModifierView.as_view(), name="note_modifier"),
    path("notes/<int:pk>/retirer/", veille_notes.NoteRetirerView.as_view(), name="note_retirer"),
    path("series/<slug:code>/", veille.SerieView.as_view(), name="serie"),
    path("series/<slug:code>/modifier/", veille_edition.SerieModifierView.as_view(), name="serie_modifier"),
    path(
        "series/<slug:code>/supprimer/", veille_edition.SerieSupprimerView.as_view(), name="serie_supprimer"
    ),
    path("series/<slug:code>/liens/", veille_edition.LiensView.as_view(), name="liens"),
    path(
        "series/<slug:code>/seuils/ajouter/", veille_edition.SeuilAjouterView.as_view(), name="seuil_ajouter"
    ),
    path(
        "series/<slug:code>/seuils/<int:pk>/retirer/",
        veille_edition.SeuilRetirerView.as_view(),
        name="seuil_retirer",
    ),
]
