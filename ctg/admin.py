"""Accounts, mandates and referentials. Everything typed here meets the same constraints as on the screens."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ctg.admin_a_deux import AdminADeux, LignesADeux
from ctg.admin_import import ImportExportAdmin
from ctg.enums import Role
from ctg.forms_a_deux import ADeuxForm
from ctg.mandats import DERNIER_ADMINISTRATEUR, is_dernier_administrateur
from ctg.models import (
    AdresseAgenda,
    Avenant,
    Commentaire,
    Convention,
    CorrespondanceColonnes,
    Decoupage,
    Demarche,
    Document,
    Emboitement,
    Fonction,
    IdentiteExterne,
    ImportFait,
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

NATURES_SECOND_FACTEUR = {
    Authenticator.Type.TOTP: "application d’authentification",
    Authenticator.Type.WEBAUTHN: "clé de sécurité",
    Authenticator.Type.RECOVERY_CODES: "codes de récupération",
}


class LectureSeuleAdmin(admin.ModelAdmin):
    """What an administrateur may read here but not write."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class CompteForm(ADeuxForm):
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

    def clean_is_active(self):
        is_active = self.cleaned_data["is_active"]
        if not is_active and self.instance.pk and is_dernier_administrateur(self.instance):
            raise forms.ValidationError(DERNIER_ADMINISTRATEUR)
        return is_active

    def clean_mot_de_passe(self):
        if password := self.cleaned_data["mot_de_passe"]:
            validate_password(password, self.instance)
        return password

    def save(self, commit=True):
        if password := self.cleaned_data["mot_de_passe"]:
            self.instance.set_password(password)
        elif not self.instance.pk:
            self.instance.set_unusable_password()
        if "email" in self.changed_data and self.instance.pk:  # the old address opens nothing any more
            EmailAddress.objects.filter(user=self.instance).delete()
        return super().save(commit)


class MandatADeuxForm(ADeuxForm):
    def clean(self):
        cleaned = super().clean()
        mandat, today = self.instance, timezone.localdate()
        fin, debut = cleaned.get("date_fin"), cleaned.get("date_debut")
        finit = (
            cleaned.get("role") != Role.ADMINISTRATEUR or (fin and fin <= today) or (debut and debut > today)
        )
        etait = (
            mandat.pk
            and Mandat.objects.filter(pk=mandat.pk, role=Role.ADMINISTRATEUR).actifs(au=today).exists()
        )
        if etait and finit and is_dernier_administrateur(mandat.utilisateur):
            raise forms.ValidationError(DERNIER_ADMINISTRATEUR)
        return cleaned


class MandatInline(LignesADeux):
    model = Mandat
    form = MandatADeuxForm
    can_delete = False  # a mandate ends at a date
    autocomplete_fields = ("organisme",)


@admin.register(Utilisateur)
class UtilisateurAdmin(AdminADeux):
    form = CompteForm
    inlines = (MandatInline,)
    list_display = ("email", "prenom", "nom", "is_active")
    list_filter = ("is_active",)
    search_fields = ("email", "prenom", "nom")
    ordering = ("email",)

    def has_delete_permission(self, request, obj=None):
        """An account that goes would take its name off the history: it is closed, or its name is taken away everywhere."""
        return False


class PerimetreQuartierInline(LignesADeux):
    model = PerimetreQuartier


@admin.register(Mandat)
class MandatAdmin(AdminADeux):
    """Its scope: apps above add the inlines of the perimeters that they own."""

    inlines = [PerimetreQuartierInline]
    form = MandatADeuxForm
    list_display = ("utilisateur", "role", "convention", "organisme", "date_debut", "date_fin")
    list_filter = ("role", "convention")
    list_select_related = ("utilisateur", "convention", "organisme")
    autocomplete_fields = ("utilisateur", "organisme")
    search_fields = ("utilisateur__email",)

    def has_delete_permission(self, request, obj=None):
        """It ends at a date; one by one, what had no effect may go."""
        dernier = (
            obj is not None and obj.role == Role.ADMINISTRATEUR and is_dernier_administrateur(obj.utilisateur)
        )
        return obj is not None and not dernier and super().has_delete_permission(request, obj)


@admin.register(Organisme)
class OrganismeAdmin(ImportExportAdmin):
    resource_classes = (OrganismeResource,)
    list_display = ("nom", "sigle", "nature", "source")
    list_filter = ("nature",)
    search_fields = ("nom", "autres_graphies")
    ordering = ("nom",)


class NiveauInline(LignesADeux):
    model = NiveauArbre


class SignataireInline(LignesADeux):
    model = Signataire
    fk_name = "convention"
    fields = ("ordre", "organisme", "qualite", "date_effet", "date_fin", "source")
    autocomplete_fields = ("organisme",)


@admin.register(Convention)
class ConventionAdmin(AdminADeux):
    inlines = (NiveauInline, SignataireInline)
    list_display = ("intitule", "territoire", "slug", "date_debut", "date_fin", "is_demonstration")
    list_select_related = ("territoire",)


class QuartierInline(LignesADeux):
    model = Quartier
    fields = ("ordre", "nom", "source")


@admin.register(Decoupage)
class DecoupageAdmin(AdminADeux):
    inlines = (QuartierInline,)
    list_display = ("nom", "territoire", "nb_secteurs_annonce", "is_reference")
    list_select_related = ("territoire",)


class ThematiqueInline(LignesADeux):
    model = ThematiqueDemarche


@admin.register(Emboitement)
class EmboitementAdmin(AdminADeux):
    list_display = ("quartier", "secteur", "decoupage")
    list_filter = ("decoupage",)
    list_select_related = ("quartier", "secteur", "decoupage")


@admin.register(Demarche)
class DemarcheAdmin(AdminADeux):
    inlines = (ThematiqueInline,)
    list_display = ("nom", "periode", "convention")
    list_select_related = ("convention",)


@admin.register(Service)
class ServiceAdmin(AdminADeux):
    list_display = ("nom", "organisme", "rattachement")
    list_select_related = ("organisme",)
    search_fields = ("nom",)


@admin.register(Texte)
class TexteAdmin(AdminADeux):
    list_display = ("titre", "annexe", "convention", "source")
    list_filter = ("annexe",)
    list_select_related = ("convention",)


@admin.register(Document)
class DocumentAdmin(AdminADeux):
    list_display = ("titre", "nature", "date_document", "convention")
    list_select_related = ("convention",)


@admin.register(LigneChargee)
class LigneChargeeAdmin(LectureSeuleAdmin):
    list_display = ("tableau", "cle", "convention")
    list_filter = ("tableau",)
    list_select_related = ("convention",)


@admin.register(AdresseAgenda)
class AdresseAgendaAdmin(admin.ModelAdmin):
    """Taken back here when a telephone is lost; its secret is nowhere."""

    list_display = ("utilisateur", "created_at")
    list_select_related = ("utilisateur",)
    fields = ("utilisateur", "created_at")
    search_fields = ("utilisateur__email",)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(CorrespondanceColonnes)
class CorrespondanceColonnesAdmin(LectureSeuleAdmin):
    """Forgotten by an administrator, it is asked again."""

    list_display = ("ressource", "convention", "colonnes")
    list_select_related = ("convention",)

    def has_delete_permission(self, request, obj=None):
        return super(LectureSeuleAdmin, self).has_delete_permission(request, obj)


@admin.register(ImportFait)
class ImportFaitAdmin(LectureSeuleAdmin):
    list_display = ("fichier", "ressource", "convention", "date_import", "utilisateur", "date_annulation")
    list_filter = ("ressource",)
    list_select_related = ("convention", "utilisateur")


@admin.register(IdentiteExterne)
class IdentiteExterneAdmin(LectureSeuleAdmin):
    list_display = ("utilisateur", "emetteur", "created_at")
    list_filter = ("emetteur",)
    list_select_related = ("utilisateur",)
    search_fields = ("utilisateur__email",)


admin.site.register(Territoire, AdminADeux)
admin.site.unregister(Group)  # all rights come from mandates
admin.site.unregister(EmailAddress)  # an account's address is the account's own
admin.site.unregister(Authenticator)
admin.site.unregister(UserSession)  # each closes one's own, in « Sessions »
admin.site.unregister(DBTaskResult)  # nobody's work; a failure shows in the logs


@admin.register(Authenticator)
class SecondFacteurAdmin(LectureSeuleAdmin):
    """Taken away from somebody who has lost it; its secret is shown to nobody."""

    fields = ("compte", "nature", "creation", "usage")
    list_display = ("compte", "nature", "creation", "usage")
    list_select_related = ("user",)
    search_fields = ("user__email",)

    @admin.display(description="compte", ordering="user__email")
    def compte(self, obj):
        return f"{obj.user}, {obj.user.email}"

    @admin.display(description="nature", ordering="type")
    def nature(self, obj):
        return NATURES_SECOND_FACTEUR[obj.type]

    @admin.display(description="ajouté le", ordering="created_at")
    def creation(self, obj):
        return obj.created_at

    @admin.display(description="dernier usage", ordering="last_used_at")
    def usage(self, obj):
        return obj.last_used_at

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Seconds facteurs"} | (extra_context or {}))

    def delete_model(self, request, obj):
        self.delete_queryset(request, Authenticator.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        """The recovery codes stand in for a factor: they go with the last one."""
        comptes = list(queryset.values_list("user", flat=True))
        super().delete_queryset(request, queryset)
        codes = Authenticator.objects.filter(user__in=comptes, type=Authenticator.Type.RECOVERY_CODES)
        autres = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).filter(
            user=OuterRef("user")
        )
        codes.exclude(Exists(autres)).delete()

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


class FonctionInline(LignesADeux):
    model = Fonction
    raw_id_fields = ("succede_a",)
    autocomplete_fields = ("organisme", "service")


@admin.register(Personne)
class PersonneAdmin(AdminADeux):
    inlines = (FonctionInline,)
    list_display = ("nom", "prenom", "convention", "utilisateur")
    list_select_related = ("convention", "utilisateur")
    search_fields = ("recherche",)
    autocomplete_fields = ("utilisateur",)


@admin.register(Avenant)
class AvenantAdmin(AdminADeux):
    """What hangs on an avenant hangs on its date: it is annulled from what it changed, and typed again."""

    list_display = ("numero", "intitule", "date_effet", "convention")
    list_select_related = ("convention",)

    def get_readonly_fields(self, request, obj=None):
        return ("convention", "date_effet") if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Commentaire)
class CommentaireAdmin(LectureSeuleAdmin):
    list_display = ("__str__", "auteur", "created_at", "date_resolution", "convention")
    list_filter = ("convention",)
    list_select_related = ("auteur", "convention")
