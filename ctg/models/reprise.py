"""What a convention takes over from the one before it: a row of its own, that names the one it continues.

It is not `Temporel.succede_a`, by which an avenant replaces a text within a convention: the old convention does not move.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from ctg.models.convention import Convention

D_UNE_AUTRE = "Ce qui est repris l’est de la convention précédente : choisissez une ligne de celle-ci."


class Repris(models.Model):
    predecesseur = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="reprises",
        verbose_name="prend la suite de",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ne_se_reprend_pas",
                condition=Q(predecesseur=None) | ~Q(predecesseur=F("pk")),
                violation_error_message="Une ligne ne peut pas prendre sa propre suite.",
            ),
        ]

    def get_convention(self) -> Convention:
        return self.convention

    def clean(self):
        super().clean()
        if self.predecesseur_id is None:
            return
        ancienne = self.predecesseur.get_convention()
        if ancienne.pk != self.get_convention().predecesseur_id:
            raise ValidationError(D_UNE_AUTRE)
