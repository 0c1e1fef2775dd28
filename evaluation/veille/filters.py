"""What the series and the notes of the watch can be narrowed by."""

import django_filters
from django.db.models import Q

from ctg.models import Quartier
from evaluation.models import NoteVeille, SerieSociale
from evaluation.veille.lecture import series_lisibles
from fiches.filters import axes


def _distincts(objets, champ: str):
    return [
        (dit, dit)
        for dit in objets.exclude(**{champ: ""}).order_by(champ).values_list(champ, flat=True).distinct()
    ]


def quartiers(request):
    return Quartier.objects.de_reference(request.convention.territoire)


def series(request):
    return series_lisibles(request.user, request.convention).order_by("intitule", "pk")


class SerieFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Recherche", method="filter_q")
    theme = django_filters.ChoiceFilter(label="Thème", empty_label="Tous les thèmes")
    axe = django_filters.ModelChoiceFilter(
        label="Axe", queryset=axes, method="filter_axe", empty_label="Tous les axes"
    )
    producteur = django_filters.ChoiceFilter(label="Source", empty_label="Toutes les sources")

    class Meta:
        model = SerieSociale
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lisibles = series_lisibles(self.request.user, self.request.convention)
        for champ in ("theme", "producteur"):
            self.filters[champ].extra["choices"] = _distincts(lisibles, champ)

    def filter_q(self, queryset, name, value):
        return queryset.search(value)

    def filter_axe(self, queryset, name, axe):
        """Of the axe, of those under it, and of their fiches."""
        return queryset.filter(
            pk__in=SerieSociale.objects.filter(
                Q(axes=axe) | Q(axes__parent=axe) | Q(fiches__axe=axe) | Q(fiches__axe__parent=axe)
            ).values("pk")
        )


class NoteFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Recherche", method="filter_q")
    quartier = django_filters.ModelChoiceFilter(
        label="Quartier", queryset=quartiers, empty_label="Tous les quartiers"
    )
    theme = django_filters.ChoiceFilter(label="Thème", empty_label="Tous les thèmes")
    axe = django_filters.ModelChoiceFilter(
        label="Axe", queryset=axes, method="filter_axe", empty_label="Tous les axes"
    )
    serie = django_filters.ModelChoiceFilter(label="Série", queryset=series, empty_label="Toutes les séries")

    class Meta:
        model = NoteVeille
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        notes = NoteVeille.objects.filter(convention=self.request.convention)
        self.filters["theme"].extra["choices"] = _distincts(notes, "theme")

    def filter_q(self, queryset, name, value):
        return queryset.search(value)

    def filter_axe(self, queryset, name, axe):
        return queryset.filter(Q(axe=axe) | Q(axe__parent=axe))
