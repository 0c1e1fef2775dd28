"""The next convention, opened step by step from the one that ends, and given up if it was opened by mistake."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from ctg.brouillons import sans_erreurs
from ctg.models import Convention
from ctg.panneaux import composer
from ctg.renouvellement.abandon import abandonner, get_naissance, motif_de_refus
from ctg.renouvellement.choix import Choix, avec_ce_qui_porte, collect_mandats, collect_sections
from ctg.renouvellement.etapes import Etapes, garder_etapes, lire_etapes, oublier_etapes
from ctg.renouvellement.formulaires import NouvelleConventionForm
from ctg.renouvellement.reprises import options
from ctg.renouvellement.services import ApercuError, ouvrir
from ctg.views.brouillons import BrouillonMixin
from ctg.views.mixins import ConventionMixin

D_ABORD = "Dites d’abord ce qu’est la convention suivante : son intitulé et son adresse."
A_CHANGE = "Quelque chose a changé depuis l’aperçu : rien n’est créé. Relisez ce qui suit, puis confirmez."
RIEN_N_ATTEND = "Aucune convention n’attend d’être ouverte : elle l’a déjà été, ou elle est abandonnée."


class EtapeMixin(ConventionMixin):
    """`etapes`: what the steps before have kept."""

    permission_code = "ctg.renouveler"

    @cached_property
    def adresse(self) -> str:
        return reverse("ctg:renouveler_apercu", args=[self.convention.slug])

    @cached_property
    def etapes(self) -> Etapes | None:
        return lire_etapes(self.request.user, self.adresse)

    def garder(self, etapes: Etapes) -> None:
        garder_etapes(self.request.user, self.adresse, etapes, now=timezone.now())

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            suivantes=Convention.objects.visible_to(self.request.user)
            .filter(predecesseur=self.convention)
            .order_by("pk"),
            erreurs=self.request.method == "POST",
            **kwargs,
        )


class RenouvelerView(BrouillonMixin, EtapeMixin, TemplateView):
    """First step: what the next convention is."""

    template_name = "ctg/renouvellement/identite.html"

    def get_success_url(self):
        return reverse("ctg:renouveler_contenu", args=[self.convention.slug])

    def get_form(self, data=None):
        garde = self.etapes.identite if self.etapes else None
        return NouvelleConventionForm(data or garde, ancienne=self.convention)

    def get(self, request, *args, **kwargs):
        form = self.get_form(self.brouillon_data)
        if form.is_bound:
            sans_erreurs(form)
        return self.render_to_response(self.get_context_data(form=form))

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        if reponse := self.avant_enregistrement():
            return reponse
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        identite = {nom: request.POST.get(nom, "") for nom in form.fields}
        self.garder(Etapes(identite, self.etapes.choix if self.etapes else None))
        self.recevoir()
        if form.chevauche:
            messages.warning(
                request,
                "La convention suivante commence avant la fin de celle-ci : vérifiez les dates si ce n’est pas voulu.",
            )
        return redirect(self.get_success_url())


class SuiteMixin(EtapeMixin):
    """A step that needs the first one."""

    def dispatch(self, request, *args, **kwargs):
        self.check_access()
        if self.etapes is None and request.method in {"GET", "HEAD", "POST"}:
            messages.info(request, D_ABORD if request.method == "GET" else RIEN_N_ATTEND)
            return redirect("ctg:renouveler", self.convention.slug)
        return super().dispatch(request, *args, **kwargs)


class ContenuView(BrouillonMixin, SuiteMixin, TemplateView):
    """Second step: what it takes over, row by row."""

    template_name = "ctg/renouvellement/contenu.html"

    def get_success_url(self):
        return self.adresse

    def get_context_data(self, **kwargs):
        lu = self.brouillon_data
        choix = _choix(lu) if lu is not None else self.etapes.choix
        codes = {option.code for option in options()} if choix is None else choix.options
        return super().get_context_data(
            sections=collect_sections(self.convention, choix),
            options=[(option, option.code in codes) for option in options()],
            mandats=[
                (propose, choix is not None and propose.mandat.pk in choix.mandats)
                for propose in collect_mandats(self.convention, par=self.request.user)
            ],
            intitule=self.etapes.identite["intitule"],
            **kwargs,
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        if reponse := self.avant_enregistrement():
            return reponse
        choix = _choix(request.POST)
        proposes = {propose.mandat.pk for propose in collect_mandats(self.convention, par=request.user)}
        lignes = avec_ce_qui_porte(collect_sections(self.convention, choix), choix.lignes)
        self.garder(
            Etapes(self.etapes.identite, Choix(lignes, choix.options, choix.mandats & frozenset(proposes)))
        )
        self.recevoir()
        return redirect(self.get_success_url())


def _choix(data) -> Choix:
    return Choix(
        frozenset(data.getlist("ligne")),
        frozenset(data.getlist("option")),
        frozenset(int(pk) for pk in data.getlist("mandat") if pk.isascii() and pk.isdigit()),
    )


class ApercuView(SuiteMixin, TemplateView):
    """Third step. POST: `abandonner`, or `confirmer` (the mark of what was shown)."""

    template_name = "ctg/renouvellement/apercu.html"

    def get(self, request, *args, **kwargs):
        if self.etapes.choix is None:
            return redirect("ctg:renouveler_contenu", self.convention.slug)
        return self.montrer()

    def montrer(self, faute: str = ""):
        form = NouvelleConventionForm(self.etapes.identite, ancienne=self.convention)
        fautes, ouverture = [], None
        if form.is_valid():
            try:
                ouverture = self._ouvrir(form, essai=True)
            except ValidationError as error:
                fautes = error.messages
        else:
            fautes = [f"{form[nom].label} : {dit}" for nom, dits in form.errors.items() for dit in dits]
        return self.render_to_response(
            self.get_context_data(form=form, ouverture=ouverture, fautes=fautes, faute=faute)
        )

    def _ouvrir(self, form, **options):
        return ouvrir(
            self.convention.pk, form.save(commit=False), self.etapes.choix, par=self.request.user, **options
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.etapes = lire_etapes(request.user, self.adresse, verrouiller=True)
        if self.etapes is None or self.etapes.choix is None:
            messages.info(request, RIEN_N_ATTEND)
            return redirect("ctg:renouveler", self.convention.slug)
        if request.POST.get("abandonner"):
            oublier_etapes(request.user, self.adresse)
            messages.info(request, "Rien n’est créé : ce que vous aviez choisi est abandonné.")
            return redirect(self.convention.get_absolute_url())
        form = NouvelleConventionForm(self.etapes.identite, ancienne=self.convention)
        if not form.is_valid():
            return self.montrer(A_CHANGE)
        try:
            with transaction.atomic():
                ouverture = self._ouvrir(form, montree=request.POST.get("confirmer") or "rien")
        except ApercuError:
            return self.montrer(A_CHANGE)
        except ValidationError:
            return self.montrer()
        oublier_etapes(request.user, self.adresse)
        messages.success(
            request, f"« {ouverture.convention} » est ouverte. Voici ce qu’il reste à y compléter."
        )
        return redirect("ctg:reprise", ouverture.convention.slug)


class RepriseView(ConventionMixin, TemplateView):
    """What a convention took over, and what remains to be completed in it."""

    permission_code = "ctg.renouveler"
    template_name = "ctg/renouvellement/reprise.html"

    def get_context_data(self, **kwargs):
        naissance = get_naissance(self.convention)
        ancienne = self.convention.predecesseur
        return super().get_context_data(
            ancienne=ancienne,
            lit_ancienne=Convention.objects.visible_to(self.request.user)
            .filter(pk=self.convention.predecesseur_id)
            .exists(),
            panneaux=composer("reprise", self.request, self.convention, self.convention) if ancienne else [],
            dates=[(nom, date, precision) for nom, date, precision in self.convention.dates if date is None],
            ouverte_par_moi=bool(naissance and naissance.qui == self.request.user.pk),
            **kwargs,
        )


class AbandonnerView(ConventionMixin, TemplateView):
    """GET asks, or says what forbids it; POST deletes."""

    permission_code = "ctg.renouveler"
    template_name = "ctg/renouvellement/abandonner.html"

    def get_context_data(self, **kwargs):
        refus = motif_de_refus(self.convention, self.request.user)
        return super().get_context_data(refus=refus, ancienne=self.convention.predecesseur, **kwargs)

    def post(self, request, *args, **kwargs):
        intitule = str(self.convention)
        try:
            ancienne = abandonner(self.convention.pk, par=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("ctg:reprise", self.convention.slug)
        messages.success(request, f"« {intitule} » est abandonnée : rien n’en reste que son historique.")
        return redirect(ancienne.get_absolute_url())
