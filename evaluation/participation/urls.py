"""Addresses of the participation of the inhabitants, under /<convention>/participation/."""

from django.urls import path

from evaluation.views import participation

app_name = "participation"
urlpatterns = [
    path("", participation.ParticipationListView.as_view(), name="list"),
    path("ajouter/", participation.EvenementAjoutView.as_view(), name="ajouter"),
    path("<int:pk>/", participation.EvenementDetailView.as_view(), name="detail"),
    path("<int:pk>/modifier/", participation.EvenementEditView.as_view(), name="modifier"),
    path("<int:pk>/historique/", participation.EvenementHistoriqueView.as_view(), name="historique"),
    path("<int:pk>/retirer/", participation.EvenementRetraitView.as_view(), name="retirer"),
]
