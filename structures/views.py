"""The registry: list and page of the structures inscribed in a convention."""

from django.db.models import Count, Q
from django.utils import timezone
from django.views.generic import DetailView
from django_filters.views import FilterView

from ctg.panneaux import composer
from ctg.views import ConventionMixin
from structures.enums import AnnexeInscription
from structures.filters import StructureFilterSet
from structures.models import Inscription, Structure

TRIS = {
    "nom": ("nom", "pk"),
    "type": ("type_structure__ordre", "nom", "pk"),
    "gestionnaire": ("gestionnaire__nom", "nom", "pk"),
    "quartier": ("quartier__ordre", "nom", "pk"),
}
COLONNES = (
    ("nom", "Structure"),
    ("type", "Type"),
    ("gestionnaire", "Gestionnaire"),
    ("quartier", "Quartier"),
)


class StructureListView(ConventionMixin, FilterView):
    filterset_class = StructureFilterSet
    template_name = "structures/structure_list.html"
    paginate_by = 60

    @property
    def tri(self) -> str:
        demande = self.request.GET.get("tri", "type")
        return demande if demande in TRIS else "type"

    def get_queryset(self):
        return Structure.objects.for_list(self.convention).order_by(*TRIS[self.tri])

    def get_context_data(self, **kwargs):
        totaux = self.convention.inscriptions.en_vigueur(au=timezone.localdate()).aggregate(
            a2=Count("pk", filter=Q(annexe=AnnexeInscription.A2)),
            a2bis=Count("pk", filter=Q(annexe=AnnexeInscription.A2BIS)),
        )
        return super().get_context_data(totaux=totaux, colonnes=COLONNES, tri=self.tri, **kwargs)


class StructureDetailView(ConventionMixin, DetailView):
    """Any account of the convention reads the registry; a structure that is not inscribed is not found."""

    template_name = "structures/structure_detail.html"
    context_object_name = "structure"

    def get_queryset(self):
        return Structure.objects.for_list(self.convention)

    def get_context_data(self, **kwargs):
        structure = self.object
        voisines = Structure.objects.none()
        if structure.adresse:
            voisines = (
                Structure.objects.of_convention(self.convention)
                .filter(adresse__iexact=structure.adresse, commune=structure.commune)
                .exclude(pk=structure.pk)
                .order_by("nom", "pk")
            )
        return super().get_context_data(
            inscriptions=Inscription.objects.filter(
                structure=structure, convention=self.convention
            ).for_list(),
            voisines=voisines,
            panneaux=composer("structure", self.request, structure, self.convention),
            **kwargs,
        )
