"""Agréments of a structure: several, each with its term."""

import calendar
import datetime

from django.db import models
from django.db.models import F, Q

from ctg.dates import date_plausible, date_plausible_constraint
from ctg.models import Historique, Source
from structures.enums import NatureAgrement
from structures.models.registre import Structure

MOIS_D_ALERTE = 6  # before its term an agrément is to be renewed


class AgrementQuerySet(models.QuerySet):
    def expires(self, *, au: datetime.date):
        return self.filter(date_echeance__lt=au)

    def a_renouveler(self, *, au: datetime.date):
        """In force still, and for less than six months."""
        return self.filter(date_echeance__gte=au, date_echeance__lte=_alerte(au))


def _alerte(au: datetime.date) -> datetime.date:
    """The last day of the term that is « soon » on that day."""
    annees, mois = divmod(au.month - 1 + MOIS_D_ALERTE, 12)
    dernier = calendar.monthrange(au.year + annees, mois + 1)[1]
    return datetime.date(au.year + annees, mois + 1, min(au.day, dernier))


class Agrement(Source):
    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="agrements", verbose_name="structure"
    )
    nature = models.CharField("nature", max_length=20, choices=NatureAgrement)
    date_debut = models.DateField("depuis le", null=True, blank=True, validators=[date_plausible])
    date_echeance = models.DateField(
        "jusqu’au", null=True, blank=True, validators=[date_plausible], help_text="Dernier jour où il vaut."
    )

    objects = AgrementQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "agrément"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "nature"],
                name="agrement_unique_par_nature",
                violation_error_message="Cette structure a déjà cet agrément.",
            ),
            models.CheckConstraint(
                name="agrement_nature_connue",
                condition=Q(nature__in=NatureAgrement.values),
                violation_error_message="Cette nature d’agrément n’existe pas.",
            ),
            models.CheckConstraint(
                name="agrement_dates_ordonnees",
                condition=Q(date_debut=None) | Q(date_echeance=None) | Q(date_echeance__gt=F("date_debut")),
                violation_error_message="L’agrément se termine avant d’avoir commencé.",
            ),
            date_plausible_constraint("date_debut", name="agrement_debut_plausible"),
            date_plausible_constraint("date_echeance", name="agrement_echeance_plausible"),
        ]

    def __str__(self):
        return self.get_nature_display()

    def est_expire(self, au: datetime.date) -> bool:
        return self.date_echeance is not None and self.date_echeance < au

    def est_a_renouveler(self, au: datetime.date) -> bool:
        return self.date_echeance is not None and au <= self.date_echeance <= _alerte(au)
