"""What the list of decisions can be narrowed by."""

import django_filters
from django.utils import timezone

from ctg.models import Personne, Service
from gouvernance.enums import EtatDecision
from gouvernance.models import Decision, InstanceGouvernance, Reunion


def instances(request):
    return InstanceGouvernance.objects.filter(convention=request.convention).order_by("ordre", "pk")


def _lues(request):
    return Decision.objects.visible_to(request.user).filter(reunion__convention=request.convention)


def responsables(request):
    personnes = Personne.objects.filter(decisions__in=_lues(request))
    return personnes.distinct().order_by("nom", "prenom", "pk")


def services(request):
    services = Service.objects.filter(decisions__in=_lues(request))
    return services.distinct().order_by("nom", "pk")


class DecisionFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Recherche", method="filter_q")
    instance = django_filters.ModelChoiceFilter(
        label="Instance",
        field_name="reunion__instance_gouvernance",
        queryset=instances,
        empty_label="Toutes les instances",
    )
    annee = django_filters.ChoiceFilter(
        label="Année", field_name="reunion__annee", empty_label="Toutes les années"
    )
    etat = django_filters.ChoiceFilter(
        label="État", choices=EtatDecision.choices, empty_label="Tous les états"
    )
    responsable = django_filters.ModelChoiceFilter(
        label="Personne responsable", queryset=responsables, empty_label="Toutes les personnes"
    )
    service = django_filters.ModelChoiceFilter(
        label="Service responsable", queryset=services, empty_label="Tous les services"
    )
    en_retard = django_filters.BooleanFilter(
        label="En retard",
        method="filter_en_retard",
        widget=django_filters.widgets.forms.CheckboxInput,
    )

    class Meta:
        model = Decision
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        annees = Reunion.objects.filter(convention=self.request.convention).order_by("-annee")
        annees = annees.values_list("annee", flat=True).distinct()
        self.filters["annee"].extra["choices"] = [(annee, str(annee)) for annee in annees]

    def filter_q(self, queryset, name, value):
        return queryset.search(value)

    def filter_en_retard(self, queryset, name, value):
        lues = Decision.objects.visible_to(self.request.user)
        return queryset.en_retard(au=timezone.localdate(), parmi=lues) if value else queryset
