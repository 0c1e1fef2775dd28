"""What the forms of a meeting and of a decision share: drafts, a form taken once, two people, deletion."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.views.generic import TemplateView

from ctg.brouillons import sans_erreurs
from ctg.views import BrouillonMixin, ConventionMixin
from ctg.views.deux_versions import dire_la_reunion
from gouvernance.services import ce_qui_en_depend, ce_qui_part_avec, supprimer


class EditionView(BrouillonMixin, ConventionMixin, TemplateView):
    """`get_objet` gives what is edited, new or not, and locks it while saving; `enregistrer` is the service."""

    permission_code = "gouvernance.tenir"
    template_name = "gouvernance/formulaire.html"
    form_class: type
    enregistrer = None

    def get_objet(self):
        raise NotImplementedError

    def get_retour(self) -> str:
        """Where one goes without saving, and after a form that was received already."""
        raise NotImplementedError

    def get_titre(self) -> str:
        raise NotImplementedError

    def get_message(self, objet) -> str:
        raise NotImplementedError

    def get_success_url(self):
        return self.get_retour()

    def get_apres(self, objet) -> str:
        """Where one goes once it is saved."""
        return objet.get_absolute_url()

    def get_refus(self) -> str:
        """Why it cannot be edited now, said instead of the form; what was typed before is kept by the service's refusal."""
        return ""

    def sauver(self, form):
        return self.enregistrer(form.save(commit=False))

    def get(self, request, *args, **kwargs):
        self.objet = self.get_objet()
        if raison := self.get_refus():
            messages.error(request, raison)
            return redirect(self.get_retour())
        form = self.form_class(self.brouillon_data, instance=self.objet, initial=self.get_initial())
        if self.brouillon:
            sans_erreurs(form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_initial(self) -> dict:
        return {}

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.objet = self.get_objet()  # locked until the end
        if reponse := self.avant_enregistrement():
            return reponse
        form = self.form_class(request.POST, instance=self.objet)
        if form.is_valid():
            try:
                with transaction.atomic():
                    objet = self.sauver(form)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.recevoir()
                messages.success(request, self.get_message(objet))
                dire_la_reunion(request, form)
                return redirect(self.get_apres(objet))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        # A POST that draws the page was refused.
        return super().get_context_data(
            objet=self.objet,
            titre=self.get_titre(),
            retour=self.get_retour(),
            erreurs=self.request.method == "POST",
            **kwargs,
        )


class SuppressionView(ConventionMixin, TemplateView):
    """GET asks, or says what forbids it; POST deletes."""

    permission_code = "gouvernance.tenir"
    template_name = "gouvernance/supprimer.html"

    def get_objet(self):
        raise NotImplementedError

    def get_success_url(self, objet) -> str:
        raise NotImplementedError

    def get_designation(self, objet) -> str:
        return objet.numero

    def get_context_data(self, **kwargs):
        objet = self.get_objet()
        dependants = ce_qui_en_depend(objet)
        context = {
            "objet": objet,
            "designation": self.get_designation(objet),
            "dependants": dependants,
            "partent": [] if dependants else ce_qui_part_avec(objet),
        }
        return super().get_context_data(**context | kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        objet = self.get_objet()
        designation = self.get_designation(objet)
        try:
            supprimer(objet)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(fautes=error.messages))
        messages.success(request, f"{designation} : c’est supprimé. L’historique en garde la trace.")
        return redirect(self.get_success_url(objet))
