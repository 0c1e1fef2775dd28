"""The mid-term review: its index, its page and its PDF; its texts and propositions; its steps."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import DetailView, TemplateView, View

from ctg.historique import collect_historique
from ctg.permissions import check
from ctg.views import ConventionMixin
from ctg.views.mixins import exiger
from evaluation.avenants.lecture import projets_lus_par
from evaluation.mi_parcours import services
from evaluation.mi_parcours.avenant import preparer_avenant, raison_de_ne_pas_preparer
from evaluation.mi_parcours.documents import render_revue_pdf
from evaluation.mi_parcours.forms import (
    AppreciationForm,
    AvenantForm,
    IntroductionForm,
    PresenterForm,
    PropositionAjoutForm,
    PropositionForm,
    TrancherForm,
)
from evaluation.mi_parcours.lecture import visible_to
from evaluation.mi_parcours.reports import collect_revue
from evaluation.models import AppreciationAxe, Proposition, RevueMiParcours
from evaluation.views.retrait import RetraitView
from gouvernance.views.edition import EditionView


class IndexView(ConventionMixin, TemplateView):
    permission_code = "evaluation.lire_revue"
    template_name = "evaluation/mi_parcours/index.html"

    def get_context_data(self, **kwargs):
        _, date, precision = self.convention.dates[-1]
        revues = list(visible_to(self.request.user, self.convention).order_by("-rang"))
        return super().get_context_data(
            date=date,
            precision=precision,
            parametrer=check(self.request.user, "ctg.parametrer", self.convention),
            revues=revues,
            mener=check(self.request.user, "evaluation.mener_revue", self.convention),
            is_en_cours=any(not revue.date_decision for revue in revues),
            **kwargs,
        )


class OuvrirView(ConventionMixin, View):
    permission_code = "evaluation.mener_revue"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            revue = services.ouvrir(self.convention, user=request.user, now=timezone.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("mi_parcours:index", self.convention.slug)
        messages.success(request, "La revue est ouverte : chaque coordinateur écrit ce qui est de son axe.")
        return redirect(revue.get_absolute_url())


class RevueMixin(ConventionMixin):
    """The review of the address, where this person reads it; locked on a POST."""

    permission_code = "evaluation.lire_revue"

    def get_revue(self) -> RevueMiParcours:
        revues = visible_to(self.request.user, self.convention).select_related(
            "convention__territoire",
            "projet__convention",
            "point__reunion__instance_gouvernance",
            "point__reunion__convention",
        )
        if self.request.method == "POST":
            revues = revues.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(revues, rang=self.kwargs["rang"])


class RevueView(RevueMixin, DetailView):
    template_name = "evaluation/mi_parcours/revue.html"
    context_object_name = "revue"

    def get_object(self, queryset=None):
        return self.get_revue()

    def get_context_data(self, **kwargs):
        user = self.request.user
        lue = collect_revue(self.object, user=user, now=timezone.now())
        modifiables = set()
        if self.object.is_en_preparation and check(user, "evaluation.ouvrir_revue", self.convention):
            ecrits = [*(axe.appreciation for axe in lue.axes), *lue.propositions]
            modifiables = {
                (type(objet).__name__, objet.pk)
                for objet in ecrits
                if check(user, "evaluation.ecrire_revue", objet)
            }
        return super().get_context_data(
            lue=lue,
            axes=[
                (
                    axe,
                    ("AppreciationAxe", axe.appreciation.pk) in modifiables,
                    self._avec_droit(axe.propositions, modifiables),
                )
                for axe in lue.axes
            ],
            hors_axe=self._avec_droit(lue.hors_axe, modifiables),
            mener=check(user, "evaluation.mener_revue", self.convention),
            proposer=self.object.is_en_preparation
            and bool(check(user, "evaluation.ouvrir_revue", self.convention)),
            historique=check(user, "evaluation.travailler_bilan", self.convention),
            avenant_a_preparer=not raison_de_ne_pas_preparer(self.object),
            projet=projets_lus_par(user, self.convention).filter(pk=self.object.projet_id).first(),
            **kwargs,
        )

    @staticmethod
    def _avec_droit(propositions, modifiables: set) -> list[tuple[Proposition, bool]]:
        return [(p, ("Proposition", p.pk) in modifiables) for p in propositions]


class RevuePdfView(RevueMixin, View):
    """What the COPIL reads: figures of the versions of the bilans that have the aval, whoever asks for it."""

    def get(self, request, *args, **kwargs):
        revue = self.get_revue()
        response = HttpResponse(render_revue_pdf(revue, now=timezone.now()), content_type="application/pdf")
        nom = f"revue-mi-parcours-{self.convention.slug}-{revue.rang}.pdf"
        response["Content-Disposition"] = f'attachment; filename="{nom}"'
        return response


class RevueHistoriqueView(RevueMixin, DetailView):
    permission_code = "evaluation.travailler_bilan"
    template_name = "evaluation/mi_parcours/historique.html"
    context_object_name = "revue"

    def get_object(self, queryset=None):
        return self.get_revue()

    def get_context_data(self, **kwargs):
        evenements = collect_historique("revue", self.request.user, self.object, self.convention)
        page = Paginator(evenements, 30).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)


class EcritureView(RevueMixin, EditionView):
    """A form of the review: only while it is prepared."""

    permission_code = "evaluation.ouvrir_revue"
    template_name = "evaluation/mi_parcours/formulaire.html"
    revue: RevueMiParcours

    def get_refus(self):
        return services.raison_de_ne_pas_ecrire(self.revue)

    def get_retour(self):
        return self.objet.get_absolute_url() if self.objet.pk else self.revue.get_absolute_url()

    def get_message(self, objet):
        return "C’est enregistré."

    def sauver(self, form):
        return services.enregistrer_texte(form.save(commit=False), user=self.request.user)

    def get_partie(self, modele):
        """The row of `pk` in the review of the address."""
        self.revue = self.get_revue()
        objet = get_object_or_404(
            modele.objects.filter(revue=self.revue).select_related("revue__convention", "axe"),
            pk=self.kwargs["pk"],
        )
        exiger(self.request.user, "evaluation.ecrire_revue", objet)
        return objet

    def get_context_data(self, **kwargs):
        return super().get_context_data(revue=self.revue, **kwargs)


class IntroductionView(EcritureView):
    permission_code = "evaluation.mener_revue"
    form_class = IntroductionForm

    def get_objet(self):
        self.revue = self.get_revue()
        return self.revue

    def get_titre(self):
        return "Introduction de la revue"

    def sauver(self, form):
        return services.enregistrer_introduction(form.save(commit=False), user=self.request.user)


class AppreciationView(EcritureView):
    form_class = AppreciationForm

    def get_objet(self):
        return self.get_partie(AppreciationAxe)

    def get_titre(self):
        return f"Apprécier l’axe {self.objet.axe.intitule}"


class ProposerView(EcritureView):
    """`?axe=<pk>` comes from the part of an axe."""

    @property
    def form_class(self):
        return partial(PropositionAjoutForm, user=self.request.user)

    def get_objet(self):
        self.revue = self.get_revue()
        return Proposition(revue=self.revue)

    def get_initial(self):
        demande = self.request.GET.get("axe", "")
        return {"cible": f"axe-{demande}"} if demande.isdecimal() and len(demande) < 18 else {}

    def get_titre(self):
        return "Proposer"


class PropositionView(EcritureView):
    form_class = PropositionForm

    def get_objet(self):
        return self.get_partie(Proposition)

    def get_titre(self):
        return "Modifier une proposition"


class PropositionRetraitView(RevueMixin, RetraitView):
    permission_code = "evaluation.ouvrir_revue"
    nom = "la proposition"

    def get_objet(self):
        revue = self.get_revue()
        proposition = get_object_or_404(
            Proposition.objects.filter(revue=revue).select_related("revue__convention", "axe", "fiche"),
            pk=self.kwargs["pk"],
        )
        exiger(self.request.user, "evaluation.ecrire_revue", proposition)
        return proposition

    def get_refus(self, objet):
        return services.raison_de_ne_pas_ecrire(objet.revue)

    def get_retour(self, objet):
        return objet.revue.get_absolute_url()

    def retirer(self, objet):
        services.retirer_proposition(objet, user=self.request.user)


class TrancherView(EcritureView):
    """What the COPIL did of a proposition."""

    permission_code = "evaluation.mener_revue"
    form_class = TrancherForm

    def get_objet(self):
        return self.get_partie(Proposition)

    def get_refus(self):
        if self.revue.is_presentee:
            return ""
        if self.revue.is_en_preparation:
            return "La revue n’est pas encore présentée au COPIL : présentez-la d’abord."
        return services.raison_de_ne_pas_ecrire(self.revue)

    def get_titre(self):
        return f"Décision du COPIL : {self.objet}"

    def sauver(self, form):
        objet = form.save(commit=False)
        return services.trancher(objet, objet.issue, objet.decision, user=self.request.user)


class EtapeView(RevueMixin, TemplateView):
    """GET asks for a confirmation, POST does it."""

    permission_code = "evaluation.mener_revue"
    template_name = "evaluation/mi_parcours/etape.html"
    titre = explication = bouton = fait = ""

    def get_form(self, revue, data=None):
        return None

    def appliquer(self, revue, form) -> None:
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        revue = kwargs.pop("revue", None) or self.get_revue()
        form = kwargs.pop("form", None) or self.get_form(revue)
        lue = collect_revue(revue, user=self.request.user, now=timezone.now())
        dits = {nom: getattr(self, nom) for nom in ("titre", "explication", "bouton")}
        return super().get_context_data(revue=revue, form=form, lue=lue, **dits, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        revue = self.get_revue()
        form = self.get_form(revue, request.POST)
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(revue=revue, form=form))
        try:
            with transaction.atomic():
                self.appliquer(revue, form)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(revue.get_absolute_url())
        messages.success(request, self.fait)
        return redirect(self.get_apres(revue))

    def get_apres(self, revue) -> str:
        return revue.get_absolute_url()


class PresenterView(EtapeView):
    titre, bouton = "Présenter la revue au COPIL", "Présenter"
    explication = (
        "La Caf, les signataires et les membres du COPIL la liront dès maintenant. Ses textes ne changeront plus ; tant que "
        "rien n’est décidé, vous pourrez la reprendre."
    )
    fait = "La revue est présentée : la Caf et le COPIL la lisent."

    def get_form(self, revue, data=None):
        return PresenterForm(data, revue=revue)

    def appliquer(self, revue, form):
        services.presenter(revue, form.cleaned_data["point"], user=self.request.user, now=timezone.now())


class ReprendreView(EtapeView):
    titre, bouton = "Reprendre la revue", "Reprendre"
    explication = (
        "Elle redevient « en préparation » : ses textes se modifient, la Caf et le COPIL ne la lisent plus."
    )
    fait = "La revue est de nouveau en préparation."

    def appliquer(self, revue, form):
        services.reprendre(revue, user=self.request.user)


class PreparerAvenantView(EtapeView):
    titre, bouton = "Préparer l’avenant", "Préparer l’avenant"
    explication = (
        "Un projet d’avenant est créé avec une ligne par proposition retenue : ce qui se réoriente, s’ajoute ou se clôt. "
        "Vous le complétez ensuite ; rien ne change au plan avant qu’il soit signé."
    )
    fait = "Le projet d’avenant est créé : relisez chacune de ses lignes."

    def get_form(self, revue, data=None):
        return AvenantForm(data, initial={"objet": f"{revue} : suites retenues par le comité de pilotage"})

    def appliquer(self, revue, form):
        self.projet = preparer_avenant(revue, user=self.request.user, **form.cleaned_data)

    def get_apres(self, revue):
        return self.projet.get_absolute_url()


class DeciderView(EtapeView):
    titre, bouton = "Terminer la revue", "Terminer"
    explication = (
        "Chaque proposition a sa décision : la revue est décidée, et ne change plus. Une autre revue pourra s’ouvrir plus "
        "tard."
    )
    fait = "La revue est décidée."

    def appliquer(self, revue, form):
        services.decider(revue, user=self.request.user, now=timezone.now())
