"""The registry on a map, beside a list that says the same."""

from django.conf import settings
from django.urls import reverse
from django_filters.views import FilterView

from ctg.models import Quartier
from ctg.views.listes import HORS_VUE, filtres_actifs
from structures.carte import collect_carte
from structures.views.registre import RegistreMixin


class FondMixin:
    """A page with a map."""

    def get_context_data(self, **kwargs):
        contours = Quartier.objects.de_reference(self.convention.territoire).filter(contour__isnull=False)
        adresse = reverse("ctg:contours", args=[self.convention.slug]) if contours.exists() else ""
        return super().get_context_data(fond=settings.CARTE_FOND, contours=adresse, **kwargs)


class CarteView(FondMixin, RegistreMixin, FilterView):
    """The rows and the filters of the list, and its GeoJSON."""

    template_name = "structures/carte.html"

    def get_context_data(self, **kwargs):
        requete = self.request.GET.copy()
        for nom in HORS_VUE:
            requete.pop(nom, None)
        donnees = requete.copy()
        donnees["export"] = "geojson"
        liste = reverse("structures:list", args=[self.convention.slug])
        return super().get_context_data(
            carte=collect_carte(self.convention, kwargs["object_list"]),
            points=f"{liste}?{donnees.urlencode()}",
            requete=requete.urlencode(),
            filtres_actifs=filtres_actifs(kwargs.get("filter"), requete),
            **kwargs,
        )
