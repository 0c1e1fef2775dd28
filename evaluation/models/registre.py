"""What the registry of structures counts for an indicator."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ctg.models import Historique, Quartier
from evaluation.enums import GrandeurActivite
from evaluation.models.indicateurs import Indicateur
from structures.models import TypeStructure


class LienRegistre(models.Model):
    """An indicator whose value is the yearly activity of the structures of a type, of a quartier, or of all of them.

    Who enters it is shown the figure beside the field, and takes it or not: nothing is written by itself.
    """

    indicateur = models.OneToOneField(
        Indicateur, models.CASCADE, related_name="lien_registre", verbose_name="indicateur"
    )
    grandeur = models.CharField("ce qui est compté", max_length=20, choices=GrandeurActivite)
    type_structure = models.ForeignKey(
        TypeStructure,
        models.PROTECT,
        related_name="liens_indicateurs",
        verbose_name="type de structure",
        null=True,
        blank=True,
    )
    quartier = models.ForeignKey(
        Quartier,
        models.PROTECT,
        related_name="liens_indicateurs",
        verbose_name="quartier",
        null=True,
        blank=True,
    )

    historique = Historique()

    class Meta:
        verbose_name = "lien d’un indicateur avec le registre"
        verbose_name_plural = "liens des indicateurs avec le registre"
        constraints = [
            models.CheckConstraint(
                name="lien_registre_grandeur_connue",
                condition=Q(grandeur__in=GrandeurActivite.values),
                violation_error_message="Le registre ne compte pas cette grandeur.",
            ),
        ]

    def __str__(self):
        ou = [str(lieu) for lieu in (self.type_structure, self.quartier) if lieu]
        return " · ".join([self.get_grandeur_display(), *ou])

    def clean(self):
        super().clean()
        attendues = (
            GrandeurActivite.NATURES[self.grandeur] if self.grandeur in GrandeurActivite.values else ()
        )
        if self.indicateur_id and attendues and self.indicateur.nature not in attendues:
            raise ValidationError(
                {
                    "grandeur": f"Cet indicateur est de nature « {self.indicateur.get_nature_display()} » : "
                    "choisissez une grandeur de même nature, ou changez sa définition."
                }
            )
        territoire = self.indicateur.fiche.convention.territoire_id if self.indicateur_id else None
        if self.quartier_id and self.quartier.decoupage.territoire_id != territoire:
            raise ValidationError({"quartier": "Ce quartier n’est pas du territoire de la convention."})
