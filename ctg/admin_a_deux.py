"""The administration's pages: two people on one object are told of each other, as on the other pages."""

from django.contrib import admin
from django.db import connection

from ctg.forms_a_deux import ADeuxForm
from ctg.views.deux_versions import dire_la_reunion


class JetonMixin:
    """The token goes with the fields, whatever their list."""

    form = ADeuxForm

    def get_fields(self, request, obj=None):
        fields = [name for name in super().get_fields(request, obj) if name != "jeton"]
        return [*fields, "jeton"]


class AdminADeux(JetonMixin, admin.ModelAdmin):
    def get_object(self, request, object_id, from_field=None):
        """Read once it is locked, where one saves."""
        objet = super().get_object(request, object_id, from_field)
        if objet is None or request.method != "POST" or not connection.in_atomic_block:
            return objet
        lignes = self.model._base_manager.select_for_update(no_key=True).filter(pk=objet.pk)
        list(lignes.values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        dire_la_reunion(request, form)


class LignesADeux(JetonMixin, admin.TabularInline):
    extra = 0
