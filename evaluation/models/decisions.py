"""What a decision touches in the plan."""

from django.db import models

from ctg.models import Historique
from evaluation.models.nombres import ANNEE_PLAUSIBLE
from fiches.models import FicheProjet
from gouvernance.models import Decision


class DecisionFiche(models.Model):
    """A decision that concerns a fiche, for the year whose entry asked for it."""

    decision = models.ForeignKey(
        Decision, models.CASCADE, related_name="liens_fiche", verbose_name="décision"
    )
    fiche = models.ForeignKey(FicheProjet, models.PROTECT, related_name="decisions", verbose_name="fiche")
    annee = models.PositiveSmallIntegerField("année")

    historique = Historique()

    class Meta:
        verbose_name = "décision sur une fiche"
        verbose_name_plural = "décisions sur les fiches"
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "fiche", "annee"],
                name="decision_fiche_unique",
                violation_error_message="Cette décision est déjà liée à la fiche pour cette année.",
            ),
            models.CheckConstraint(
                name="decision_fiche_annee_plausible",
                condition=ANNEE_PLAUSIBLE,
                violation_error_message="Cette année n’est pas plausible.",
            ),
        ]

    def __str__(self):
        return f"{self.fiche.code}, {self.annee}"
