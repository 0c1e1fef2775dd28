"""Where the address service would put a structure."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from ctg.models import Historique
from structures.enums import StatutProposition
from structures.models.registre import Structure


class PropositionPosition(models.Model):
    """Where the national address service puts a structure, when it is not sure enough: a person says."""

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="propositions", verbose_name="structure"
    )
    adresse_demandee = models.CharField("adresse demandée", max_length=400)
    libelle = models.CharField("adresse proposée", max_length=300)
    latitude = models.DecimalField("latitude", max_digits=8, decimal_places=5)
    longitude = models.DecimalField("longitude", max_digits=8, decimal_places=5)
    score = models.DecimalField("ressemblance", max_digits=4, decimal_places=3)
    doute = models.CharField("doute", max_length=200, blank=True, default="")
    statut = models.CharField(
        "statut", max_length=10, choices=StatutProposition, default=StatutProposition.EN_ATTENTE
    )

    historique = Historique()

    class Meta:
        verbose_name = "proposition de position"
        verbose_name_plural = "propositions de position"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "libelle"],
                name="proposition_unique_par_adresse",
                violation_error_message="Cette adresse est déjà proposée pour cette structure.",
            ),
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(statut=StatutProposition.ACCEPTEE),
                name="proposition_une_seule_acceptee",
                violation_error_message="Une autre proposition est déjà acceptée pour cette structure.",
            ),
            models.CheckConstraint(
                name="proposition_coordonnees_possibles",
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message="Cette latitude ou cette longitude n’existe pas.",
            ),
            models.CheckConstraint(
                name="proposition_score_entre_0_et_1",
                condition=Q(score__range=(0, 1)),
                violation_error_message="Une ressemblance est entre 0 et 1.",
            ),
            models.CheckConstraint(
                name="proposition_statut_connu",
                condition=Q(statut__in=StatutProposition.values),
                violation_error_message="Ce statut n’existe pas.",
            ),
        ]

    def __str__(self):
        return f"{self.libelle} ({self.structure_id})"

    @property
    def ressemblance(self) -> Decimal:
        """In percent."""
        return self.score * 100
