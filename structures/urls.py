"""Addresses of the registry, under /<convention>/structures/."""

from django.urls import path

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
    path("importer/", imports.DeposerView.as_view(), name="importer"),
    path("importer/colonnes/", imports.ColonnesView.as_view(), name="importer_colonnes"),
    path("importer/apercu/", imports.ApercuView.as_view(), name="importer_apercu"),
    path("importer/problemes/", imports.RefusView.as_view(), name="importer_refus"),
    path("importer/modele/<str:extension>/", imports.ModeleView.as_view(), name="importer_modele"),
    path("importer/<int:pk>/annuler/", imports.AnnulerView.as_view(), name="importer_annuler"),
    path("annexes/", annexes.AnnexesView.as_view(), name="annexes"),
    path("annexes/<str:extension>/", annexes.DocumentView.as_view(), name="annexes_document"),
]
