from django.contrib import admin

from ctg.admin import LectureSeuleAdmin
from ctg.admin_a_deux import AdminADeux, LignesADeux
from ctg.admin_contrat import ContractuelForm, SansSuppressionMixin
from ctg.admin_import import ImportExportAdmin
from structures.models import (
    Activite,
    Agrement,
    Contact,
    Inscription,
    PropositionPosition,
    Structure,
    TypeStructure,
)
from structures.resources import ActiviteResource, StructureResource


class AgrementInline(LignesADeux):
    model = Agrement


class ContactInline(LignesADeux):
    model = Contact
    raw_id_fields = ("succede_a",)


@admin.register(Structure)
class StructureAdmin(SansSuppressionMixin, ImportExportAdmin):
    form = ContractuelForm
    resource_classes = (StructureResource,)
    inlines = (AgrementInline, ContactInline)
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


@admin.register(Activite)
class ActiviteAdmin(ImportExportAdmin):
    resource_classes = (ActiviteResource,)
    list_display = ("structure", "annee", "places", "heures", "enfants", "taux_occupation", "source")
    list_filter = ("annee", "structure__type_structure")
    list_select_related = ("structure",)
    autocomplete_fields = ("structure",)
    search_fields = ("structure__recherche",)


@admin.register(TypeStructure)
class TypeStructureAdmin(AdminADeux):
    list_display = ("nom", "code", "ordre")


@admin.register(PropositionPosition)
class PropositionPositionAdmin(LectureSeuleAdmin):
    """Accepted and refused on its own page, by who knows the place."""

    list_display = ("structure", "libelle", "score", "statut")
    list_filter = ("statut",)
    list_select_related = ("structure",)
