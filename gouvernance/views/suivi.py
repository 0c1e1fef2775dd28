"""The page of a decision: what was decided, what it touches, what became of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg.panneaux import composer
from ctg.permissions import check
from fiches.models import Axe
from gouvernance.forms_suivi import SuiteForm
from gouvernance.models import Decision, SuiteDecision
from gouvernance.suivi import ce_qui_etait_decide, delier_axe, lier_axe, noter_suite
from gouvernance.views.decisions import DecisionMixin
from gouvernance.views.simples import FormulaireView


class DecisionView(DecisionMixin, TemplateView):
    template_name = "gouvernance/decision.html"

    def get_context_data(self, **kwargs):
        decision, today = self.get_objet(), timezone.localdate()
        lues = Decision.objects.visible_to(self.request.user)
        decision = Decision.objects.for_list(lues).get(pk=decision.pk)
        lie = check(self.request.user, "gouvernance.tenir", decision)
        axes = (
            Axe.objects.filter(convention=self.convention)
            .en_vigueur(au=today)
            .order_by("rang", "ordre", "pk")
        )
        lies = [
            lien.axe for lien in decision.liens_axe.select_related("axe").order_by("axe__rang", "axe__ordre")
        ]
        suites = list(
            decision.suites.select_related(
                "auteur", "responsable", "responsable_avant", "service", "service_avant"
            ).order_by("-created_at", "-pk")
        )
        return super().get_context_data(
            decision=decision,
            en_retard=decision.is_en_retard(today),
            suites=suites,
            decide=ce_qui_etait_decide(suites),
            suivre=check(self.request.user, "gouvernance.suivre_decision", decision),
            axes=lies,
            lie=lie,
            axes_a_lier=[axe for axe in axes if axe not in lies] if lie else [],
            panneaux=composer("decision", self.request, decision, self.convention),
            **kwargs,
        )


class SuiteAjoutView(DecisionMixin, FormulaireView):
    """A note on the decision of the address."""

    permission_code = "gouvernance.suivre_decision"
    enregistrer = staticmethod(noter_suite)

    def form_class(self, *args, **kwargs):
        return SuiteForm(*args, user=self.request.user, **kwargs)

    def get_objet(self):
        return SuiteDecision(decision=super().get_objet(), auteur=self.request.user)

    def get_retour(self):
        return self.objet.decision.page

    def get_fil(self):
        decision = self.objet.decision
        liste = reverse("gouvernance:decisions", kwargs={"convention": self.convention.slug})
        return [(liste, "Décisions"), (decision.page, decision.numero)]

    def get_message(self, suite) -> str:
        return f"C’est noté sur la décision {suite.decision.numero}."

    def get_titre(self):
        return f"Noter la suite donnée à la décision {self.objet.decision.numero}"


class LierAxeView(DecisionMixin, View):
    """POST: `axe` (key); `delier` takes the link off."""

    permission_code = "gouvernance.tenir"
    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        decision, demande = self.get_objet(), request.POST.get("axe", "")
        axes = Axe.objects.filter(convention=self.convention)
        axe = axes.filter(pk=int(demande)).first() if demande.isdecimal() and len(demande) < 18 else None
        if axe is None:
            messages.error(request, "Choisissez un axe dans la liste.")
        elif request.POST.get("delier"):
            if delier_axe(decision, axe, par=request.user):
                messages.success(
                    request, f"La décision {decision.numero} n’est plus liée à l’axe {axe.code}."
                )
            else:
                messages.info(request, "Cet axe n’était plus lié : rien n’est changé.")
        else:
            try:
                lier_axe(decision, axe, par=request.user)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                messages.success(request, f"La décision {decision.numero} est liée à l’axe {axe.code}.")
        return redirect(f"{decision.page}#touche")
