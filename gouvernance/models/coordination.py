"""What the posts of coordination cost: who pays, planned and real, year by year."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ctg.models import Historique, Organisme, Source
from gouvernance.models.instances import PosteCooperation

POSITIF = MinValueValidator(0, "Un montant ne peut pas être négatif.")


class FinancementPoste(Source):
    """What one organisme pays for a post, one year. Missing is not zero."""

    poste = models.ForeignKey(
        PosteCooperation, models.CASCADE, related_name="financements", verbose_name="poste"
    )
    annee = models.PositiveSmallIntegerField("année")
    financeur = models.ForeignKey(
        Organisme, models.PROTECT, related_name="postes_finances", verbose_name="financeur"
    )
    prevu = models.DecimalField(
        "prévu", max_digits=12, decimal_places=2, null=True, blank=True, validators=[POSITIF]
    )
    realise = models.DecimalField(
        "réalisé", max_digits=12, decimal_places=2, null=True, blank=True, validators=[POSITIF]
    )

    historique = Historique()

    class Meta:
        verbose_name = "financement d’un poste"
        verbose_name_plural = "financements des postes"
        constraints = [
            models.UniqueConstraint(
                fields=["poste", "annee", "financeur"],
                name="financement_unique_par_annee",
                violation_error_message="Ce financeur est déjà noté pour cette année : corrigez cette ligne-là.",
            ),
            models.CheckConstraint(
                name="financement_montants_positifs",
                condition=(Q(prevu=None) | Q(prevu__gte=0)) & (Q(realise=None) | Q(realise__gte=0)),
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                name="financement_annee_plausible",
                condition=Q(annee__range=(2000, 2100)),
                violation_error_message="Cette année n’est pas plausible : écrivez une année entre 2000 et 2100.",
            ),
        ]

    def __str__(self):
        return f"{self.financeur}, {self.annee}"

    def get_absolute_url(self):
        page = reverse("gouvernance:coordination", kwargs={"convention": self.poste.convention.slug})
        return f"{page}#poste-{self.poste_id}"

    @property
    def convention_id(self) -> int:
        """What the rights are asked of."""
        return self.poste.convention_id
