from django.contrib import admin

from ctg.admin_contrat import ContractuelForm, SansSuppressionMixin
from gouvernance.models import Enonce, InstanceGouvernance, Label, Membre, MissionInstance, PosteCooperation


class MissionInline(admin.TabularInline):
    model = MissionInstance
    extra = 0


class MembreInline(admin.TabularInline):
    model = Membre
    form = ContractuelForm
    fk_name = "instance_gouvernance"
    extra = 0
    can_delete = False  # a seat is closed at a date
    fields = (
        "ordre",
        "qualite",
        "fonction",
        "organisme",
        "label",
        "condition",
        "date_effet",
        "date_fin",
        "source_contrat",
        "rectification",
    )
    autocomplete_fields = ("organisme",)


@admin.register(InstanceGouvernance)
class InstanceAdmin(SansSuppressionMixin, admin.ModelAdmin):
    inlines = (MissionInline, MembreInline)
    list_display = ("nom", "type_instance", "frequence_min", "convention")
    list_select_related = ("convention",)


@admin.register(Enonce)
class EnonceAdmin(SansSuppressionMixin, admin.ModelAdmin):
    list_display = ("nature", "ordre", "intitule", "convention")
    list_filter = ("nature",)
    list_select_related = ("convention",)


@admin.register(PosteCooperation)
class PosteAdmin(SansSuppressionMixin, admin.ModelAdmin):
    list_display = ("intitule", "niveau", "rattachement", "convention")
    list_select_related = ("convention",)


admin.site.register(Label)
