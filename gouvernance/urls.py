"""Addresses of the committees, under /<convention>/gouvernance/."""

from django.urls import path

from gouvernance.views import decisions, instances, reunions

app_name = "gouvernance"
urlpatterns = [
    path("", instances.GouvernanceView.as_view(), name="index"),
    path("instances/<slug:slug>/", instances.InstanceView.as_view(), name="instance"),
    path("reunions/ajouter/", reunions.ReunionAjoutView.as_view(), name="reunion_ajouter"),
    path("reunions/<int:pk>/", reunions.ReunionView.as_view(), name="reunion"),
    path("reunions/<int:pk>/modifier/", reunions.ReunionEditView.as_view(), name="reunion_modifier"),
    path("reunions/<int:pk>/supprimer/", reunions.ReunionSuppressionView.as_view(), name="reunion_supprimer"),
    path("reunions/<int:pk>/historique/", reunions.HistoriqueView.as_view(), name="reunion_historique"),
    path("reunions/<int:pk>/decider/", decisions.DecisionAjoutView.as_view(), name="decision_ajouter"),
    path("decisions/", decisions.DecisionListView.as_view(), name="decisions"),
    path("decisions/<int:pk>/modifier/", decisions.DecisionEditView.as_view(), name="decision_modifier"),
    path(
        "decisions/<int:pk>/supprimer/",
        decisions.DecisionSuppressionView.as_view(),
        name="decision_supprimer",
    ),
]
