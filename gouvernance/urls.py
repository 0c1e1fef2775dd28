"""Addresses of the committees, under /<convention>/gouvernance/."""

from django.urls import path

from gouvernance import views

app_name = "gouvernance"
urlpatterns = [
    path("", views.GouvernanceView.as_view(), name="index"),
    path("instances/<slug:slug>/", views.InstanceView.as_view(), name="instance"),
]
