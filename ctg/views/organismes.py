"""Two organismes that are one: choose them, read what moves, confirm."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from ctg import brouillons
from ctg.doublons import apercu
from ctg.doublons_organismes import reunir_organismes
from ctg.envois import signer_envoi
from ctg.models import Organisme
from ctg.views.brouillons import DEJA_RECU
from ctg.views.mixins import ConventionMixin


class FusionnerView(ConventionMixin, TemplateView):
    """`?garde=&doublon=`: the one that stays, and the one that goes."""

    permission_code = "ctg.fusionner_organismes"
    template_name = "ctg/organismes_fusionner.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_choisis(self, demande) -> tuple[Organisme | None, Organisme | None]:
        def choisi(nom):
            texte = demande.get(nom, "")
            valable = texte.isascii() and texte.isdigit() and len(texte) < 18
            return Organisme.objects.filter(pk=int(texte)).first() if valable else None

        return choisi("garde"), choisi("doublon")

    def get_context_data(self, **kwargs):
        garde, doublon = self.get_choisis(self.request.GET)
        if garde and garde == doublon:
            messages.warning(self.request, "Choisissez deux organismes différents.")
            doublon = None
        return super().get_context_data(
            garde=garde,
            doublon=doublon,
            reunion=apercu(garde, doublon, reunir_organismes) if garde and doublon else None,
            organismes=Organisme.objects.order_by("nom", "pk"),
            adresse=self.adresse,
            envoi=signer_envoi(self.request.user, self.request.path, now=timezone.now()),
            **kwargs,
        )

    @property
    def adresse(self) -> str:
        return reverse("ctg:organismes_fusionner", kwargs={"convention": self.convention.slug})

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        if brouillons.est_recu(request.POST.get("envoi", "")):
            messages.info(request, DEJA_RECU)
            return redirect(self.adresse)
        garde, doublon = self.get_choisis(request.POST)
        if garde is None or doublon is None:
            messages.warning(request, "Choisissez deux organismes : rien n’est réuni.")
            return redirect(self.adresse)
        try:
            reunir_organismes(garde.pk, doublon.pk)
        except ValidationError as error:
            messages.error(request, f"Rien n’est réuni. {' '.join(error.messages)}")
            return redirect(f"{self.adresse}?garde={garde.pk}&doublon={doublon.pk}")
        brouillons.recevoir(request.POST.get("envoi", ""), now=timezone.now())
        messages.success(request, f"« {doublon} » est réuni à « {garde} » : ses liens y sont tous.")
        return redirect(self.adresse)
