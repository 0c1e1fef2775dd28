"""The registry: list of the structures inscribed in a convention."""

import datetime
from functools import partial
from operator import attrgetter

from django.db.models import Count, F, Q
from django_filters.views import FilterView

from ctg.imports.sorties import FORMATS, exporter
from ctg.listes import Colonne
from ctg.permissions import check
from ctg.views import ConventionMixin
from ctg.views.dates import DateeMixin, ListeDateeMixin
from structures.enums import AnnexeInscription
from structures.filters import StructureFilterSet, StructureSigneeFilterSet
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


# Of another day: the words of the line of that day.
COLONNES_SIGNEES = (
    Colonne(
        "nom", "Structure", (*donne("code"), ("Nom, comme signé", attrgetter("nom_signe"))), ("nom_signe",)
    ),
    COLONNES[1],
    Colonne(
        "gestionnaire",
        "Gestionnaire",
        (("Gestionnaire, comme signé", attrgetter("gestionnaire_signe")),),
        ("gestionnaire_signe",),
    ),
    *COLONNES[3:5],
    Colonne("adresse", "Adresse", (("Adresse, comme signée", attrgetter("adresse_signe")),)),
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


class RegistreMixin(DateeMixin, ConventionMixin):
    """The registry: today, all that it has known; another day, what was inscribed then, as signed."""

    def get_filterset_class(self):
        return StructureSigneeFilterSet if self.jour.is_autre else StructureFilterSet

    def get_queryset(self):
        if self.jour.is_autre:
            return Structure.objects.comme_signees(self.convention, au=self.jour.au)
        return Structure.objects.for_list(self.convention, au=self.jour.au)


class StructureListView(ListeDateeMixin, RegistreMixin, FilterView):
    template_name = "structures/structure_list.html"
    paginate_by = 60
    formats_de_table = FORMATS

    @property
    def ordre(self):
        return ("type_structure__ordre", "nom_signe" if self.jour.is_autre else "nom", "pk")

    @property
    def autres_exports(self):
        au = self.jour.au if self.jour.is_autre else None
        return {"geojson": (partial(ecrire_geojson, au=au), TYPE)}

    def get_colonnes(self):
        return COLONNES_SIGNEES if self.jour.is_autre else COLONNES

    def get_queryset(self):
        return self.trier(super().get_queryset())

    def get_context_data(self, **kwargs):
        totaux = self.convention.inscriptions.en_vigueur(au=self.jour.au).aggregate(
            a2=Count("pk", filter=Q(annexe=AnnexeInscription.A2)),
            a2bis=Count("pk", filter=Q(annexe=AnnexeInscription.A2BIS)),
        )
        sans_inscription = Structure.objects.none()
        if not self.jour.is_autre and check(self.request.user, "structures.tenir", self.convention):
            sans_inscription = Structure.objects.sans_inscription(self.convention.territoire_id)
        context = super().get_context_data(
            totaux=totaux, sans_inscription=sans_inscription.order_by("nom", "pk"), **kwargs
        )
        for structure in context["object_list"]:
            structure.alertes = [] if self.jour.is_autre else alertes(structure, au=self.jour.au)
        return context
