"""Addresses of the projets d’avenant, under /<convention>/avenants/."""

from django.urls import path

from evaluation.views import avenants, changements_projetes

app_name = "avenants"
urlpatterns = [
    path("", avenants.ProjetsView.as_view(), name="list"),
    path("preparer/", avenants.PreparerView.as_view(), name="preparer"),
    path("<int:pk>/", avenants.ProjetView.as_view(), name="detail"),
    path("<int:pk>/pdf/", avenants.AnnexesPdfView.as_view(), name="pdf"),
    path("<int:pk>/modifier/", avenants.ModifierView.as_view(), name="modifier"),
    path("<int:pk>/changements/ajouter/", changements_projetes.ChoisirView.as_view(), name="choisir"),
    path(
        "<int:pk>/changements/ajouter/<slug:nature>/",
        changements_projetes.AjouterView.as_view(),
        name="ajouter",
    ),
    path(
        "<int:pk>/changements/ajouter/<slug:nature>/<int:cible>/",
        changements_projetes.AjouterView.as_view(),
        name="ajouter_a",
    ),
    path(
        "<int:pk>/changements/<int:ligne>/",
        changements_projetes.ModifierLigneView.as_view(),
        name="ligne",
    ),
    path(
        "<int:pk>/changements/<int:ligne>/retirer/",
        changements_projetes.RetirerLigneView.as_view(),
        name="retirer",
    ),
    path("<int:pk>/etape/<slug:action>/", avenants.EtapeView.as_view(), name="etape"),
]
