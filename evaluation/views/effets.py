"""Observed effects of a fiche and a year: add one, change it, take it away."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import DetailView

from ctg.brouillons import garder, sans_erreurs
from ctg.views import BrouillonMixin, LockedPostMixin
from evaluation.forms_complements import EffetForm
from evaluation.models import Effet
from evaluation.services import Ecriture
from evaluation.verrous import VerrouError, saisie_courante, verrou
from evaluation.views.saisie import FicheDeLAnneeMixin


class EffetView(BrouillonMixin, LockedPostMixin, FicheDeLAnneeMixin, DetailView):
    """With `pk`, an effect that is noted; without, a new one."""

    permission_code = "evaluation.saisir"
    template_name = "evaluation/effet.html"

    def get_effet(self) -> Effet:
        if "pk" not in self.kwargs:
            return Effet(fiche=self.object, convention=self.convention, annee=self.kwargs["annee"])
        return get_object_or_404(Effet, fiche=self.object, annee=self.kwargs["annee"], pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or EffetForm(self.brouillon_data, instance=self.get_effet())
        if self.brouillon:
            sans_erreurs(form)
        courante = saisie_courante(self.object, self.kwargs["annee"])
        return super().get_context_data(
            form=form,
            annee=self.kwargs["annee"],
            ferme=verrou(courante, self.kwargs["annee"], today=timezone.localdate()),
            **kwargs,
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = self.get_object()  # locked until the end
        effet = self.get_effet()
        if reponse := self.avant_enregistrement():
            return reponse
        supprimer = "supprimer" in request.POST and effet.pk is not None
        form = EffetForm(request.POST, instance=effet)
        if not supprimer and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            with transaction.atomic():
                ecriture = Ecriture(self.object, self.kwargs["annee"], user=request.user, now=timezone.now())
                ecriture.effet(effet, supprimer=supprimer)
        except VerrouError as error:
            garder(request.user, request.path, request.POST, now=timezone.now())
            messages.error(request, f"{error} Ce que vous avez écrit est gardé ci-dessous.")
            return self.render_to_response(self.get_context_data(form=form), status=409)
        self.recevoir()
        messages.success(request, "L’effet est retiré." if supprimer else "L’effet est enregistré.")
        return redirect(f"{self.adresse()}#champ-effets")
