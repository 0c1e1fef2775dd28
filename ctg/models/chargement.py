"""What was last loaded from a file, field by field: the door against overwriting people's work."""

from django.db import models

from ctg.models.convention import Convention


class LigneChargee(models.Model):
    """One row of a loaded file and the values that it gave."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="lignes_chargees", verbose_name="convention"
    )
    tableau = models.CharField("tableau", max_length=40)
    cle = models.CharField("clé", max_length=300)
    objet_id = models.BigIntegerField("objet")
    valeurs = models.JSONField("valeurs", default=dict)

    class Meta:
        verbose_name = "ligne chargée"
        verbose_name_plural = "lignes chargées"
        constraints = [
            models.UniqueConstraint(fields=["convention", "tableau", "cle"], name="ligne_chargee_unique"),
        ]

    def __str__(self):
        return f"{self.tableau} : {self.cle}"
