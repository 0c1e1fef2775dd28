"""What a decision touches in the plan."""

from django.core.exceptions import ValidationError
from django.db import models

from ctg.models import Historique
from evaluation.models.indicateurs import Indicateur
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


class DecisionIndicateur(models.Model):
    """A decision that touches an indicator: its definition, its targets, what is to be counted."""

    decision = models.ForeignKey(
        Decision, models.CASCADE, related_name="liens_indicateur", verbose_name="décision"
    )
    indicateur = models.ForeignKey(
        Indicateur, models.PROTECT, related_name="decisions", verbose_name="indicateur"
    )

    historique = Historique()

    class Meta:
        verbose_name = "décision sur un indicateur"
        verbose_name_plural = "décisions sur les indicateurs"
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "indicateur"],
                name="decision_indicateur_unique",
                violation_error_message="Cette décision est déjà liée à cet indicateur.",
            ),
        ]

    def __str__(self):
        return str(self.indicateur)

    def clean(self):
        super().clean()
        if self.indicateur_id and self.indicateur.fiche.convention_id != self.decision.convention_id:
            raise ValidationError({"indicateur": "Cet indicateur n’est pas de cette convention."})
