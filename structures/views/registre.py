"""The registry: list and page of the structures inscribed in a convention."""

from operator import attrgetter

from django.db.models import Count, F, Q
from django.utils import timezone
from django.views.generic import DetailView
from django_filters.views import FilterView

from ctg.listes import Colonne
from ctg.panneaux import composer
from ctg.views import ConventionMixin
from ctg.views.listes import ListeMixin
from structures.enums import AnnexeInscription
from structures.filters import StructureFilterSet
from structures.geojson import TYPE, ecrire_geojson
from structures.models import Inscription, Structure

COLONNES = (
    Colonne("nom", "Structure", (("Structure", attrgetter("nom")),), ("nom",)),
    Colonne(
        "type",
        "Type",
        (
            ("Type", lambda structure: str(structure.type_structure)),
            ("Sous-type", lambda structure: structure.get_sous_type_display()),
        ),
        ("type_structure__ordre",),
    ),
    Colonne(
        "gestionnaire",
        "Gestionnaire",
        (("Gestionnaire", lambda structure: str(structure.gestionnaire or "")),),
        (F("gestionnaire__nom").asc(nulls_last=True),),
    ),
    Colonne(
        "quartier",
        "Quartier",
        (("Quartier", lambda structure: str(structure.quartier or "")),),
        (F("quartier__ordre").asc(nulls_last=True),),
    ),
    Colonne(
        "annexe",
        "Annexe",
        (("Annexe", lambda s: ", ".join(i.get_annexe_display() for i in s.inscriptions.all())),),
    ),
    Colonne("adresse", "Adresse", (("Adresse", attrgetter("adresse_complete")),)),
    Colonne("source", "Source", (("Source", attrgetter("source")),), is_en_plus=True),
)


class StructureListView(ListeMixin, ConventionMixin, FilterView):
    colonnes = COLONNES
    ordre = ("type_structure__ordre", "nom", "pk")
    filterset_class = StructureFilterSet
    template_name = "structures/structure_list.html"
    paginate_by = 60
    autres_exports = {"geojson": (ecrire_geojson, TYPE)}

    def get_queryset(self):
        return self.trier(Structure.objects.for_list(self.convention))

    def get_context_data(self, **kwargs):
        totaux = self.convention.inscriptions.en_vigueur(au=timezone.localdate()).aggregate(
            a2=Count("pk", filter=Q(annexe=AnnexeInscription.A2)),
            a2bis=Count("pk", filter=Q(annexe=AnnexeInscription.A2BIS)),
        )
        return super().get_context_data(totaux=totaux, **kwargs)


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
