"""Starting values of a convention that continues another."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.views.generic import TemplateView

from ctg.permissions import check
from ctg.templatetags.affichage import pluriel
from ctg.views import ConventionMixin
from evaluation.renouvellement.departs import collect_propositions, reprendre_departs


class DepartsView(ConventionMixin, TemplateView):
    """GET proposes; POST writes what was chosen, and nothing else."""

    permission_code = "evaluation.reprendre_departs"
    template_name = "evaluation/renouvellement/departs.html"

    def get_context_data(self, **kwargs):
        propositions = [
            proposition
            for proposition in collect_propositions(self.convention, self.request.user)
            if check(self.request.user, "evaluation.definir", proposition.indicateur.fiche)
        ]
        return super().get_context_data(propositions=propositions, **kwargs)

    def post(self, request, *args, **kwargs):
        choisies = request.POST.getlist("depart")
        try:
            nb = reprendre_departs(self.convention, choisies, par=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("indicateurs:departs", self.convention.slug)
        if nb:
            messages.success(
                request, f"{nb} valeur{pluriel(nb)} de départ {pluriel(nb, 'est écrite,sont écrites')}."
            )
        else:
            messages.info(request, "Rien n’est changé : aucune valeur n’était cochée.")
        return redirect("indicateurs:departs" if nb else "indicateurs:list", self.convention.slug)
