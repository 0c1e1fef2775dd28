"""A structure comes into an annexe, changes there or leaves it, by an avenant."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView

from ctg import brouillons
from ctg.permissions import check
from ctg.templatetags.affichage import date_longue
from ctg.views import ConventionMixin
from ctg.views.brouillons import DEJA_RECU
from structures.forms import InscriptionForm, RetirerForm
from structures.inscriptions import changer, inscrire, retirer
from structures.models import Inscription, Structure


class InscriptionView(ConventionMixin, TemplateView):
    """`action`: « changer » (the default: the line as the avenant writes it) or « retirer »."""

    permission_code = "structures.inscrire"
    template_name = "structures/inscription.html"
    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        is_tenu = bool(check(request.user, self.permission_code, self.convention))
        registre = Structure.objects.du_registre(self.convention, is_tenu=is_tenu)
        self.structure = get_object_or_404(registre, pk=kwargs["pk"])
        siennes = Inscription.objects.filter(convention=self.convention, structure=self.structure)
        self.derniere = siennes.order_by("-date_effet", "-pk").first()
        self.courante = siennes.filter(date_fin=None).first()
        self.action = request.POST.get("action") or "changer"
        if self.action not in {"changer", "retirer"} or (self.action == "retirer" and self.courante is None):
            raise Http404("Cette structure n’est inscrite à aucune annexe.")

    def get_forms(self, data=None) -> dict:
        recu = {self.action: data} if data is not None else {}
        return {
            "changer": InscriptionForm(
                recu.get("changer"),
                convention=self.convention,
                structure=self.structure,
                inscription=self.courante or self.derniere,
                auto_id="id_%s",
            ),
            "retirer": RetirerForm(recu.get("retirer"), convention=self.convention, auto_id="id_retirer_%s"),
        }

    def get_context_data(self, **kwargs):
        kwargs.setdefault("forms", self.get_forms())
        return super().get_context_data(
            structure=self.structure,
            courante=self.courante,
            derniere=self.derniere,
            envoi=self.request.POST.get("envoi") or str(uuid.uuid4()),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        forms = self.get_forms(request.POST)
        form = forms[self.action]
        if form.is_valid():
            try:
                with transaction.atomic():
                    if not brouillons.recevoir(request.POST.get("envoi", ""), now=timezone.now()):
                        messages.info(request, DEJA_RECU)
                        return redirect("structures:detail", self.convention.slug, self.structure.pk)
                    self._agir(form)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                return redirect("structures:detail", self.convention.slug, self.structure.pk)
        return self.render_to_response(self.get_context_data(forms=forms))

    def _agir(self, form) -> None:
        avenant = form.signer()
        if self.action == "retirer":
            retirer(self.courante.pk, avenant)
            dit = f"{self.structure} n’est plus inscrite à partir du {date_longue(avenant.date_effet)}."
        elif self.courante is not None:
            changer(self.courante.pk, avenant, form.champs())
            dit = f"La ligne de {self.structure} change à partir du {date_longue(avenant.date_effet)}. L’ancienne reste lisible à sa date."
        else:
            inscrire(self.structure, self.convention, avenant, form.champs())
            dit = f"{self.structure} est inscrite à partir du {date_longue(avenant.date_effet)}."
        messages.success(self.request, dit)
