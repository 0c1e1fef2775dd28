"""What is sent about a meeting: its convocation, its cancellation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg.brouillons import sans_erreurs
from ctg.templatetags.affichage import pluriel
from ctg.views import BrouillonMixin, ConventionMixin
from gouvernance.envois import (
    PASSEE,
    changements,
    contenu_de,
    convoquer,
    convoques,
    derniere_convocation,
    prevenir_annulation,
)
from gouvernance.forms_envois import DestinatairesForm, MotifForm
from gouvernance.models import EnvoiReunion, Reunion
from gouvernance.tasks import faire_partir
from gouvernance.transitions import annuler
from gouvernance.views.reunions import ReunionMixin


class EtapeReunionView(BrouillonMixin, ReunionMixin, TemplateView):
    """A question, its form, one service. `titre` is what the button says too."""

    permission_code = "gouvernance.tenir"
    template_name = "gouvernance/etape.html"
    titre = ""

    def get_form(self, data=None):
        raise NotImplementedError

    def get_refus(self) -> str:
        return ""

    def agir(self, form) -> str:
        """Does it, and says it."""
        raise NotImplementedError

    def get_success_url(self):
        return self.reunion.get_absolute_url()

    def get(self, request, *args, **kwargs):
        self.reunion = self.get_reunion()
        if raison := self.get_refus():
            messages.error(request, raison)
            return redirect(self.get_success_url())
        form = self.get_form(self.brouillon_data)
        if self.brouillon:
            sans_erreurs(form)
        return self.render_to_response(self.get_context_data(form=form, raisons=[]))

    def preparer(self) -> None:
        """What takes seconds, before anything is locked."""

    def post(self, request, *args, **kwargs):
        self.preparer()
        with transaction.atomic():
            return self.repondre()

    def repondre(self):
        request = self.request
        self.reunion = self.get_reunion()  # locked until the end
        if reponse := self.avant_enregistrement():
            return reponse
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, raisons=[]))
        try:
            with transaction.atomic():
                message = self.agir(form)
        except ValidationError as refus:
            return self.render_to_response(self.get_context_data(form=form, raisons=refus.messages))
        self.recevoir()
        messages.success(request, message)
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            reunion=self.reunion, titre=self.titre, retour=self.get_success_url(), **kwargs
        )


class ConvocationView(EtapeReunionView):
    template_name = "gouvernance/convoquer.html"
    titre = "Envoyer la convocation"

    def get_refus(self) -> str:
        if self.reunion.is_annulee:
            return "Cette réunion est annulée : elle ne se convoque plus."
        if self.reunion.has_commence(timezone.now()):
            return PASSEE
        if not self.reunion.points.exists():
            return "L’ordre du jour est vide : ajoutez-y au moins un point, puis convoquez."
        return ""

    def get_form(self, data=None):
        self.derniere = derniere_convocation(self.reunion)
        self.contenu = contenu_de(self.reunion)
        self.is_changee = self.derniere is not None and self.derniere.contenu != self.contenu
        deja, tous = frozenset(), None
        if self.is_changee:  # who was told is told what changes
            tous = {personne.pk for personne in convoques(self.reunion)}
        elif self.derniere is not None:
            deja = frozenset(
                self.derniere.destinataires.exclude(date_envoi=None).values_list("personne", flat=True)
            )
        return DestinatairesForm(data, reunion=self.reunion, deja=deja, tous=tous)

    def agir(self, form) -> str:
        envoi = convoquer(
            self.reunion.pk,
            form.cleaned_data["personnes"],
            user=self.request.user,
            now=timezone.now(),
            message=form.cleaned_data["message"],
        )
        faire_partir(envoi)
        nb = len(form.cleaned_data["personnes"])
        quoi = "Le changement" if envoi.nature == "changement" else "La convocation"
        return f"{quoi} part vers {nb}\u00a0personne{pluriel(nb)}, avec l’ordre du jour et une invitation pour l’agenda."

    def get_context_data(self, **kwargs):
        differences = changements(self.derniere.contenu, self.contenu) if self.is_changee else []
        return super().get_context_data(
            derniere=self.derniere, differences=differences, contenu=self.contenu, **kwargs
        )


class RelanceView(ConventionMixin, View):
    """What could not leave tries again; who received it receives nothing more."""

    permission_code = "gouvernance.tenir"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        reunions = Reunion.objects.visible_to(request.user).filter(convention=self.convention)
        envoi = get_object_or_404(
            EnvoiReunion.objects.select_related("reunion"), pk=kwargs["pk"], reunion__in=reunions
        )
        faire_partir(envoi)
        messages.success(request, "L’envoi est relancé vers ceux qui n’ont encore rien reçu.")
        return redirect(envoi.reunion)


class AnnulationView(EtapeReunionView):
    titre = "Annuler la réunion"

    def get_refus(self) -> str:
        if self.reunion.is_annulee:
            return "Cette réunion est déjà annulée."
        if self.reunion.is_verrouillee:
            return "Cette réunion a un compte rendu transmis : elle a eu lieu, elle ne s’annule plus."
        return ""

    def get_form(self, data=None):
        return MotifForm(data)

    def agir(self, form) -> str:
        user, now = self.request.user, timezone.now()
        annuler(self.reunion.pk, user=user, now=now, motif=form.cleaned_data["motif"])
        envoi = prevenir_annulation(self.reunion.pk, user=user, now=now)
        if envoi is None:
            return "La réunion est annulée. Personne n’avait été convoqué : aucun message ne part."
        faire_partir(envoi)
        nb = envoi.destinataires.count()
        return f"La réunion est annulée ; {nb}\u00a0personne{pluriel(nb)} en {'sont prévenues' if nb > 1 else 'est prévenue'}."

    def get_context_data(self, **kwargs):
        nb = len(convoques(self.reunion))
        qui = (
            f"{nb}\u00a0personne{pluriel(nb)} {'convoquées en seront prévenues' if nb > 1 else 'convoquée en sera prévenue'}, "
            "et leur agenda la retirera."
            if nb
            else "Personne n’a été convoqué : aucun message ne partira."
        )
        question = (
            f"Le numéro {self.reunion.numero} est gardé, et la page dit que la réunion est annulée. {qui}"
        )
        return super().get_context_data(question=question, **kwargs)
