from django.contrib import admin

from ctg.admin import LectureSeuleAdmin
from ctg.admin_a_deux import AdminADeux, LignesADeux
from ctg.admin_contrat import ContractuelForm, SansSuppressionMixin
from gouvernance.models import (
    DateAnnuelle,
    Decision,
    DecisionAxe,
    DestinataireEnvoi,
    DocumentDiffuse,
    Enonce,
    EnvoiReunion,
    EtapeCompteRendu,
    FinancementPoste,
    InstanceGouvernance,
    Invite,
    Jalon,
    Label,
    MandatMembre,
    Membre,
    MissionInstance,
    PointOrdreDuJour,
    PosteCooperation,
    Presence,
    RappelDecision,
    Reunion,
    SuiteDecision,
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


class FinancementInline(LignesADeux):
    model = FinancementPoste
    autocomplete_fields = ("financeur",)


@admin.register(PosteCooperation)
class PosteAdmin(SansSuppressionMixin, AdminADeux):
    inlines = (FinancementInline,)
    autocomplete_fields = ("employeur",)
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


@admin.register(SuiteDecision)
class SuiteDecisionAdmin(LectureSeuleAdmin):
    list_display = ("decision", "created_at", "auteur", "texte", "etat")
    list_select_related = ("decision__reunion", "auteur")


@admin.register(DecisionAxe)
class DecisionAxeAdmin(LectureSeuleAdmin):
    list_display = ("decision", "axe")
    list_select_related = ("decision__reunion", "axe")


@admin.register(RappelDecision)
class RappelDecisionAdmin(LectureSeuleAdmin):
    list_display = ("decision", "personne", "cle", "date_envoi")
    list_select_related = ("decision__reunion", "personne")


@admin.register(MandatMembre)
class MandatMembreAdmin(LectureSeuleAdmin):
    """Written on the page of the instance, where an election closes one mandate and opens the next."""

    list_display = ("membre", "personne", "qualite", "date_debut", "date_fin")
    list_filter = ("membre__instance_gouvernance",)
    list_select_related = ("membre__instance_gouvernance", "personne")


@admin.register(Jalon)
class JalonAdmin(LectureSeuleAdmin):
    list_display = ("titre", "nature", "quartier", "date_debut", "date_fin", "convention")
    list_filter = ("convention", "nature", "quartier")
    list_select_related = ("quartier", "convention")


@admin.register(DateAnnuelle)
class DateAnnuelleAdmin(LectureSeuleAdmin):
    list_display = ("titre", "jour", "mois", "convention")
    list_select_related = ("convention",)


@admin.register(PointOrdreDuJour)
class PointAdmin(LectureSeuleAdmin):
    list_display = ("reunion", "ordre", "intitule", "label", "duree")
    list_filter = ("reunion__convention",)
    list_select_related = ("reunion", "label")


@admin.register(Presence)
class PresenceAdmin(LectureSeuleAdmin):
    list_display = ("reunion", "membre", "personne", "nom", "etat", "represente_par")
    list_filter = ("etat",)
    list_select_related = ("reunion", "membre", "personne")


@admin.register(Invite)
class InviteAdmin(LectureSeuleAdmin):
    list_display = ("reunion", "nom", "fonction")
    list_select_related = ("reunion",)


@admin.register(EtapeCompteRendu)
class EtapeCompteRenduAdmin(LectureSeuleAdmin):
    list_display = ("reunion", "tour", "action", "organisme", "par", "date")
    list_filter = ("action",)
    list_select_related = ("reunion", "organisme", "par")


@admin.register(DocumentDiffuse)
class DocumentDiffuseAdmin(LectureSeuleAdmin):
    list_display = ("nom", "reunion", "label", "empreinte")
    list_select_related = ("reunion", "label")


@admin.register(EnvoiReunion)
class EnvoiAdmin(LectureSeuleAdmin):
    list_display = ("reunion", "rang", "nature", "envoye_par", "created_at")
    list_filter = ("nature",)
    list_select_related = ("reunion", "envoye_par")


@admin.register(DestinataireEnvoi)
class DestinataireAdmin(LectureSeuleAdmin):
    list_display = ("envoi", "personne", "date_envoi")
    list_select_related = ("envoi", "personne")


admin.site.register(Label, AdminADeux)
