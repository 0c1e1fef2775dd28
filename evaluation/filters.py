"""What the list of definitions can be narrowed by."""

import django_filters
from django.db.models import Q

from ctg.filtres import DateeFilterSet
from ctg.models import Personne
from evaluation.enums import NatureIndicateur, ObjetEffet, OrigineEffet, SensEffet, TypeIndicateur
from evaluation.models import Effet, Indicateur
from fiches.filters import axes, textes_du_jour


def fiches(request):
    return textes_du_jour(request).order_by("axe__ordre", "numero", "pk")


def responsables(request):
    return (
        Personne.objects.filter(convention=request.convention, indicateurs__isnull=False)
        .distinct()
        .order_by("nom", "prenom", "pk")
    )


def annees_des_effets(request):
    annees = Effet.objects.filter(convention=request.convention).order_by("-annee")
    return [(annee, str(annee)) for annee in annees.values_list("annee", flat=True).distinct()]


class EffetFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Recherche", method="filter_q")
    annee = django_filters.ChoiceFilter(label="Année", empty_label="Toutes les années")
    axe = django_filters.ModelChoiceFilter(
        label="Axe", queryset=axes, method="filter_axe", empty_label="Tous les axes"
    )
    fiche = django_filters.ModelChoiceFilter(label="Fiche", queryset=fiches, empty_label="Toutes les fiches")
    objet = django_filters.ChoiceFilter(
        label="Sur quoi",
        choices=ObjetEffet.choices,
        method="filter_objet",
        empty_label="Fiches, axes, convention",
    )
    sens = django_filters.ChoiceFilter(label="Sens", choices=SensEffet.choices, empty_label="Les deux sens")
    is_attendu = django_filters.BooleanFilter(
        label="Attendu",
        widget=django_filters.widgets.forms.Select(
            choices=[("", "Attendus ou non"), ("true", "attendus"), ("false", "inattendus")]
        ),
    )
    origine = django_filters.ChoiceFilter(
        label="Lien avec l’action", choices=OrigineEffet.choices, empty_label="Direct ou indirect"
    )

    class Meta:
        model = Effet
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["annee"].extra["choices"] = annees_des_effets(self.request)

    def filter_q(self, queryset, name, value):
        return queryset.search(value)

    def filter_axe(self, queryset, name, axe):
        """Those of the axe itself, of what stands under it, and of their fiches."""
        du_plan = Q()
        for lien in ("fiche__axe", "fiche__axe__parent", "axe", "axe__parent", "axe__parent__parent"):
            du_plan |= Q(**{lien: axe})
        return queryset.filter(du_plan)

    def filter_objet(self, queryset, name, objet):
        conditions = {
            ObjetEffet.FICHE: Q(fiche__isnull=False),
            ObjetEffet.AXE: Q(axe__isnull=False),
            ObjetEffet.CONVENTION: Q(fiche=None, axe=None),
        }
        return queryset.filter(conditions[objet])


class IndicateurFilterSet(DateeFilterSet):
    q = django_filters.CharFilter(label="Recherche", method="filter_q")
    axe = django_filters.ModelChoiceFilter(
        label="Axe", queryset=axes, method="filter_axe", empty_label="Tous les axes"
    )
    fiche = django_filters.ModelChoiceFilter(
        label="Fiche",
        queryset=fiches,
        method="filter_fiche",
        to_field_name="code",
        empty_label="Toutes les fiches",
    )
    nature = django_filters.ChoiceFilter(
        label="Nature", choices=NatureIndicateur.choices, empty_label="Toutes les natures"
    )
    type_indicateur = django_filters.ChoiceFilter(
        label="Type", choices=TypeIndicateur.choices, empty_label="Tous les types"
    )
    responsable = django_filters.ModelChoiceFilter(
        label="Saisi par", queryset=responsables, empty_label="Tout le monde"
    )
    sans_cible = django_filters.BooleanFilter(
        label="Sans cible",
        method="filter_sans_cible",
        widget=django_filters.widgets.forms.CheckboxInput,
    )
    clos = django_filters.BooleanFilter(
        label="Montrer aussi les indicateurs clos ou à venir",
        method="filter_clos",
        widget=django_filters.widgets.forms.CheckboxInput,
    )

    class Meta:
        model = Indicateur
        fields = []

    def __init__(self, *args, voit_personnes: bool, is_autre_jour: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_autre_jour:
            del self.filters["clos"]
        if not voit_personnes:
            del self.filters["responsable"]

    def filter_q(self, queryset, name, value):
        return queryset.search(value)

    def filter_axe(self, queryset, name, axe):
        textes = textes_du_jour(self.request).filter(Q(axe=axe) | Q(axe__parent=axe))
        return queryset.filter(fiche__code__in=textes.values("code"))

    def filter_fiche(self, queryset, name, texte):
        return queryset.filter(fiche__code=texte.code)

    def filter_sans_cible(self, queryset, name, value):
        if not value:
            return queryset
        return queryset.filter(cibles=None).exclude(nature__in=sorted(NatureIndicateur.SANS_ECART))

    def filter_clos(self, queryset, name, value):
        """The page itself leaves them out unless they are asked for: its queryset says which."""
        return queryset
