from django.contrib import admin

from ctg.admin import LectureSeuleAdmin
from ctg.admin_a_deux import AdminADeux, LignesADeux
from ctg.admin_contrat import ContractuelForm, SansSuppressionMixin
from gouvernance.models import (
    Decision,
    Enonce,
    InstanceGouvernance,
    Label,
    Membre,
    MissionInstance,
    PosteCooperation,
    Reunion,
)


class MissionInline(LignesADeux):
    model = MissionInstance


class MembreInline(LignesADeux):
    model = Membre
    form = ContractuelForm
    fk_name = "instance_gouvernance"
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
class InstanceAdmin(SansSuppressionMixin, AdminADeux):
    form = ContractuelForm
    inlines = (MissionInline, MembreInline)
    list_display = ("nom", "type_instance", "frequence_min", "convention")
    list_select_related = ("convention",)


@admin.register(Enonce)
class EnonceAdmin(SansSuppressionMixin, AdminADeux):
    list_display = ("nature", "ordre", "intitule", "convention")
    list_filter = ("nature",)
    list_select_related = ("convention",)


@admin.register(PosteCooperation)
class PosteAdmin(SansSuppressionMixin, AdminADeux):
    list_display = ("intitule", "niveau", "rattachement", "convention")
    list_select_related = ("convention",)


@admin.register(Reunion)
class ReunionAdmin(LectureSeuleAdmin):
    """Meetings and decisions are written on their own pages, which number them."""

    list_display = ("numero", "date", "instance_gouvernance", "convention")
    list_filter = ("convention",)
    list_select_related = ("instance_gouvernance", "convention")


@admin.register(Decision)
class DecisionAdmin(LectureSeuleAdmin):
    list_display = ("numero", "texte", "etat", "echeance", "responsable", "service")
    list_filter = ("etat", "reunion__convention")
    list_select_related = ("reunion", "responsable", "service")
    search_fields = ("recherche",)


admin.site.register(Label, AdminADeux)
