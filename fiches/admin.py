from django.contrib import admin

from ctg.admin import LectureSeuleAdmin, MandatAdmin
from ctg.admin_a_deux import AdminADeux, LignesADeux
from ctg.admin_contrat import ContractuelForm, SansSuppressionMixin
from ctg.admin_import import ImportExportAdmin
from fiches.models import (
    Axe,
    Contribution,
    Etape,
    FicheProjet,
    Implication,
    Moyen,
    ObjectifOperationnel,
    PerimetreAxe,
    PerimetreFiche,
)
from fiches.resources import FicheResource


class PerimetreAxeInline(LignesADeux):
    model = PerimetreAxe


class PerimetreFicheInline(LignesADeux):
    model = PerimetreFiche


# The scopes that this app owns join the page of the mandate.
MandatAdmin.inlines += [PerimetreAxeInline, PerimetreFicheInline]


@admin.register(Axe)
class AxeAdmin(SansSuppressionMixin, AdminADeux):
    form = ContractuelForm
    list_display = ("code", "intitule", "parent", "service", "convention")
    list_select_related = ("parent", "service", "convention")
    exclude = ("rang",)
    raw_id_fields = ("succede_a",)


@admin.register(ObjectifOperationnel)
class ObjectifAdmin(SansSuppressionMixin, AdminADeux):
    form = ContractuelForm
    list_display = ("code", "axe", "nature", "intitule")
    list_filter = ("nature",)
    list_select_related = ("axe",)
    raw_id_fields = ("parent", "succede_a", "fiche")


@admin.register(FicheProjet)
class FicheAdmin(SansSuppressionMixin, ImportExportAdmin):
    """The administrateur does not read the internal notes: they are not on this page."""

    form = ContractuelForm
    resource_classes = (FicheResource,)
    exclude = ("notes_internes",)
    list_display = ("code", "titre", "axe", "service_pilote", "statut")
    list_filter = ("statut",)
    list_select_related = ("axe", "service_pilote")
    search_fields = ("code", "recherche")
    autocomplete_fields = ("pilote",)
    raw_id_fields = ("succede_a",)

    def get_readonly_fields(self, request, obj=None):
        """The axes that a fiche carries are signed: an avenant changes them."""
        return ("axes",) if obj else ()


@admin.register(Contribution)
class ContributionAdmin(AdminADeux):
    list_display = ("demarche", "axe", "fiche", "source")
    list_select_related = ("demarche", "axe", "fiche")


@admin.register(Implication)
class ImplicationAdmin(SansSuppressionMixin, AdminADeux):
    list_display = ("fiche", "organisme", "structure", "role")
    list_select_related = ("fiche", "organisme", "structure")
    autocomplete_fields = ("organisme", "structure", "fiche")

    def has_delete_permission(self, request, obj=None):
        """The row of the pilot goes with the field « Pilote »."""
        return super().has_delete_permission(request, obj) and not obj.is_du_pilote


@admin.register(Etape)
class EtapeAdmin(LectureSeuleAdmin):
    """Steps and means are entered on the fiche, by those who answer for it."""

    list_display = ("fiche", "intitule", "echeance", "is_faite")
    list_select_related = ("fiche",)


@admin.register(Moyen)
class MoyenAdmin(LectureSeuleAdmin):
    list_display = ("fiche", "signataire", "annee", "nature", "prevu", "accorde", "realise")
    list_select_related = ("fiche", "signataire__organisme")
