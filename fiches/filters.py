"""What the list of fiches can be narrowed by."""

import django_filters
from django.db.models import Q
from django.utils import timezone

from ctg.filtres import DateeFilterSet
from ctg.models import Demarche, Organisme, Quartier
from fiches.enums import StatutFiche
from fiches.lecture import Faits
from fiches.models import Axe, FicheProjet


def jour_lu(request):
    return getattr(request, "au", None) or timezone.localdate()


def axes(request):
    """Those of the day that the page is read at."""
    axes = Axe.objects.filter(convention=request.convention, rang=1).en_vigueur(au=jour_lu(request))
    return axes.order_by("ordre", "pk")


def demarches(request):
    return Demarche.objects.filter(convention=request.convention).order_by("ordre", "pk")


def quartiers(request):
    return Quartier.objects.de_reference(request.convention.territoire)


def textes_du_jour(request):
    """The rows of the fiches in force on that day: what hangs on a fiche hangs on the row that goes on, by its code."""
    return FicheProjet.objects.filter(convention=request.convention).en_vigueur(au=jour_lu(request))


def pilotes(request):
    pilotent = textes_du_jour(request).values("pilote")
    return Organisme.objects.filter(pk__in=pilotent).order_by("nom")


class FicheFilterSet(DateeFilterSet):
    q = django_filters.CharFilter(label="Recherche", method="filter_q")
    axe = django_filters.ModelChoiceFilter(
        label="Axe", queryset=axes, method="filter_axe", empty_label="Tous les axes"
    )
    demarche = django_filters.ModelChoiceFilter(
        label="Démarche", queryset=demarches, method="filter_demarche", empty_label="Toutes les démarches"
    )
    quartier = django_filters.ModelChoiceFilter(
        label="Quartier", field_name="quartiers", queryset=quartiers, empty_label="Tous les quartiers"
    )
    pilote = django_filters.ModelChoiceFilter(
        label="Pilote", queryset=pilotes, empty_label="Tous les pilotes"
    )
    statut = django_filters.ChoiceFilter(
        label="Statut", choices=StatutFiche.choices, empty_label="Tous les statuts"
    )
    en_retard = django_filters.BooleanFilter(
        label="En retard",
        method="filter_en_retard",
        widget=django_filters.widgets.forms.CheckboxInput,
    )

    class Meta:
        model = FicheProjet
        fields = []

    def __init__(self, *args, montre_l_etat: bool, faits: Faits, **kwargs):
        """`montre_l_etat`: of today; status and steps belong to the figures of the year."""
        self.faits = faits
        super().__init__(*args, **kwargs)
        if not montre_l_etat:
            for name in ("statut", "en_retard"):
                del self.filters[name]

    def filter_q(self, queryset, name, value):
        return queryset.search(value)

    def filter_axe(self, queryset, name, axe):
        return queryset.filter(Q(axe=axe) | Q(axe__parent=axe))

    def filter_demarche(self, queryset, name, demarche):
        """A text that an avenant replaced contributes to what its fiche does."""
        contribuent = FicheProjet.objects.filter(contributions__demarche=demarche)
        return queryset.filter(code__in=contribuent.values("code"))

    def filter_en_retard(self, queryset, name, value):
        if not value:
            return queryset
        return queryset.en_retard(au=timezone.localdate(), faites=self.faits.faites())
