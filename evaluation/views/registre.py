"""The link of an indicator with the registry of structures."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView

from evaluation.forms_registre import LienRegistreForm
from evaluation.models import LienRegistre
from evaluation.registre import collect_registre
from evaluation.views.indicateurs import DEFINIR, IndicateurMixin


class LienRegistreView(IndicateurMixin, DetailView):
    """POST: `retirer` takes the link away; the values that were entered stay."""

    permission_code = DEFINIR
    template_name = "evaluation/indicateur_registre.html"

    def get_lien(self) -> LienRegistre:
        lien = LienRegistre.objects.filter(indicateur=self.object).first() or LienRegistre()
        lien.indicateur = self.object
        return lien

    def get_context_data(self, **kwargs):
        lien = self.get_lien()
        kwargs.setdefault("form", LienRegistreForm(instance=lien))
        annees = [annee for annee in self.convention.annees if annee <= timezone.localdate().year]
        return super().get_context_data(
            lien=lien if lien.pk else None,
            chiffres=[
                chiffre
                for annee in annees
                for chiffre in collect_registre([self.object], self.convention, annee).values()
            ],
            **kwargs,
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = self.get_object_verrouille()
        lien = self.get_lien()
        if "retirer" in request.POST:
            if lien.pk:
                lien.delete()
            messages.success(
                request, f"{self.object.code} n’est plus lié au registre. Ses valeurs restent celles saisies."
            )
            return redirect(self.object)
        form = LienRegistreForm(request.POST, instance=lien)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        form.save()
        messages.success(
            request, f"Le registre est montré à côté de la saisie de {self.object.code} : {form.instance}."
        )
        return redirect("indicateurs:registre", convention=self.convention.slug, pk=self.object.pk)
