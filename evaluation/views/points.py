"""A bilan is put on the agenda from the page of the meeting, and taken off it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View

from ctg.views import ConventionMixin
from evaluation.models import Bilan
from evaluation.points import porter, retirer
from gouvernance.models import PointOrdreDuJour, Reunion


class PorterBilanView(ConventionMixin, View):
    """POST: `point` and `bilan` (keys); `retirer` takes it off."""

    permission_code = "gouvernance.tenir"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        reunion = get_object_or_404(Reunion.objects.filter(convention=self.convention), pk=kwargs["pk"])
        point = self._demande(PointOrdreDuJour.objects.filter(reunion=reunion), "point")
        bilan = self._demande(Bilan.objects.filter(convention=self.convention), "bilan")
        if point is None or bilan is None:
            messages.error(request, "Choisissez un point de l’ordre du jour et une version du bilan.")
            return redirect(f"{reunion.get_absolute_url()}#bilans")
        try:
            if not request.POST.get("retirer"):
                porter(point, bilan, user=request.user)
                messages.success(request, f"« {bilan} » est au point « {point} ».")
            elif retirer(point, bilan, user=request.user):
                messages.success(request, f"« {bilan} » n’est plus au point « {point} ».")
            else:
                messages.info(request, "Ce bilan n’y était plus : rien n’est changé.")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(f"{reunion.get_absolute_url()}#bilans")

    def _demande(self, objets, nom: str):
        cle = self.request.POST.get(nom, "")
        return objets.filter(pk=int(cle)).first() if cle.isdecimal() and len(cle) < 18 else None
