"""Addresses of the mid-term review, under /<convention>/mi-parcours/."""

from django.urls import path

from evaluation.views import mi_parcours as vues

app_name = "mi_parcours"
urlpatterns = [
    path("", vues.IndexView.as_view(), name="index"),
    path("ouvrir/", vues.OuvrirView.as_view(), name="ouvrir"),
    path("<int:rang>/", vues.RevueView.as_view(), name="revue"),
    path("<int:rang>/pdf/", vues.RevuePdfView.as_view(), name="pdf"),
    path("<int:rang>/historique/", vues.RevueHistoriqueView.as_view(), name="historique"),
    path("<int:rang>/introduction/", vues.IntroductionView.as_view(), name="introduction"),
    path("<int:rang>/axes/<int:pk>/", vues.AppreciationView.as_view(), name="appreciation"),
    path("<int:rang>/proposer/", vues.ProposerView.as_view(), name="proposer"),
    path("<int:rang>/propositions/<int:pk>/", vues.PropositionView.as_view(), name="proposition"),
    path(
        "<int:rang>/propositions/<int:pk>/retirer/",
        vues.PropositionRetraitView.as_view(),
        name="proposition_retirer",
    ),
    path("<int:rang>/propositions/<int:pk>/decision/", vues.TrancherView.as_view(), name="trancher"),
    path("<int:rang>/presenter/", vues.PresenterView.as_view(), name="presenter"),
    path("<int:rang>/reprendre/", vues.ReprendreView.as_view(), name="reprendre"),
    path("<int:rang>/avenant/", vues.PreparerAvenantView.as_view(), name="avenant"),
    path("<int:rang>/terminer/", vues.DeciderView.as_view(), name="terminer"),
]
