from django import forms
from django.contrib import admin

from ctg.admin import LectureSeuleAdmin
from ctg.admin_a_deux import LignesADeux
from ctg.admin_import import ImportExportAdmin
from ctg.forms_a_deux import ADeuxForm
from evaluation.models import (
    ActePublication,
    AppreciationAxe,
    Approbation,
    Aval,
    Avancement,
    AvisApprobation,
    Bilan,
    Campagne,
    ChampRenvoye,
    ChangementProjete,
    Cible,
    ConclusionCopil,
    ConclusionFinale,
    Debat,
    DecisionFiche,
    DecisionIndicateur,
    Dispense,
    DocumentPublie,
    Effet,
    EvenementParticipation,
    Indicateur,
    LienRegistre,
    LigneSaisie,
    Mesure,
    ModaliteIndicateur,
    PointBilan,
    Preuve,
    ProjetAvenant,
    Proposition,
    Protocole,
    PublicPresent,
    QuestionEvaluative,
    Rappel,
    Recommandation,
    RemarqueDebat,
    RevueMiParcours,
    Saisie,
    TextePublic,
    ValeurVentilee,
)
from evaluation.resources import IndicateurResource
from evaluation.veille import admin as veille_admin  # noqa: F401 -- its pages


class MotivableForm(ADeuxForm):
    """The same lock as everywhere, with the reason that it asks for."""

    motif = forms.CharField(
        label="motif",
        required=False,
        max_length=300,
        help_text="Si ce que vous changez est verrouillé par une valeur soumise.",
    )

    def clean(self):
        cleaned = super().clean()
        self.instance.motiver(cleaned.get("motif") or "")
        return cleaned


class CibleInline(LignesADeux):
    """What is taken away, is taken away on the page of the indicator, with its reason."""

    model = Cible
    form = MotivableForm
    can_delete = False


class ModaliteInline(LignesADeux):
    model = ModaliteIndicateur
    form = MotivableForm
    can_delete = False


@admin.register(Indicateur)
class IndicateurAdmin(ImportExportAdmin):
    form = MotivableForm
    resource_classes = (IndicateurResource,)
    inlines = (CibleInline, ModaliteInline)
    list_display = ("code", "intitule", "fiche", "nature", "type_indicateur")
    list_filter = ("nature", "type_indicateur")
    list_select_related = ("fiche",)
    search_fields = ("code", "intitule")
    autocomplete_fields = ("fiche",)
    raw_id_fields = ("succede_a",)


@admin.register(LienRegistre)
class LienRegistreAdmin(LectureSeuleAdmin):
    list_display = ("indicateur", "grandeur", "type_structure", "quartier")
    list_select_related = ("indicateur", "type_structure", "quartier")


@admin.register(PointBilan)
class PointBilanAdmin(LectureSeuleAdmin):
    list_display = ("point", "bilan")
    list_select_related = ("point__reunion", "bilan")


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


@admin.register(ValeurVentilee)
class ValeurVentileeAdmin(LectureSeuleAdmin):
    list_display = ("mesure", "modalite", "valeur")
    list_select_related = ("mesure", "modalite")


@admin.register(Effet)
class EffetAdmin(LectureSeuleAdmin):
    list_display = ("constat", "fiche", "axe", "annee", "sens")
    list_filter = ("annee", "sens")
    list_select_related = ("fiche", "axe")


@admin.register(Campagne)
class CampagneAdmin(LectureSeuleAdmin):
    """What has a workflow is read here, and changed by its transitions."""

    list_display = ("convention", "annee", "nature", "statut", "date_limite")
    list_filter = ("statut", "annee")
    list_select_related = ("convention",)


@admin.register(Saisie)
class SaisieAdmin(LectureSeuleAdmin):
    list_display = ("fiche", "campagne", "statut", "soumise_par", "validee_par")
    list_filter = ("statut",)
    list_select_related = ("fiche", "campagne", "soumise_par", "validee_par")


@admin.register(LigneSaisie)
class LigneSaisieAdmin(LectureSeuleAdmin):
    list_display = ("saisie", "indicateur", "responsable")
    list_select_related = ("saisie", "indicateur", "responsable")


@admin.register(ChampRenvoye)
class ChampRenvoyeAdmin(LectureSeuleAdmin):
    list_display = ("saisie", "champ", "commentaire", "demande_par")
    list_select_related = ("saisie", "demande_par")


@admin.register(DecisionFiche)
class DecisionFicheAdmin(LectureSeuleAdmin):
    list_display = ("decision", "fiche", "annee")
    list_select_related = ("decision__reunion", "fiche")


@admin.register(DecisionIndicateur)
class DecisionIndicateurAdmin(LectureSeuleAdmin):
    list_display = ("decision", "indicateur")
    list_select_related = ("decision__reunion", "indicateur")


@admin.register(Rappel)
class RappelAdmin(LectureSeuleAdmin):
    list_display = ("campagne", "utilisateur", "nature", "cle", "date_envoi")
    list_filter = ("nature",)
    list_select_related = ("campagne", "utilisateur")


@admin.register(Bilan)
class BilanAdmin(LectureSeuleAdmin):
    """Frozen, then changed by its transitions; read here."""

    list_display = ("convention", "annee", "version", "statut", "date_figement")
    list_filter = ("statut", "annee")
    list_select_related = ("convention",)


@admin.register(Debat)
class DebatAdmin(LectureSeuleAdmin):
    list_display = ("intitule", "date", "bilan", "is_modification_demandee")
    list_select_related = ("bilan",)


@admin.register(RemarqueDebat)
class RemarqueDebatAdmin(LectureSeuleAdmin):
    list_display = ("texte", "fiche", "debat")
    list_select_related = ("fiche", "debat")


@admin.register(Aval)
class AvalAdmin(LectureSeuleAdmin):
    list_display = ("bilan", "organisme", "decision", "date")
    list_select_related = ("bilan", "organisme")


@admin.register(Dispense)
class DispenseAdmin(LectureSeuleAdmin):
    list_display = ("bilan", "etape", "motif", "date")
    list_select_related = ("bilan",)


@admin.register(ConclusionCopil)
class ConclusionCopilAdmin(LectureSeuleAdmin):
    list_display = ("bilan", "date", "texte")
    list_select_related = ("bilan",)


@admin.register(ConclusionFinale)
class ConclusionFinaleAdmin(LectureSeuleAdmin):
    list_display = ("convention", "axe", "is_ouverte", "texte")
    list_select_related = ("convention", "axe")


@admin.register(ActePublication)
class ActePublicationAdmin(LectureSeuleAdmin):
    list_display = ("bilan", "empreinte")
    list_select_related = ("bilan",)


@admin.register(DocumentPublie)
class DocumentPublieAdmin(LectureSeuleAdmin):
    list_display = ("nom", "bilan", "sortie", "empreinte")
    list_select_related = ("bilan",)


@admin.register(TextePublic)
class TextePublicAdmin(LectureSeuleAdmin):
    list_display = ("convention", "fiche", "annee", "champ", "date_approbation")
    list_select_related = ("convention", "fiche")


@admin.register(ProjetAvenant)
class ProjetAvenantAdmin(LectureSeuleAdmin):
    list_display = ("numero", "objet", "date_effet", "statut", "convention")
    list_filter = ("convention", "statut")
    list_select_related = ("convention",)


@admin.register(ChangementProjete)
class ChangementProjeteAdmin(LectureSeuleAdmin):
    list_display = ("projet", "ordre", "nature", "motif")
    list_filter = ("nature",)
    list_select_related = ("projet",)


@admin.register(EvenementParticipation)
class EvenementParticipationAdmin(LectureSeuleAdmin):
    list_display = ("intitule", "date_debut", "niveau", "nb_personnes")
    list_filter = ("niveau",)


@admin.register(PublicPresent)
class PublicPresentAdmin(LectureSeuleAdmin):
    list_display = ("public", "evenement")
    list_select_related = ("evenement",)


@admin.register(RevueMiParcours)
class RevueMiParcoursAdmin(LectureSeuleAdmin):
    list_display = ("convention", "rang", "statut", "date_presentation")
    list_select_related = ("convention",)


@admin.register(AppreciationAxe)
class AppreciationAxeAdmin(LectureSeuleAdmin):
    list_display = ("axe", "revue")
    list_select_related = ("axe", "revue")


@admin.register(Proposition)
class PropositionAdmin(LectureSeuleAdmin):
    list_display = ("nature", "axe", "fiche", "revue", "issue")
    list_filter = ("nature", "issue")
    list_select_related = ("axe", "fiche", "revue")


@admin.register(Protocole)
class ProtocoleAdmin(LectureSeuleAdmin):
    """Written on its pages, approved by its transitions; read here, as what follows."""

    list_display = ("convention", "version", "statut", "date_soumission", "date_reponse")
    list_filter = ("statut",)
    list_select_related = ("convention",)


@admin.register(QuestionEvaluative)
class QuestionEvaluativeAdmin(LectureSeuleAdmin):
    list_display = ("code", "libelle", "convention", "statut", "critere")
    list_filter = ("statut", "critere", "phase")
    list_select_related = ("convention",)


@admin.register(Approbation)
class ApprobationAdmin(LectureSeuleAdmin):
    list_display = ("organisme", "protocole", "question", "decision", "date_acte", "is_papier")
    list_select_related = ("organisme", "protocole", "question")


@admin.register(AvisApprobation)
class AvisApprobationAdmin(LectureSeuleAdmin):
    list_display = ("utilisateur", "protocole", "question", "date_envoi")
    list_select_related = ("utilisateur", "protocole", "question")


@admin.register(Preuve)
class PreuveAdmin(LectureSeuleAdmin):
    list_display = ("question", "nature", "indicateur", "annee")
    list_select_related = ("question", "indicateur")


@admin.register(Recommandation)
class RecommandationAdmin(LectureSeuleAdmin):
    list_display = ("texte", "question", "decision")
    list_select_related = ("question", "decision__reunion")
