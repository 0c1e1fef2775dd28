"""Addresses of the pages that belong to no other app."""

from django.urls import path

from ctg.views import pages

app_name = "ctg"
urlpatterns = [
    path("", pages.HomeView.as_view(), name="home"),
    path("aide/", pages.AideView.as_view(), name="aide"),
    path("aide/<slug:slug>/", pages.AideView.as_view(), name="aide_page"),
    path("accessibilite/", pages.AccessibiliteView.as_view(), name="accessibilite"),
    path("mentions-legales/", pages.MentionsView.as_view(), name="mentions"),
    path("healthz", pages.healthz, name="healthz"),
    path("<slug:convention>/", pages.DashboardView.as_view(), name="dashboard"),
    path("<slug:convention>/documents/", pages.DocumentsView.as_view(), name="documents"),
]
