"""What the registry can be narrowed by."""

import django_filters
from django.utils import timezone

from ctg.filtres import DateeFilterSet
from ctg.models import Organisme, Quartier
from structures.enums import AnnexeInscription
from structures.models import Agrement, Structure, TypeStructure
from structures.models.agrements import MOIS_D_ALERTE

AUCUN = "aucun"
EXPIRE, BIENTOT = "expire", "bientot"


def types(request):
    structures = Structure.objects.of_convention(request.convention)
    return TypeStructure.objects.filter(structures__in=structures).distinct().order_by("ordre")


def gestionnaires(request):
    structures = Structure.objects.of_convention(request.convention)
    return Organisme.objects.filter(structures__in=structures).distinct().order_by("nom")


def quartiers(request):
    return Quartier.objects.de_reference(request.convention.territoire)


class StructureFilterSet(DateeFilterSet):
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

    agrement = django_filters.ChoiceFilter(
        label="Agréments",
        method="filter_agrement",
        choices=((EXPIRE, "expirés"), (BIENTOT, f"à renouveler avant {MOIS_D_ALERTE} mois")),
        empty_label="Tous",
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
            .en_vigueur(au=getattr(self.request, "au", None) or timezone.localdate())
            .values("structure")
        )

    def filter_agrement(self, queryset, name, value):
        today = timezone.localdate()
        voulus = (
            Agrement.objects.expires(au=today) if value == EXPIRE else Agrement.objects.a_renouveler(au=today)
        )
        return queryset.filter(pk__in=voulus.values("structure"))


def gestionnaires_signes(request):
    lignes = request.convention.inscriptions.en_vigueur(au=request.au).exclude(gestionnaire="")
    return [
        (nom, nom)
        for nom in lignes.order_by("gestionnaire").values_list("gestionnaire", flat=True).distinct()
    ]


class StructureSigneeFilterSet(StructureFilterSet):
    """Of another day than today: what is asked of the text is what was signed; agréments are those of today."""

    gestionnaire = django_filters.ChoiceFilter(
        label="Gestionnaire, comme signé",
        field_name="gestionnaire_signe",
        choices=(),
        empty_label="Tous les gestionnaires",
    )
    agrement = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["gestionnaire"].extra["choices"] = gestionnaires_signes(self.request)


class ActiviteFilterSet(StructureFilterSet):
    """The same structures, in one of `annees`. Their agréments are another matter."""

    annee = django_filters.ChoiceFilter(label="Année", method="filter_annee", empty_label=None)
    agrement = None
    au = None

    def __init__(self, *args, annees, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["annee"].extra["choices"] = [(annee, annee) for annee in annees]
        self.filters.move_to_end("annee", last=False)

    def filter_annee(self, queryset, name, value):
        """The view has read it: its rows are those of that year."""
        return queryset
