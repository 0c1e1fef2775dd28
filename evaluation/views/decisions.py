"""A decision is linked to a fiche, or taken off it, from the page of the fiche."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import View

from ctg.views import ConventionMixin
from evaluation.statuts import delier_decision, lier_decision
from fiches.models import FicheProjet
from gouvernance.models import Decision


class LierDecisionView(ConventionMixin, View):
    """POST: `decision` (key) and `annee`; `delier` takes the link off."""

    permission_code = "evaluation.lier_decision"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        fiches = FicheProjet.objects.filter(convention=self.convention).en_vigueur(au=timezone.localdate())
        fiche = get_object_or_404(fiches, code=kwargs["code"])
        numero, annee = request.POST.get("decision", ""), request.POST.get("annee", "")
        if not (annee.isdecimal() and len(annee) == 4):
            raise Http404("Cette année n’existe pas.")
        decisions = Decision.objects.filter(reunion__convention=self.convention)
        decision = (
            decisions.filter(pk=int(numero)).first() if numero.isdecimal() and len(numero) < 18 else None
        )
        if decision is None:
            messages.error(request, "Choisissez une décision dans la liste.")
            return redirect(f"{fiche.get_absolute_url()}#decisions")
        if request.POST.get("delier"):
            return self._delier(fiche, decision, int(annee))
        try:
            lier_decision(fiche.pk, decision, int(annee), user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"La décision {decision.numero} est liée à la fiche {fiche.code}.")
        return redirect(f"{fiche.get_absolute_url()}#decisions")

    def _delier(self, fiche, decision, annee: int):
        if delier_decision(fiche.pk, decision, annee, user=self.request.user):
            messages.success(
                self.request,
                f"La décision {decision.numero} n’est plus liée à la fiche {fiche.code} pour {annee}.",
            )
        else:
            messages.info(self.request, "Cette décision n’était plus liée : rien n’est changé.")
        return redirect(f"{fiche.get_absolute_url()}#decisions")
