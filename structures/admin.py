from django.contrib import admin

from ctg.admin_a_deux import AdminADeux, LignesADeux
from ctg.admin_contrat import ContractuelForm, SansSuppressionMixin
from ctg.admin_import import ImportExportAdmin
from structures.models import Agrement, Inscription, Structure, TypeStructure
from structures.resources import StructureResource


class AgrementInline(LignesADeux):
    model = Agrement


@admin.register(Structure)
class StructureAdmin(SansSuppressionMixin, ImportExportAdmin):
    form = ContractuelForm
    resource_classes = (StructureResource,)
    inlines = (AgrementInline,)
    list_display = ("nom", "type_structure", "gestionnaire", "quartier", "source")
    list_filter = ("type_structure",)
    list_select_related = ("type_structure", "gestionnaire", "quartier")
    search_fields = ("recherche",)
    autocomplete_fields = ("gestionnaire",)


@admin.register(Inscription)
class InscriptionAdmin(SansSuppressionMixin, AdminADeux):
    form = ContractuelForm
    list_display = ("nom", "annexe", "rubrique", "convention", "date_effet", "date_fin")
    list_filter = ("annexe", "convention")
    list_select_related = ("convention",)
    autocomplete_fields = ("structure",)
    search_fields = ("nom",)
    raw_id_fields = ("succede_a",)


@admin.register(TypeStructure)
class TypeStructureAdmin(AdminADeux):
    list_display = ("nom", "code", "ordre")
