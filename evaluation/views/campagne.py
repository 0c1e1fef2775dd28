"""The campaign of a year: prepared, opened, followed, reminded, closed, corrected. The chargé de coopération's."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView

from ctg.templatetags.affichage import date_longue
from evaluation.blocs import par_personne
from evaluation.campagnes import ajouter_fiche, fiches_de_lannee, preparer_correction
from evaluation.enums import NatureCampagne, StatutCampagne, StatutSaisie
from evaluation.forms_campagne import AjouterForm, CorrectionForm, DateLimiteForm, PreparationForm
from evaluation.models import Campagne, Indicateur, Saisie
from evaluation.preparation import (
    abandonner,
    ajouter_indicateur,
    deplacer_date_limite,
    enregistrer_preparation,
    proposer,
)
from evaluation.rappels import relancer
from evaluation.suivi import collect_devoirs, collect_suivi, ecarts_du_detail
from evaluation.transitions import TransitionError, appliquer_campagne
from evaluation.views.annee import AnneeMixin


class ConduiteView(AnneeMixin, TemplateView):
    """A page that asks, and one call that does; `statut` is the state in which it makes sense."""

    permission_code = "evaluation.campagne"
    http_method_names = ["get", "head", "post", "options"]
    statut = ""
    refus = "La campagne est « {} »."

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.today = timezone.localdate()

    @cached_property
    def campagne(self) -> Campagne:
        campagnes = Campagne.objects.filter(convention=self.convention, annee=self.kwargs["annee"])
        return get_object_or_404(campagnes.select_related("convention", "parent"), pk=self.kwargs["pk"])

    def is_possible(self) -> bool:
        """What the page offers makes sense now; the service judges anew, under its lock."""
        return self.campagne.statut == self.statut

    def get(self, request, *args, **kwargs):
        if not self.is_possible():
            return self.impossible()
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def impossible(self):
        messages.info(self.request, self.refus.format(self.campagne.get_statut_display()))
        return self.retour()

    def post(self, request, *args, **kwargs):
        if not self.is_possible():
            return self.impossible()
        form = self.get_form(request.POST)
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            fait = self.agir(form)
        except TransitionError as error:
            messages.error(request, str(error))
        except ValidationError as error:
            if form is not None:
                form.add_error(None, error.messages)
                return self.render_to_response(self.get_context_data(form=form))
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, fait)
        return self.retour()

    def get_form(self, data=None):
        return None

    def retour(self):
        return redirect("evaluation:annee", convention=self.convention.slug, annee=self.kwargs["annee"])

    def suivis(self, *, comme_ouverte: bool = False):
        saisies = Saisie.objects.filter(campagne=self.campagne)
        return collect_suivi(saisies, self.convention, today=self.today, comme_ouverte=comme_ouverte)

    def get_context_data(self, **kwargs):
        return super().get_context_data(campagne=self.campagne, today=self.today, **kwargs)


class PreparerView(ConduiteView):
    template_name = "evaluation/campagne_preparer.html"
    refus = "Cette année a déjà sa campagne, « {} »."

    @cached_property
    def campagne(self) -> Campagne | None:
        annuelles = Campagne.objects.filter(convention=self.convention, nature=NatureCampagne.ANNUELLE)
        return annuelles.filter(annee=self.kwargs["annee"]).first()

    def is_possible(self) -> bool:
        return self.campagne is None

    def get_form(self, data=None):
        propositions = proposer(self.convention, self.kwargs["annee"], today=self.today)
        return PreparationForm(
            data,
            convention=self.convention,
            propositions=propositions,
            campagne=self.campagne,
            today=self.today,
        )

    def agir(self, form):
        enregistrer_preparation(None, self.convention, self.kwargs["annee"], form.get_choix())
        return f"La campagne {self.kwargs['annee']} est en préparation. Relisez-la, puis ouvrez-la."


class ModifierView(ConduiteView):
    template_name = "evaluation/campagne_preparer.html"
    statut = StatutCampagne.EN_PREPARATION
    refus = "La campagne est « {} » : ajoutez des fiches, ou déplacez la date limite."

    get_form = PreparerView.get_form

    def is_possible(self) -> bool:
        return super().is_possible() and self.campagne.nature == NatureCampagne.ANNUELLE

    def agir(self, form):
        enregistrer_preparation(self.campagne, self.convention, self.kwargs["annee"], form.get_choix())
        return "La préparation est enregistrée."


class AbandonnerView(ConduiteView):
    template_name = "evaluation/campagne_abandonner.html"
    statut = StatutCampagne.EN_PREPARATION
    refus = "La campagne est « {} » : elle ne s’abandonne plus."

    def agir(self, form):
        abandonner(self.campagne)
        return "La préparation est abandonnée. Rien n’avait été envoyé."


class OuvrirView(ConduiteView):
    template_name = "evaluation/campagne_ouvrir.html"
    statut = StatutCampagne.EN_PREPARATION

    def get_context_data(self, **kwargs):
        suivis = self.suivis(comme_ouverte=True)
        return super().get_context_data(
            suivis=suivis,
            nb_indicateurs=sum(len(suivi.lignes) for suivi in suivis),
            personnes=par_personne(collect_devoirs(suivis)),
            injoignables=_injoignables(suivis),
            **kwargs,
        )

    def agir(self, form):
        appliquer_campagne("ouvrir", self.campagne.pk, user=self.request.user, now=timezone.now())
        est_correction = self.campagne.nature == NatureCampagne.CORRECTION
        nom, quoi = ("campagne de correction", "à corriger") if est_correction else ("campagne", "à saisir")
        return f"La {nom} {self.kwargs['annee']} est ouverte : chacun est prévenu de ce qu’il a {quoi}."


class CloreView(ConduiteView):
    template_name = "evaluation/campagne_clore.html"
    statut = StatutCampagne.OUVERTE

    def get_context_data(self, **kwargs):
        suivis = self.suivis()
        return super().get_context_data(
            non_soumises=[s for s in suivis if s.saisie.statut not in StatutSaisie.REMISES],
            non_validees=[s for s in suivis if s.saisie.statut == StatutSaisie.SOUMISE],
            incompletes=[s for s in suivis if s.manquantes],
            nb_manquantes=sum(len(s.manquantes) for s in suivis),
            ecarts=ecarts_du_detail(suivis),
            **kwargs,
        )

    def agir(self, form):
        appliquer_campagne("clore", self.campagne.pk, user=self.request.user, now=timezone.now())
        return f"{self.campagne} : elle est close. Aucune valeur n’y entre plus, sauf exception."


class RelancerView(ConduiteView):
    template_name = "evaluation/campagne_relancer.html"
    statut = StatutCampagne.OUVERTE

    def get_context_data(self, **kwargs):
        suivis = self.suivis()
        return super().get_context_data(
            personnes=par_personne(collect_devoirs(suivis)), injoignables=_injoignables(suivis), **kwargs
        )

    def agir(self, form):
        resultat = relancer(self.campagne, now=timezone.now())
        return resultat.phrase


class DateView(ConduiteView):
    template_name = "evaluation/campagne_date.html"
    statut = StatutCampagne.OUVERTE

    def get_form(self, data=None):
        return DateLimiteForm(data, today=self.today, initial={"date_limite": self.campagne.date_limite})

    def agir(self, form):
        campagne = deplacer_date_limite(self.campagne, **form.cleaned_data)
        return (
            f"La date limite est déplacée au {date_longue(campagne.date_limite)}. Personne n’en est prévenu par courriel : "
            "les rappels suivent la nouvelle date, et « Relancer » la dit à chacun."
        )


class AjouterView(ConduiteView):
    template_name = "evaluation/campagne_ajouter.html"
    statut = StatutCampagne.OUVERTE

    def get_form(self, data=None):
        annee = self.kwargs["annee"]
        presentes = Saisie.objects.filter(campagne=self.campagne)
        fiches = fiches_de_lannee(self.convention, annee)
        indicateurs = (
            Indicateur.objects.filter(
                fiche__in=presentes.filter(statut__in=StatutSaisie.MODIFIABLES).values("fiche")
            )
            .en_vigueur(au=self.today)
            .exclude(lignes_saisie__saisie__campagne=self.campagne)
            .select_related("fiche")
        )
        return AjouterForm(
            data,
            campagne=self.campagne,
            fiches=fiches.exclude(pk__in=presentes.values("fiche")),
            indicateurs=indicateurs.order_by("fiche__axe__ordre", "fiche__numero", "ordre", "pk"),
        )

    def agir(self, form):
        choix = form.cleaned_data
        if fiche := choix["fiche"]:
            ajouter_fiche(self.campagne, fiche, today=self.today)
            return f"{fiche.code} est dans la campagne, avec ses indicateurs dus."
        indicateur = choix["indicateur"]
        saisie = Saisie.objects.get(campagne=self.campagne, fiche=indicateur.fiche_id)
        ajouter_indicateur(
            saisie, indicateur, choix["responsable"], user=self.request.user, now=timezone.now()
        )
        return f"{indicateur.code} est attendu dans cette campagne."


class CorrigerView(ConduiteView):
    """A campagne de correction of a closed campaign: it is prepared, then opened like any other."""

    template_name = "evaluation/campagne_corriger.html"
    statut = StatutCampagne.CLOSE
    refus = "La campagne est « {} » : avant la clôture, renvoyez les saisies à corriger."

    def get_form(self, data=None):
        saisies = (
            Saisie.objects.filter(campagne=self.campagne).for_list().prefetch_related("lignes__indicateur")
        )
        return CorrectionForm(data, saisies=list(saisies), today=self.today)

    def agir(self, form):
        preparer_correction(
            self.campagne,
            motif=form.cleaned_data["motif"],
            date_limite=form.cleaned_data["date_limite"],
            fiches=form.get_fiches(),
            user=self.request.user,
            now=timezone.now(),
        )
        return (
            "La campagne de correction est en préparation : ouvrez-la pour que les champs nommés se rouvrent."
        )


def _injoignables(suivis) -> list[str]:
    return list(dict.fromkeys(phrase for suivi in suivis for phrase in suivi.injoignables))
