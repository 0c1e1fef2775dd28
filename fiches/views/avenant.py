"""An avenant changes the signed text of a fiche: the fiche is closed, and its successor takes its code."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import DetailView

from ctg import brouillons
from ctg.models import Avenant
from ctg.views.brouillons import DEJA_RECU
from fiches.forms import AvenantForm
from fiches.succession import succeder
from fiches.views.fiches import FicheObjectMixin


class AvenantView(FicheObjectMixin, DetailView):
    permission_code = "fiches.avenant"
    template_name = "fiches/avenant.html"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", AvenantForm(fiche=self.object))
        envoi = self.request.POST.get("envoi") or str(uuid.uuid4())
        return super().get_context_data(envoi=envoi, **kwargs)

    def post(self, request, *args, **kwargs):
        self.object = fiche = self.get_object()
        form = AvenantForm(request.POST, fiche=fiche)
        if form.is_valid():
            try:
                with transaction.atomic():
                    if not brouillons.recevoir(request.POST.get("envoi", ""), now=timezone.now()):
                        messages.info(request, DEJA_RECU)
                        return redirect(fiche)
                    avenant = form.cleaned_data["avenant"] or Avenant(
                        convention=self.convention, **form.nouveau()
                    )
                    if avenant.pk is None:
                        avenant.full_clean()
                        avenant.save()
                    succeder(fiche.pk, avenant, form.champs())
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                jour = avenant.date_effet.strftime("%d/%m/%Y")
                messages.success(
                    request,
                    f"La fiche {fiche.code} a une suite à partir du {jour}. L’ancienne reste lisible à sa date.",
                )
                return redirect(fiche)
        return self.render_to_response(self.get_context_data(form=form))
