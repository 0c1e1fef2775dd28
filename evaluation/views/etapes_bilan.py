"""The steps of a version: each is a form, or a question, and one transition."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from ctg.views import BrouillonMixin
from ctg.views.mixins import exiger
from evaluation.campagnes import preparer_correction
from evaluation.editions import edition_de
from evaluation.figement import correction_en_cours
from evaluation.forms_bilan import FORMULAIRES, motif_demande, remarques_par_fiche
from evaluation.forms_campagne import CorrectionForm
from evaluation.models import Saisie
from evaluation.publication import publier
from evaluation.transitions import TransitionError
from evaluation.transitions_bilan import BILAN, CONDITIONS, appliquer_bilan
from evaluation.views.bilans import BilanMixin

# What the person is told before, and after.
QUESTIONS = {
    "ouvrir-debat": (
        "La version reste lue par l’équipe ; ses documents portent « DOCUMENT DE TRAVAIL — SOUMIS AU DÉBAT ».",
        "Le débat est ouvert.",
    ),
    "consigner": (
        "Une réunion à la fois. Les remarques se rattachent aux fiches qu’elles concernent.",
        "La réunion est consignée.",
    ),
    "clore-debat": (
        "Après cela, plus aucune réunion ne se consigne sur cette version.",
        "Le débat est clos.",
    ),
    "dispenser-debat": ("Le débat n’aura pas lieu sur cette version.", "La dispense est consignée."),
    "transmettre": (
        "Ceux qui donnent l’aval liront cette version et répondront sur son contenu exact.",
        "La version est transmise pour aval.",
    ),
    "avaliser": (
        "Vous donnez l’aval au contenu exact de cette version. Les membres du COPIL la liront ensuite.",
        "Votre aval est enregistré.",
    ),
    "refuser": (
        "Votre refus ouvre la voie à une campagne de correction, puis à une nouvelle version.",
        "Votre refus est enregistré.",
    ),
    "soumettre": ("Le COPIL est saisi de cette version.", "Le bilan est soumis au COPIL."),
    "conclure": ("Ce que le COPIL a conclu sur cette version.", "Les conclusions du COPIL sont consignées."),
    "dispenser-copil": ("Le COPIL n’examinera pas cette version.", "La dispense est consignée."),
    "publier": (
        "Les six documents sont produits une fois pour toutes et gardés tels quels. La préparation prend quelques secondes.",
        "Le bilan est publié.",
    ),
}


class EtapeView(BrouillonMixin, BilanMixin, TemplateView):
    """One action of `BILAN` on one version that this person may read."""

    template_name = "evaluation/bilan_etape.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.action = kwargs["action"]
        if self.action not in BILAN:
            raise Http404("Cette étape n’existe pas.")
        self.bilan = self.get_bilan()

    def check_access(self) -> None:
        super().check_access()
        exiger(self.request.user, BILAN[self.action].permission, self.bilan)

    def get(self, request, *args, **kwargs):
        if raison := self._refus():
            messages.error(request, raison)
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def _refus(self) -> str:
        if self.bilan.statut not in BILAN[self.action].sources:
            return f"Impossible : la version {self.bilan.version} est « {self.bilan.get_statut_display()} »."
        return CONDITIONS.get(self.action, lambda bilan: "")(self.bilan)

    def get_form(self, data=None):
        return FORMULAIRES[self.action](data, bilan=self.bilan)

    def post(self, request, *args, **kwargs):
        if reponse := self.avant_enregistrement():
            return reponse
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            self._agir(form)
        except (TransitionError, ValidationError) as refus:
            raisons = refus.messages if isinstance(refus, ValidationError) else [str(refus)]
            return self.render_to_response(self.get_context_data(form=form, raisons=raisons))
        messages.success(request, QUESTIONS[self.action][1])
        return redirect(self.get_success_url())

    def _agir(self, form) -> None:
        user, now = self.request.user, timezone.now()
        if self.action == "publier":  # renders before it locks
            publier(self.bilan.pk, user=user, now=now)
            self.recevoir()
            return
        with transaction.atomic():
            appliquer_bilan(self.action, self.bilan.pk, user=user, now=now, donnees=form.donnees)
            self.recevoir()

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.get_form(self.brouillon_data))
        edition = edition_de(self.bilan) if self.action in {"avaliser", "refuser"} else None
        propres = {
            "annee": self.bilan.annee,
            "version": self.bilan,
            "titre": BILAN[self.action].label,
            "question": QUESTIONS[self.action][0],
            "attente": "Les documents se préparent : quelques secondes." if self.action == "publier" else "",
            "edition": edition,
            "retour": self.get_success_url(),
        }
        return super().get_context_data(**{"raisons": []} | kwargs | propres)

    def get_success_url(self):
        return reverse(
            "evaluation:bilan", kwargs={"convention": self.convention.slug, "annee": self.bilan.annee}
        )


class CorrigerView(BrouillonMixin, BilanMixin, TemplateView):
    """Prepares a campagne de correction from a version: the fiches of the remarks are chosen already."""

    template_name = "evaluation/bilan_corriger.html"
    permission_code = "evaluation.campagne"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.bilan = self.get_bilan()

    def get(self, request, *args, **kwargs):
        if correction_en_cours(self.bilan):
            messages.info(
                request, "Une campagne de correction est déjà en préparation, ou ouverte, pour cette année."
            )
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if reponse := self.avant_enregistrement():
            return reponse
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            with transaction.atomic():
                preparer_correction(
                    self.bilan.campagne,
                    motif=form.cleaned_data["motif"],
                    date_limite=form.cleaned_data["date_limite"],
                    fiches=form.get_fiches(),
                    user=request.user,
                    now=timezone.now(),
                )
                self.recevoir()
        except ValidationError as refus:
            return self.render_to_response(self.get_context_data(form=form, raisons=refus.messages))
        messages.success(
            request,
            "La campagne de correction est préparée : ouvrez-la depuis la page de l’année, puis figez.",
        )
        return redirect(self.get_success_url())

    def get_form(self, data=None) -> CorrectionForm:
        saisies = Saisie.objects.filter(campagne=self.bilan.campagne_id).for_list()
        return CorrectionForm(
            data,
            saisies=list(saisies.prefetch_related("lignes__indicateur")),
            today=timezone.localdate(),
            remarques=remarques_par_fiche(self.bilan),
            initial={"motif": motif_demande(self.bilan)},
        )

    def get_context_data(self, **kwargs):
        if "form" not in kwargs:
            kwargs["form"] = self.get_form(self.brouillon_data)
        propres = {"annee": self.bilan.annee, "version": self.bilan, "retour": self.get_success_url()}
        return super().get_context_data(**{"raisons": []} | kwargs | propres)

    get_success_url = EtapeView.get_success_url
