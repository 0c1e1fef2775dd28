"""Who holds a seat: given, corrected, handed on at an election, taken back where it was a mistake."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView

from ctg.brouillons import sans_erreurs
from ctg.views import BrouillonMixin, ConventionMixin
from gouvernance.forms_mandats import MandatForm, RemplacementForm
from gouvernance.mandats import enregistrer_mandat, remplacer
from gouvernance.models import MandatMembre, Membre
from gouvernance.views.simples import FormulaireView, RetraitView


class MandatMixin(ConventionMixin):
    """The mandate of the address, in the convention of the address; locked while saving."""

    permission_code = "gouvernance.tenir"

    def get_objet(self):
        mandats = MandatMembre.objects.filter(
            membre__instance_gouvernance__convention=self.convention
        ).select_related("membre__instance_gouvernance__convention", "personne")
        if self.request.method == "POST":
            mandats = mandats.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(mandats, pk=self.kwargs["pk"])


class MandatFormView(FormulaireView):
    form_class = MandatForm
    enregistrer = staticmethod(enregistrer_mandat)
    retrait, retrait_dit = "gouvernance:mandat_supprimer", "C’est une erreur : retirer ce mandat"

    def get_retour(self):
        return self.objet.get_absolute_url()

    def get_fil(self):
        instance = self.objet.membre.instance_gouvernance
        return [(instance.get_absolute_url(), str(instance))]

    def get_message(self, mandat) -> str:
        return f"{mandat.personne} : c’est enregistré."


class MandatEditView(MandatMixin, MandatFormView):
    def get_titre(self):
        return f"Modifier le mandat de {self.objet.personne}"

    def get_context_data(self, **kwargs):
        return super().get_context_data(siege=self.objet.membre, **kwargs)


class MandatAjoutView(MandatFormView):
    """`pk` is the seat."""

    def get_objet(self):
        membres = Membre.objects.filter(instance_gouvernance__convention=self.convention)
        membres = membres.select_related("instance_gouvernance__convention")
        if self.request.method == "POST":  # the same form twice at once is taken once
            membres = membres.select_for_update(of=("self",), no_key=True)
        return MandatMembre(membre=get_object_or_404(membres, pk=self.kwargs["pk"]))

    def get_titre(self):
        return "Donner un siège à une personne"

    def get_context_data(self, **kwargs):
        return super().get_context_data(siege=self.objet.membre, **kwargs)


class MandatRemplacementView(MandatMixin, BrouillonMixin, TemplateView):
    """An election: one mandate ends, the next begins, on the same day."""

    template_name = "gouvernance/mandat_remplacer.html"

    def get_success_url(self):
        return self.objet.get_absolute_url()

    def get(self, request, *args, **kwargs):
        self.objet = self.get_objet()
        form = RemplacementForm(self.brouillon_data, mandat=self.objet)
        if self.brouillon:
            sans_erreurs(form)
        return self.render_to_response(self.get_context_data(form=form))

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.objet = self.get_objet()
        if reponse := self.avant_enregistrement():
            return reponse
        form = RemplacementForm(request.POST, mandat=self.objet)
        if form.is_valid():
            partie = self.objet.personne
            try:
                with transaction.atomic():
                    suite = remplacer(self.objet, form.cleaned_data["personne"], au=form.cleaned_data["date"])
            except ValidationError as error:
                self.objet.refresh_from_db()
                form.add_error(None, error.messages)
            else:
                self.recevoir()
                messages.success(
                    request, f"{suite.personne} succède à {partie} le {suite.date_debut:%d/%m/%Y}."
                )
                return redirect(suite)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        return super().get_context_data(mandat=self.objet, **kwargs)


class MandatRetraitView(MandatMixin, RetraitView):
    titre = "Retirer ce mandat"
    question = (
        "Ce mandat (« {} ») disparaît, comme s’il n’avait pas été donné ; l’historique en garde la trace. "
        "Si la personne part, dites plutôt jusqu’à quand elle a siégé, ou qui la remplace."
    )
    action = "Retirer ce mandat"
    message = "Le mandat est retiré."
