"""What the filters of lists share."""

import django_filters
from django import forms


class DateeFilterSet(django_filters.FilterSet):
    """Of a list that is read at a day, which goes with its filters: `request.au`, see `ctg.views.dates`."""

    au = django_filters.CharFilter(widget=forms.HiddenInput, method="filter_au")

    def filter_au(self, queryset, name, value):
        """The page has read it: its rows are those of that day."""
        return queryset
