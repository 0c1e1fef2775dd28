"""Addresses of the plan, under /<convention>/."""

from django.urls import path

from fiches.views import avenant, cloture, couverture, fiches, historique, plan

app_name = "fiches"
urlpatterns = [
    path("arbre/", plan.ArbreView.as_view(), name="arbre"),
    path("arbre/comparaison/pdf/", plan.ComparaisonView.as_view(), name="arbre_compare"),
    path("demarches/", plan.DemarchesView.as_view(), name="demarches"),
    path("moyens/", plan.MoyensView.as_view(), name="moyens"),
    path("fiches/", fiches.FicheListView.as_view(), name="list"),
    path("fiches/quartiers/", couverture.CouvertureView.as_view(), name="couverture"),
    path("fiches/<slug:code>/", fiches.FicheDetailView.as_view(), name="detail"),
    path("fiches/<slug:code>/modifier/", fiches.FicheUpdateView.as_view(), name="update"),
    path("fiches/<slug:code>/avenant/", avenant.AvenantView.as_view(), name="avenant"),
    path("fiches/<slug:code>/supprimer/", cloture.SupprimerView.as_view(), name="supprimer"),
    path("fiches/<slug:code>/historique/", historique.HistoriqueView.as_view(), name="historique"),
    path("fiches/<slug:code>/historique/retablir/", historique.RestaurerView.as_view(), name="restaurer"),
]
