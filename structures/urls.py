"""Addresses of the registry, under /<convention>/structures/."""

from django.urls import include, path

from structures.views import (
    activite,
    annexes,
    carte,
    doublons,
    imports,
    inscriptions,
    positions,
    registre,
    structures,
)

app_name = "structures"
urlpatterns = [
    path("", registre.StructureListView.as_view(), name="list"),
    path("ajouter/", structures.StructureAjoutView.as_view(), name="ajouter"),
    path("activite/", activite.ActivitesView.as_view(), name="activites"),
    path("<int:pk>/", structures.StructureDetailView.as_view(), name="detail"),
    path("<int:pk>/modifier/", structures.StructureEditView.as_view(), name="modifier"),
    path("<int:pk>/historique/", structures.HistoriqueView.as_view(), name="historique"),
    path("<int:pk>/fusionner/", doublons.FusionnerView.as_view(), name="fusionner"),
    path("<int:pk>/activite/<int:annee>/", activite.ActiviteView.as_view(), name="activite"),
    path("<int:pk>/inscription/", inscriptions.InscriptionView.as_view(), name="inscription"),
    path("<int:pk>/placer/", positions.PlacerView.as_view(), name="placer"),
    path("carte/", carte.CarteView.as_view(), name="carte"),
    path("a-placer/", positions.APlacerView.as_view(), name="a_placer"),
    path("propositions/<int:pk>/", positions.PropositionView.as_view(), name="proposition"),
    *imports.DES_STRUCTURES,
    path("", include((imports.DE_L_ACTIVITE, "import_activite"))),
    path("annexes/", annexes.AnnexesView.as_view(), name="annexes"),
    path("annexes/<str:extension>/", annexes.DocumentView.as_view(), name="annexes_document"),
]
