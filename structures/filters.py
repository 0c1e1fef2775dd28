"""What the registry can be narrowed by."""

import django_filters
from django.utils import timezone

from ctg.models import Organisme, Quartier
from structures.enums import AnnexeInscription
from structures.models import Structure, TypeStructure

AUCUN = "aucun"


def types(request):
    structures = Structure.objects.of_convention(request.convention)
    return TypeStructure.objects.filter(structures__in=structures).distinct().order_by("ordre")


def gestionnaires(request):
    structures = Structure.objects.of_convention(request.convention)
    return Organisme.objects.filter(structures__in=structures).distinct().order_by("nom")


def quartiers(request):
    return Quartier.objects.de_reference(request.convention.territoire)


class StructureFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Recherche", method="filter_q")
    type = django_filters.ModelChoiceFilter(
        label="Type", field_name="type_structure", queryset=types, empty_label="Tous les types"
    )
    annexe = django_filters.ChoiceFilter(
        label="Annexe",
        method="filter_annexe",
        choices=AnnexeInscription.choices,
        empty_label="Les deux annexes",
    )
    gestionnaire = django_filters.ModelChoiceFilter(
        label="Gestionnaire",
        queryset=gestionnaires,
        empty_label="Tous les gestionnaires",
        null_label="à compléter",
        null_value=AUCUN,
    )
    quartier = django_filters.ModelChoiceFilter(
        label="Quartier",
        queryset=quartiers,
        empty_label="Tous les quartiers",
        null_label="à compléter",
        null_value=AUCUN,
    )

    class Meta:
        model = Structure
        fields = []

    def filter_q(self, queryset, name, value):
        return queryset.search(value)

    def filter_annexe(self, queryset, name, value):
        convention = self.request.convention
        return queryset.filter(
            pk__in=convention.inscriptions.filter(annexe=value)
            .en_vigueur(au=timezone.localdate())
            .values("structure")
        )
