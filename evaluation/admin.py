from django.contrib import admin

from ctg.admin import ImportExportAdmin, LectureSeuleAdmin
from evaluation.models import Avancement, Cible, Indicateur, Mesure
from evaluation.resources import IndicateurResource


class CibleInline(admin.TabularInline):
    model = Cible
    extra = 0


@admin.register(Indicateur)
class IndicateurAdmin(ImportExportAdmin):
    resource_classes = (IndicateurResource,)
    inlines = (CibleInline,)
    list_display = ("code", "intitule", "fiche", "nature", "type_indicateur")
    list_filter = ("nature", "type_indicateur")
    list_select_related = ("fiche",)
    search_fields = ("code", "intitule")
    autocomplete_fields = ("fiche",)
    raw_id_fields = ("succede_a",)


@admin.register(Mesure)
class MesureAdmin(LectureSeuleAdmin):
    """An administrateur enters no value."""

    list_display = ("indicateur", "annee", "valeur", "situation", "etat")
    list_filter = ("annee", "situation")
    list_select_related = ("indicateur",)


@admin.register(Avancement)
class AvancementAdmin(LectureSeuleAdmin):
    list_display = ("fiche", "annee", "statut", "taux_avancement")
    list_filter = ("annee",)
    list_select_related = ("fiche",)
