"""Addresses of the registry, under /<convention>/structures/."""

from django.urls import path

from structures import views

app_name = "structures"
urlpatterns = [
    path("", views.StructureListView.as_view(), name="list"),
    path("<int:pk>/", views.StructureDetailView.as_view(), name="detail"),
]
