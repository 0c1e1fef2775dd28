"""What one does to the entry of a fiche: submit, validate, send back, reopen by exception, end the exception."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView

from ctg.brouillons import existe
from evaluation.forms_etats import RenvoyerForm, RouvrirForm, ValiderForm
from evaluation.models import Avancement, Saisie
from evaluation.suivi import collect_suivi, ecarts_du_detail
from evaluation.transitions import SAISIE, TransitionError, appliquer_saisie, empeche, lever_exception
from evaluation.verrous import saisie_courante
from evaluation.views.saisie import FicheDeLAnneeMixin


class ActionView(FicheDeLAnneeMixin, DetailView):
    """One action of the table `SAISIE`: a page that says what it does and asks, then the action itself."""

    action = ""
    template_name = "evaluation/saisie_action.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_object(self, queryset=None):
        fiche = super().get_object(queryset)
        self.saisie = saisie_courante(fiche, self.kwargs["annee"])
        if self.saisie is None:
            raise Http404("Cette fiche n’est dans aucune campagne de cette année.")
        return fiche

    def get_form(self, data=None):
        return None

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if self.action in SAISIE and (
            raison := empeche(self.action, self.saisie, today=timezone.localdate())
        ):
            messages.info(request, raison)
            return redirect(self.adresse())
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = self.get_form(request.POST)
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            self.agir(form)
        except TransitionError as error:
            if form is not None:  # what was typed is shown back
                form.add_error(None, str(error))
                return self.render_to_response(self.get_context_data(form=form))
            messages.error(request, str(error))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, self.fait.format(fiche=self.object.code))
        return redirect(self.adresse())

    def agir(self, form) -> None:
        appliquer_saisie(
            self.action, self.saisie.pk, user=self.request.user, now=timezone.now(), **self.arguments(form)
        )

    def arguments(self, form) -> dict:
        return {}

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        [suivi] = collect_suivi(Saisie.objects.filter(pk=self.saisie.pk), self.convention, today=today)
        return super().get_context_data(
            annee=self.kwargs["annee"],
            action=self.action,
            suivi=suivi,
            ecarts=ecarts_du_detail([suivi]) if self.action in {"soumettre", "valider"} else [],
            courante=self.saisie,
            est_auteur=self.saisie.soumise_par_id == self.request.user.pk,
            brouillon=self.action == "soumettre" and existe(self.request.user, self.adresse()),
            avancement=Avancement.objects.filter(fiche=self.object, annee=self.kwargs["annee"]).first(),
            **kwargs,
        )


class SoumettreView(ActionView):
    action = "soumettre"
    permission_code = "evaluation.soumettre"
    fait = "La saisie de {fiche} est soumise : elle attend d’être validée."


class ValiderView(ActionView):
    action = "valider"
    permission_code = "evaluation.valider"
    fait = "La saisie de {fiche} est validée."

    def get_form(self, data=None):
        return ValiderForm(data, est_auteur=self.saisie.soumise_par_id == self.request.user.pk)

    def arguments(self, form):
        return {"motif": form.cleaned_data["motif"]}


class RenvoyerView(ActionView):
    action = "renvoyer"
    permission_code = "evaluation.valider"
    fait = "La saisie de {fiche} est renvoyée : seuls les champs commentés sont ouverts."

    def get_form(self, data=None):
        return RenvoyerForm(data, saisie=_avec_lignes(self.saisie))

    def arguments(self, form):
        return {"champs": form.get_champs()}


class RouvrirView(ActionView):
    action = "rouvrir"
    permission_code = "evaluation.campagne"
    fait = "La saisie de {fiche} est rouverte par exception."

    def get_form(self, data=None):
        return RouvrirForm(data, saisie=_avec_lignes(self.saisie), today=timezone.localdate())

    def arguments(self, form):
        return {
            "champs": form.get_champs(),
            "motif": form.cleaned_data["motif"],
            "jusqu_au": form.cleaned_data["jusqu_au"],
        }


class LeverView(ActionView):
    action = "lever"
    permission_code = "evaluation.campagne"
    fait = "L’exception de {fiche} est levée : ce qui a été saisi reste, non validé."

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if self.saisie.date_exception is None:
            messages.info(request, "Aucune exception ne court pour cette fiche : il n’y a rien à lever.")
            return redirect(self.adresse())
        return super().get(request, *args, **kwargs)

    def agir(self, form):
        lever_exception(self.saisie.pk, user=self.request.user, now=timezone.now())


def _avec_lignes(saisie: Saisie) -> Saisie:
    return Saisie.objects.prefetch_related("lignes__indicateur").get(pk=saisie.pk)
