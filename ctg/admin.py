"""Accounts, mandates and referentials. Everything typed here meets the same constraints as on the screens."""

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django_tasks_db.models import DBTaskResult

from ctg.admin_import import ImportExportAdmin
from ctg.models import (
    Avenant,
    Commentaire,
    Convention,
    Decoupage,
    Demarche,
    Document,
    Fonction,
    IdentiteExterne,
    LigneChargee,
    Mandat,
    NiveauArbre,
    Organisme,
    PerimetreQuartier,
    Personne,
    Quartier,
    Service,
    Signataire,
    Territoire,
    Texte,
    ThematiqueDemarche,
    Utilisateur,
)
from ctg.resources import OrganismeResource


class LectureSeuleAdmin(admin.ModelAdmin):
    """What an administrateur may read here but not write."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class CompteForm(forms.ModelForm):
    """An account; a password is set by filling the field, and never shown."""

    mot_de_passe = forms.CharField(
        label="nouveau mot de passe",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Laissez vide pour ne rien changer.",
    )

    class Meta:
        model = Utilisateur
        fields = ("email", "prenom", "nom", "is_active")

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean_mot_de_passe(self):
        if password := self.cleaned_data["mot_de_passe"]:
            validate_password(password, self.instance)
        return password

    def save(self, commit=True):
        if password := self.cleaned_data["mot_de_passe"]:
            self.instance.set_password(password)
        elif not self.instance.pk:
            self.instance.set_unusable_password()
        return super().save(commit)


class MandatInline(admin.TabularInline):
    model = Mandat
    extra = 0
    autocomplete_fields = ("organisme",)


@admin.register(Utilisateur)
class UtilisateurAdmin(admin.ModelAdmin):
    form = CompteForm
    inlines = (MandatInline,)
    list_display = ("email", "prenom", "nom", "is_active")
    list_filter = ("is_active",)
    search_fields = ("email", "prenom", "nom")
    ordering = ("email",)


class PerimetreQuartierInline(admin.TabularInline):
    model = PerimetreQuartier
    extra = 0


@admin.register(Mandat)
class MandatAdmin(admin.ModelAdmin):
    """Its scope: apps above add the inlines of the perimeters that they own."""

    inlines = [PerimetreQuartierInline]
    list_display = ("utilisateur", "role", "convention", "organisme", "date_debut", "date_fin")
    list_filter = ("role", "convention")
    list_select_related = ("utilisateur", "convention", "organisme")
    autocomplete_fields = ("utilisateur", "organisme")
    search_fields = ("utilisateur__email",)


@admin.register(Organisme)
class OrganismeAdmin(ImportExportAdmin):
    resource_classes = (OrganismeResource,)
    list_display = ("nom", "sigle", "nature", "source")
    list_filter = ("nature",)
    search_fields = ("nom", "autres_graphies")
    ordering = ("nom",)


class NiveauInline(admin.TabularInline):
    model = NiveauArbre
    extra = 0


class SignataireInline(admin.TabularInline):
    model = Signataire
    fk_name = "convention"
    extra = 0
    fields = ("ordre", "organisme", "qualite", "date_effet", "date_fin", "source")
    autocomplete_fields = ("organisme",)


@admin.register(Convention)
class ConventionAdmin(admin.ModelAdmin):
    inlines = (NiveauInline, SignataireInline)
    list_display = ("intitule", "territoire", "slug", "date_debut", "date_fin", "is_demonstration")
    list_select_related = ("territoire",)


class QuartierInline(admin.TabularInline):
    model = Quartier
    extra = 0
    fields = ("ordre", "nom", "source")


@admin.register(Decoupage)
class DecoupageAdmin(admin.ModelAdmin):
    inlines = (QuartierInline,)
    list_display = ("nom", "territoire", "nb_secteurs_annonce", "is_reference")
    list_select_related = ("territoire",)


class ThematiqueInline(admin.TabularInline):
    model = ThematiqueDemarche
    extra = 0


@admin.register(Demarche)
class DemarcheAdmin(admin.ModelAdmin):
    inlines = (ThematiqueInline,)
    list_display = ("nom", "periode", "convention")
    list_select_related = ("convention",)


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ("nom", "organisme", "rattachement")
    list_select_related = ("organisme",)
    search_fields = ("nom",)


@admin.register(Texte)
class TexteAdmin(admin.ModelAdmin):
    list_display = ("titre", "annexe", "convention", "source")
    list_filter = ("annexe",)
    list_select_related = ("convention",)


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ("titre", "nature", "date_document", "convention")
    list_select_related = ("convention",)


@admin.register(LigneChargee)
class LigneChargeeAdmin(LectureSeuleAdmin):
    list_display = ("tableau", "cle", "convention")
    list_filter = ("tableau",)
    list_select_related = ("convention",)


@admin.register(IdentiteExterne)
class IdentiteExterneAdmin(LectureSeuleAdmin):
    list_display = ("utilisateur", "emetteur", "created_at")
    list_filter = ("emetteur",)
    list_select_related = ("utilisateur",)
    search_fields = ("utilisateur__email",)


admin.site.register(Territoire)
admin.site.unregister(Group)  # all rights come from mandates
admin.site.unregister(UserSession)  # each closes one's own, in « Sessions »
admin.site.unregister(DBTaskResult)  # nobody's work; a failure shows in the logs


class FonctionInline(admin.TabularInline):
    model = Fonction
    extra = 0
    raw_id_fields = ("succede_a",)
    autocomplete_fields = ("organisme", "service")


@admin.register(Personne)
class PersonneAdmin(admin.ModelAdmin):
    inlines = (FonctionInline,)
    list_display = ("nom", "prenom", "convention", "utilisateur")
    list_select_related = ("convention", "utilisateur")
    search_fields = ("recherche",)
    autocomplete_fields = ("utilisateur",)


@admin.register(Avenant)
class AvenantAdmin(admin.ModelAdmin):
    list_display = ("numero", "intitule", "date_effet", "convention")
    list_select_related = ("convention",)


@admin.register(Commentaire)
class CommentaireAdmin(LectureSeuleAdmin):
    list_display = ("__str__", "auteur", "created_at", "date_resolution", "convention")
    list_filter = ("convention",)
    list_select_related = ("auteur", "convention")
