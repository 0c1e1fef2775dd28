"""Addresses of the registry, under /<convention>/structures/."""

from django.urls import path

from structures.views import annexes, registre

app_name = "structures"
urlpatterns = [
    path("", registre.StructureListView.as_view(), name="list"),
    path("<int:pk>/", registre.StructureDetailView.as_view(), name="detail"),
    path("annexes/", annexes.AnnexesView.as_view(), name="annexes"),
    path("annexes/<str:extension>/", annexes.DocumentView.as_view(), name="annexes_document"),
]
