"""What a person reads of the social watch."""

from django.db.models import Count, Q, QuerySet

from ctg.models import Convention
from ctg.permissions import check
from evaluation.models import SerieSociale


def lit_tout(user, convention: Convention) -> bool:
    return bool(check(user, "evaluation.lire_veille", convention))


def series_lisibles(user, convention: Convention) -> QuerySet[SerieSociale]:
    """All for the team and the Caf; those of published data for whoever holds a mandate."""
    series = SerieSociale.objects.filter(convention=convention)
    return series if lit_tout(user, convention) else series.filter(is_publique=True)


def avec_couverture(series: QuerySet[SerieSociale]) -> QuerySet[SerieSociale]:
    """With the number of quartiers of reference of which something is known."""
    return series.annotate(
        nb_quartiers_connus=Count(
            "observations__quartier",
            filter=Q(observations__quartier__decoupage__is_reference=True),
            distinct=True,
        )
    )
