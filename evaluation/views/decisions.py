"""A decision is linked to a fiche from the page of the fiche, to an indicator from its own; and taken off."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import View

from ctg.views import ConventionMixin
from evaluation.decisions import delier_indicateur, lier_indicateur
from evaluation.models import Indicateur
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
        decisions = Decision.objects.visible_to(request.user).filter(reunion__convention=self.convention)
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


class LierIndicateurView(ConventionMixin, View):
    """POST, from the page of the decision: `indicateur` (key); `delier` takes the link off."""

    permission_code = "evaluation.lier_decision"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        decisions = Decision.objects.visible_to(request.user).filter(reunion__convention=self.convention)
        decision = get_object_or_404(decisions.select_related("reunion__convention"), pk=kwargs["pk"])
        demande = request.POST.get("indicateur", "")
        indicateurs = Indicateur.objects.filter(fiche__convention=self.convention).select_related("fiche")
        indicateur = (
            indicateurs.filter(pk=int(demande)).first() if demande.isdecimal() and len(demande) < 18 else None
        )
        if indicateur is None:
            messages.error(request, "Choisissez un indicateur dans la liste.")
        elif request.POST.get("delier"):
            if delier_indicateur(decision, indicateur, user=request.user):
                messages.success(
                    request,
                    f"La décision {decision.numero} n’est plus liée à l’indicateur {indicateur.code}.",
                )
            else:
                messages.info(request, "Cet indicateur n’était plus lié : rien n’est changé.")
        else:
            try:
                lier_indicateur(decision, indicateur, user=request.user)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                messages.success(
                    request, f"La décision {decision.numero} est liée à l’indicateur {indicateur.code}."
                )
        return redirect(f"{decision.page}#p-plan")
