"""What the register of the questions can be narrowed by."""

import django_filters

from evaluation.models import QuestionEvaluative
from evaluation.protocole.enums import Critere, ObjetQuestion, PhaseEvaluation, StatutQuestion


class QuestionFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Recherche", method="filter_q")
    critere = django_filters.ChoiceFilter(
        label="Critère", choices=Critere.choices, empty_label="Tous les critères"
    )
    statut = django_filters.ChoiceFilter(
        label="État", choices=StatutQuestion.choices, empty_label="Tous les états"
    )
    phase = django_filters.ChoiceFilter(
        label="Phase", choices=PhaseEvaluation.choices, empty_label="Toutes les phases"
    )
    objet = django_filters.ChoiceFilter(
        label="Porte sur", choices=ObjetQuestion.choices, empty_label="Tous les objets"
    )

    class Meta:
        model = QuestionEvaluative
        fields = []

    def filter_q(self, queryset, name, value):
        return queryset.search(value)
