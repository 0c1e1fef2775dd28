"""The administration, for those who hold a mandate of administrateur; its login is the application's."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

from ctg.permissions import check


class PilotageAdminSite(admin.AdminSite):
    site_header = "Pilotage CTG – Administration"
    site_title = "Pilotage CTG"
    index_title = "Comptes, mandats, référentiels, imports"

    def has_permission(self, request):
        return bool(check(request.user, "ctg.administrer"))

    def each_context(self, request):
        demonstration = apps.get_model("ctg", "Convention").objects.filter(is_demonstration=True).exists()
        return super().each_context(request) | {"demonstration": demonstration}

    def login(self, request, extra_context=None):
        if request.user.is_authenticated:  # sent back and forth between two login pages otherwise
            raise PermissionDenied(check(request.user, "ctg.administrer").reason)
        return redirect_to_login(request.get_full_path())
