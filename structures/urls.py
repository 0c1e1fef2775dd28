"""Addresses of the registry, under /<convention>/structures/."""

from django.urls import path

from structures.views import annexes, inscriptions, registre

app_name = "structures"
urlpatterns = [
    path("", registre.StructureListView.as_view(), name="list"),
    path("<int:pk>/", registre.StructureDetailView.as_view(), name="detail"),
    path("<int:pk>/inscription/", inscriptions.InscriptionView.as_view(), name="inscription"),
    path("annexes/", annexes.AnnexesView.as_view(), name="annexes"),
    path("annexes/<str:extension>/", annexes.DocumentView.as_view(), name="annexes_document"),
]
