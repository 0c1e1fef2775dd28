"""Addresses of the pages that belong to no other app."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from ctg.views import pages

app_name = "ctg"
urlpatterns = [
    path("", pages.HomeView.as_view(), name="home"),
    path("compte/connexion/", pages.ConnexionView.as_view(), name="login"),
    path("compte/deconnexion/", LogoutView.as_view(), name="logout"),
    path("aide/", pages.AideView.as_view(), name="aide"),
    path("aide/<slug:slug>/", pages.AideView.as_view(), name="aide_page"),
    path("healthz", pages.healthz, name="healthz"),
    path("<slug:convention>/", pages.DashboardView.as_view(), name="dashboard"),
    path("<slug:convention>/documents/", pages.DocumentsView.as_view(), name="documents"),
]
