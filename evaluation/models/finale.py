"""What the end-of-convention assessment concludes, of the whole and of each axe."""

from django.db import models
from django.db.models import Q

from ctg.models import Convention, Historique
from ctg.textes import texte_borne, textes_bornes
from fiches.models import Axe


class ConclusionFinale(models.Model):
    """Without an axe: of the whole convention. `is_ouverte`: read by those who read no working document."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="conclusions_finales", verbose_name="convention"
    )
    axe = models.ForeignKey(
        Axe, models.PROTECT, related_name="conclusions_finales", verbose_name="axe", null=True, blank=True
    )
    texte = models.TextField("conclusion", blank=True, default="", validators=[texte_borne])
    is_ouverte = models.BooleanField(
        "ouverte à tous ceux qui lisent les bilans",
        default=False,
        help_text="Tant que la case n’est pas cochée, seule l’équipe de la convention lit cette conclusion.",
    )

    historique = Historique()

    class Meta:
        verbose_name = "conclusion de l’évaluation finale"
        verbose_name_plural = "conclusions de l’évaluation finale"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "axe"],
                name="conclusion_finale_unique_par_axe",
                violation_error_message="Cet axe a déjà une conclusion.",
            ),
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(axe=None),
                name="conclusion_finale_unique",
                violation_error_message="La convention a déjà une conclusion générale.",
            ),
            textes_bornes("texte", name="conclusion_finale_bornee"),
        ]

    def __str__(self):
        return f"Conclusion : {self.axe}" if self.axe_id else "Conclusion générale"
