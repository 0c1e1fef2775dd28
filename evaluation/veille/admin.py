"""The watch in the administration: read there, kept on its pages."""

from django.contrib import admin

from ctg.admin import LectureSeuleAdmin
from evaluation.models import AutreNom, NoteVeille, Observation, SerieSociale, Seuil, TerritoireCompare


@admin.register(SerieSociale)
class SerieSocialeAdmin(LectureSeuleAdmin):
    list_display = ("code", "intitule", "convention", "nature", "producteur", "is_publique")
    list_filter = ("nature", "is_publique")
    list_select_related = ("convention",)
    search_fields = ("code", "intitule")


@admin.register(Observation)
class ObservationAdmin(LectureSeuleAdmin):
    list_display = ("serie", "debut", "quartier", "territoire_compare", "situation", "valeur", "etat")
    list_filter = ("situation", "etat")
    list_select_related = ("serie", "quartier", "territoire_compare")


@admin.register(TerritoireCompare)
class TerritoireCompareAdmin(LectureSeuleAdmin):
    list_display = ("nom", "niveau", "code", "convention")
    list_select_related = ("convention",)


@admin.register(AutreNom)
class AutreNomAdmin(LectureSeuleAdmin):
    list_display = ("nom", "quartier", "territoire_compare", "convention")
    list_select_related = ("quartier", "territoire_compare", "convention")


@admin.register(Seuil)
class SeuilAdmin(LectureSeuleAdmin):
    list_display = ("serie", "portee", "nature", "valeur", "nb_periodes")
    list_select_related = ("serie",)


@admin.register(NoteVeille)
class NoteVeilleAdmin(LectureSeuleAdmin):
    list_display = ("titre", "quartier", "date", "auteur")
    list_select_related = ("quartier", "auteur")
