"""What the register of participation can be narrowed by."""

import django_filters
from django.db.models import Q

from ctg.models import Quartier
from evaluation.enums import NiveauParticipation, PublicParticipant
from evaluation.filters import fiches
from evaluation.models import EvenementParticipation
from fiches.filters import axes

CASE = django_filters.widgets.forms.CheckboxInput


def quartiers(request):
    return Quartier.objects.de_reference(request.convention.territoire)


class ParticipationFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Recherche", method="filter_q")
    annee = django_filters.ChoiceFilter(label="Année", method="filter_annee", empty_label="Toutes les années")
    niveau = django_filters.ChoiceFilter(
        label="Niveau", choices=NiveauParticipation.choices, empty_label="Tous les niveaux"
    )
    quartier = django_filters.ModelChoiceFilter(
        label="Quartier", field_name="quartiers", queryset=quartiers, empty_label="Tous les quartiers"
    )
    axe = django_filters.ModelChoiceFilter(
        label="Axe", queryset=axes, method="filter_axe", empty_label="Tous les axes"
    )
    fiche = django_filters.ModelChoiceFilter(
        label="Fiche", field_name="fiches", queryset=fiches, empty_label="Toutes les fiches"
    )
    public = django_filters.ChoiceFilter(
        label="Public",
        field_name="publics__public",
        choices=PublicParticipant.choices,
        empty_label="Tous les publics",
    )
    gouvernance = django_filters.BooleanFilter(
        label="Sur le pilotage de la convention",
        field_name="is_gouvernance",
        method="filter_case",
        widget=CASE,
    )

    class Meta:
        model = EvenementParticipation
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        jours = EvenementParticipation.objects.filter(convention=self.request.convention).values_list(
            "date_debut", "date_fin"
        )
        annees = {annee for debut, fin in jours for annee in range(debut.year, (fin or debut).year + 1)}
        self.filters["annee"].extra["choices"] = [(a, str(a)) for a in sorted(annees, reverse=True)]

    def filter_q(self, queryset, name, value):
        return queryset.search(value)

    def filter_annee(self, queryset, name, value):
        return queryset.de_l_annee(int(value))

    def filter_axe(self, queryset, name, axe):
        """Of the axe, of what stands under it, and of their fiches."""
        du_plan = Q()
        for lien in ("fiches__axe", "fiches__axe__parent", "axes", "axes__parent", "axes__parent__parent"):
            du_plan |= Q(**{lien: axe})
        return queryset.filter(pk__in=EvenementParticipation.objects.filter(du_plan).values("pk"))

    def filter_case(self, queryset, name, value):
        return queryset.filter(**{name: True}) if value else queryset
