"""Two structures that are one: choose the other, read what moves, confirm."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView

from ctg import brouillons
from ctg.doublons import apercu
from ctg.envois import signer_envoi
from ctg.views.brouillons import DEJA_RECU
from structures.doublons import reunir_structures
from structures.rapprochement import proches
from structures.views.structures import StructureMixin


class FusionnerView(StructureMixin, TemplateView):
    """`?avec=`: the other one. The structure of the address is the one that stays."""

    permission_code = "structures.fusionner"
    template_name = "structures/fusionner.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_doublon(self, demande: str, garde):
        if not (demande.isascii() and demande.isdigit() and len(demande) < 18):
            return None
        autres = self.get_queryset().exclude(pk=garde.pk)
        return get_object_or_404(autres, pk=int(demande))

    def get_context_data(self, **kwargs):
        garde = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        doublon = self.get_doublon(self.request.GET.get("avec", ""), garde)
        reunir = partial(reunir_structures, user=self.request.user)
        autres = self.get_queryset().exclude(pk=garde.pk).filter(type_structure=garde.type_structure_id)
        autres = {} if doublon else {autre.pk: autre for autre in autres.order_by("nom", "pk")}
        return super().get_context_data(
            structure=garde,
            doublon=doublon,
            reunion=apercu(garde, doublon, reunir) if doublon else None,
            ressemblantes=[autres[candidat.pk] for candidat in proches(garde, autres.values())],
            autres=list(autres.values()),
            envoi=signer_envoi(self.request.user, self.request.path, now=timezone.now(), reprend=()),
            **kwargs,
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        garde = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        if brouillons.est_recu(request.POST.get("envoi", "")):
            messages.info(request, DEJA_RECU)
            return redirect(self.url_de("detail", garde))
        doublon = self.get_doublon(request.POST.get("avec", ""), garde)
        if doublon is None:
            messages.warning(request, "Choisissez l’autre structure : rien n’est réuni.")
            return redirect(self.url_de("fusionner", garde))
        try:
            reunir_structures(garde.pk, doublon.pk, user=request.user)
        except ValidationError as error:
            messages.error(request, f"Rien n’est réuni. {' '.join(error.messages)}")
            return redirect(f"{self.url_de('fusionner', garde)}?avec={doublon.pk}")
        brouillons.recevoir(request.POST.get("envoi", ""), now=timezone.now())
        messages.success(request, f"« {doublon} » est réunie à « {garde} » : ses liens et son passé y sont.")
        return redirect(self.url_de("detail", garde))
