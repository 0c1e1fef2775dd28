"""The agenda of a meeting: a point is added, edited, moved, taken off."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View

from ctg.views import ConventionMixin
from gouvernance.forms_seance import PointForm
from gouvernance.models import PointOrdreDuJour, Reunion
from gouvernance.services import deplacer_point, enregistrer_point
from gouvernance.verrous import raison_de_ne_rien_inscrire
from gouvernance.views.edition import EditionView, SuppressionView
from gouvernance.views.reunions import ReunionMixin


class PointMixin(ConventionMixin):
    """The point of the address, in the convention of the address; locked while saving."""

    def get_objet(self):
        reunions = Reunion.objects.visible_to(self.request.user).filter(convention=self.convention)
        points = PointOrdreDuJour.objects.filter(reunion__in=reunions)
        points = points.select_related("reunion__convention", "reunion__instance_gouvernance")
        if self.request.method == "POST":
            points = points.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(points, pk=self.kwargs["pk"])


class PointFormView(EditionView):
    form_class = PointForm

    def sauver(self, form):
        return enregistrer_point(form.save(commit=False), **form.liens)

    def get_refus(self):
        return raison_de_ne_rien_inscrire(self.objet.reunion)

    def get_message(self, point):
        return f"Le point « {point} » est enregistré."

    def get_retour(self):
        return self.objet.reunion.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(reunion=self.objet.reunion, **kwargs)


class PointAjoutView(ReunionMixin, PointFormView):
    """`pk` is the meeting."""

    def get_objet(self):
        return PointOrdreDuJour(reunion=self.get_reunion())

    def get_titre(self):
        return "Ajouter un point à l’ordre du jour"


class PointEditView(PointMixin, PointFormView):
    def get_titre(self):
        return "Modifier le point de l’ordre du jour"


class PointSuppressionView(PointMixin, SuppressionView):
    def get_success_url(self, point):
        return f"{point.reunion.get_absolute_url()}#ordre-du-jour"

    def get_designation(self, point):
        return f"« {point} »"

    def get_context_data(self, **kwargs):
        return super().get_context_data(nom="le point", is_point=True, **kwargs)


class PointDeplacementView(PointMixin, View):
    """`sens`: « monter » or « descendre ». The address comes back to the button, so that it can be pressed again."""

    permission_code = "gouvernance.tenir"
    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        point, monter = self.get_objet(), request.POST.get("sens") == "monter"
        try:
            with transaction.atomic():
                bouge = deplacer_point(point, monter=monter)
        except ValidationError as refus:
            messages.error(request, " ".join(refus.messages))
        else:
            place = "plus haut" if monter else "plus bas"
            messages.success(
                request,
                f"« {point} » est {place}." if bouge else f"« {point} » ne va pas {place} : il est au bout.",
            )
        return redirect(point.get_absolute_url())
