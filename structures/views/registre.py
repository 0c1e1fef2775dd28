"""The registry: list of the structures inscribed in a convention."""

import datetime
from functools import partial
from operator import attrgetter

from django.db.models import Count, F, Q
from django.utils import timezone
from django_filters.views import FilterView

from ctg.imports.sorties import FORMATS, exporter
from ctg.listes import Colonne
from ctg.permissions import check
from ctg.views import ConventionMixin
from ctg.views.listes import ListeMixin
from structures.enums import AnnexeInscription
from structures.filters import StructureFilterSet
from structures.geojson import TYPE, ecrire_geojson
from structures.imports import ANNEXE, STRUCTURES
from structures.models import Structure

# What leaves with a column is what the import takes back.
donne = partial(exporter, STRUCTURES)
COLONNES = (
    Colonne("nom", "Structure", donne("code", "nom"), ("nom",)),
    Colonne("type", "Type", donne("type_structure", "sous_type"), ("type_structure__ordre",)),
    Colonne(
        "gestionnaire",
        "Gestionnaire",
        donne("gestionnaire"),
        (F("gestionnaire__nom").asc(nulls_last=True),),
    ),
    Colonne("quartier", "Quartier", donne("quartier"), (F("quartier__ordre").asc(nulls_last=True),)),
    Colonne("annexe", "Annexe", ((ANNEXE, attrgetter("annexes_du_jour")),)),
    Colonne("adresse", "Adresse", donne("adresse", "code_postal", "commune")),
    Colonne("source", "Source", donne("source"), is_en_plus=True),
)


def alertes(structure: Structure, *, au: datetime.date) -> list[tuple[str, str, str]]:
    """(words, tone, icon) of each agrément that has ended or is about to; needs `agrements` loaded."""
    dits = []
    for agrement in structure.agrements.all():
        if agrement.est_expire(au):
            dits.append((f"{agrement} : expiré", "danger", "circle-x"))
        elif agrement.est_a_renouveler(au):
            dits.append((f"{agrement} : à renouveler", "attention", "clock"))
    return dits


class StructureListView(ListeMixin, ConventionMixin, FilterView):
    colonnes = COLONNES
    ordre = ("type_structure__ordre", "nom", "pk")
    filterset_class = StructureFilterSet
    template_name = "structures/structure_list.html"
    paginate_by = 60
    formats_de_table = FORMATS
    autres_exports = {"geojson": (ecrire_geojson, TYPE)}

    def get_queryset(self):
        return self.trier(Structure.objects.for_list(self.convention, au=timezone.localdate()))

    def get_context_data(self, **kwargs):
        totaux = self.convention.inscriptions.en_vigueur(au=timezone.localdate()).aggregate(
            a2=Count("pk", filter=Q(annexe=AnnexeInscription.A2)),
            a2bis=Count("pk", filter=Q(annexe=AnnexeInscription.A2BIS)),
        )
        sans_inscription = Structure.objects.none()
        if check(self.request.user, "structures.tenir", self.convention):
            sans_inscription = Structure.objects.sans_inscription(self.convention.territoire_id)
        context = super().get_context_data(
            totaux=totaux, sans_inscription=sans_inscription.order_by("nom", "pk"), **kwargs
        )
        for structure in context["object_list"]:
            structure.alertes = alertes(structure, au=timezone.localdate())
        return context
