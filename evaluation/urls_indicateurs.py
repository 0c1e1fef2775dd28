"""Addresses of the definitions of indicators, under /<convention>/indicateurs/."""

from django.urls import path

from evaluation.views import collage, indicateurs, registre, renouvellement, vie_indicateur

app_name = "indicateurs"
urlpatterns = [
    path("", indicateurs.IndicateurListView.as_view(), name="list"),
    path("coller/", collage.CollerView.as_view(), name="coller"),
    path("departs/", renouvellement.DepartsView.as_view(), name="departs"),
    path("ajouter/<slug:code>/", indicateurs.IndicateurCreateView.as_view(), name="ajouter"),
    path("<int:pk>/", indicateurs.IndicateurDetailView.as_view(), name="detail"),
    path("<int:pk>/modifier/", indicateurs.IndicateurUpdateView.as_view(), name="modifier"),
    path("<int:pk>/registre/", registre.LienRegistreView.as_view(), name="registre"),
    path("<int:pk>/copier/", vie_indicateur.CopierView.as_view(), name="copier"),
    path("<int:pk>/deplacer/", vie_indicateur.DeplacerView.as_view(), name="deplacer"),
    path("<int:pk>/remplacer/", vie_indicateur.RemplacerView.as_view(), name="remplacer"),
    path("<int:pk>/supprimer/", vie_indicateur.SupprimerView.as_view(), name="supprimer"),
]
