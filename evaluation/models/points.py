"""What a committee is to examine: a version of a bilan, on a point of its agenda."""

from django.core.exceptions import ValidationError
from django.db import models

from ctg.models import Historique
from evaluation.models.bilans import Bilan
from gouvernance.models import PointOrdreDuJour


class PointBilan(models.Model):
    point = models.ForeignKey(
        PointOrdreDuJour, models.CASCADE, related_name="liens_bilan", verbose_name="point"
    )
    bilan = models.ForeignKey(Bilan, models.PROTECT, related_name="points", verbose_name="bilan")

    historique = Historique()

    class Meta:
        verbose_name = "bilan examiné"
        verbose_name_plural = "bilans examinés"
        constraints = [
            models.UniqueConstraint(
                fields=["point", "bilan"],
                name="point_bilan_unique",
                violation_error_message="Cette version du bilan est déjà à ce point.",
            ),
        ]

    def __str__(self):
        return f"{self.bilan} : {self.point}"

    def clean(self):
        super().clean()
        if self.bilan_id and self.point_id and self.bilan.convention_id != self.point.reunion.convention_id:
            raise ValidationError({"bilan": "Ce bilan n’est pas de cette convention."})
