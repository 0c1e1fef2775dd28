"""The address of the actors, under /<convention>/acteurs/."""

from django.urls import path

from gouvernance.views import acteurs

app_name = "acteurs"
urlpatterns = [path("", acteurs.ActeursView.as_view(), name="matrice")]
