"""What binds a structure to a convention."""

from django.db import models
from django.db.models import Q

from ctg.models import Contractuel, Convention, Historique, Source, Temporel, TemporelQuerySet
from structures.enums import AnnexeInscription
from structures.models.registre import Structure


class InscriptionQuerySet(TemporelQuerySet):
    def for_list(self):
        return self.select_related("structure").order_by("annexe", "ordre", "pk")


class Inscription(Contractuel, Source, Temporel):
    """What binds a structure to a convention: the annexe that supports it, and its line as signed."""

    CONTRACTUELS = ("annexe", "rubrique", "designation", "nom", "adresse", "gestionnaire")

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="inscriptions", verbose_name="convention"
    )
    structure = models.ForeignKey(
        Structure, models.PROTECT, related_name="inscriptions", verbose_name="structure"
    )
    annexe = models.CharField("annexe", max_length=5, choices=AnnexeInscription)
    ordre = models.PositiveSmallIntegerField("ordre")
    rubrique = models.CharField("rubrique", max_length=120)
    designation = models.CharField("type, comme signé", max_length=200, blank=True, default="")
    nom = models.CharField("nom, comme signé", max_length=200)
    adresse = models.CharField("adresse, comme signée", max_length=300, blank=True, default="")
    gestionnaire = models.CharField("gestionnaire, comme signé", max_length=200, blank=True, default="")
    motif_fin = models.CharField(
        "pourquoi elle finit",
        max_length=550,
        blank=True,
        default="",
        help_text="L’avenant, ou le fait et sa source.",
    )

    objects = InscriptionQuerySet.as_manager()
    historique = Historique()

    class Meta(Temporel.Meta):
        verbose_name = "inscription"
        constraints = [
            *Temporel.Meta.constraints,
            models.UniqueConstraint(
                fields=["convention", "structure"],
                condition=Q(date_fin=None),
                name="inscription_unique_en_vigueur",
                violation_error_message="Cette structure est déjà inscrite à cette convention.",
            ),
            models.CheckConstraint(
                name="inscription_annexe_connue",
                condition=Q(annexe__in=AnnexeInscription.values),
                violation_error_message="Une structure est inscrite à l’annexe 2 ou 2 bis.",
            ),
            models.CheckConstraint(
                name="inscription_motif_de_ce_qui_finit",
                condition=Q(motif_fin="") | Q(date_fin__isnull=False),
                violation_error_message="Une ligne qui ne finit pas n’a pas de motif de fin.",
            ),
        ]

    def __str__(self):
        return f"{self.nom} ({self.get_annexe_display()})"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.structure.rafraichir_recherche()

    def delete(self, *args, **kwargs):
        structure = self.structure
        result = super().delete(*args, **kwargs)
        structure.rafraichir_recherche()
        return result
