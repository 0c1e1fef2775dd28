"""Pasting definitions from a spreadsheet: a text, its preview, its confirmation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from ctg.permissions import check
from ctg.templatetags.affichage import pluriel
from ctg.views import BrouillonMixin, ConventionMixin
from evaluation.collage import MAX_LIGNES, appliquer_collage, lire_collage
from evaluation.views.indicateurs import DEFINIR, fiches_definies
from fiches.models import FicheProjet


class CollerView(BrouillonMixin, ConventionMixin, TemplateView):
    """POST: `texte` shows its preview; with `confirmer`, the mark of that preview, it is written."""

    permission_code = DEFINIR
    template_name = "evaluation/indicateur_coller.html"

    def check_access(self) -> None:
        """Whoever defines the indicators of one fiche at least; each line is then judged on its own fiche."""
        if not fiches_definies(self.request.user, self.convention):
            fiche = FicheProjet.objects.filter(convention=self.convention).prefetch_related("axes").first()
            refus = check(self.request.user, DEFINIR, fiche) if fiche else None
            raise PermissionDenied(
                refus.reason if refus is not None else "Cette convention n’a pas de fiche."
            )

    def get_context_data(self, **kwargs):
        brouillon = self.brouillon_data
        kwargs.setdefault("texte", brouillon.get("texte", "") if brouillon else "")
        return super().get_context_data(max_lignes=MAX_LIGNES, annees=self.convention.annees, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        if reponse := self.avant_enregistrement():
            return reponse
        texte, empreinte = request.POST.get("texte", ""), request.POST.get("confirmer", "")
        if not empreinte:
            collage = lire_collage(self.convention, request.user, texte)
            return self.render_to_response(self.get_context_data(texte=texte, collage=collage))
        try:
            with transaction.atomic():
                collage, fait = appliquer_collage(
                    self.convention, request.user, texte, empreinte, now=timezone.now()
                )
        except ValidationError as error:
            collage = lire_collage(self.convention, request.user, texte)
            return self.render_to_response(
                self.get_context_data(texte=texte, collage=collage, fautes=error.messages)
            )
        if not fait:
            return self.render_to_response(self.get_context_data(texte=texte, collage=collage, bouge=True))
        self.recevoir()
        nouveaux, modifies = collage.nb("nouveau"), collage.nb("modifié")
        messages.success(
            request,
            f"{nouveaux} indicateur{pluriel(nouveaux)} créé{pluriel(nouveaux)}, "
            f"{modifies} modifié{pluriel(modifies)}.",
        )
        return redirect(self.get_success_url())

    def get_success_url(self):
        return reverse("indicateurs:list", kwargs={"convention": self.convention.slug})
