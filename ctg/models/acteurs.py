"""Who: organismes, shared by the whole installation, and their services."""

from django.db import models

from ctg.enums import NatureOrganisme
from ctg.models.base import Source
from ctg.models.historique import Historique
from ctg.recherche import Cherchable, CherchableQuerySet


class Organisme(Source, Cherchable):
    """A commune, a Caf, a gestionnaire, a partner."""

    nom = models.CharField("nom", max_length=200, unique=True)
    sigle = models.CharField("sigle", max_length=30, blank=True, default="")
    nature = models.CharField("nature", max_length=20, choices=NatureOrganisme, blank=True, default="")
    autres_graphies = models.TextField(
        "autres graphies",
        blank=True,
        default="",
        help_text="Une par ligne : les noms sous lesquels on le trouve aussi.",
    )

    objects = CherchableQuerySet.as_manager()
    historique = Historique(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "organisme"

    def __str__(self):
        return self.nom

    def get_textes_recherche(self):
        return [self.nom, self.sigle, self.autres_graphies]


class Service(Source):
    """A direction or service of an organisme."""

    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="services", verbose_name="organisme"
    )
    nom = models.CharField("nom", max_length=200)
    rattachement = models.CharField("rattachement", max_length=200, blank=True, default="")

    historique = Historique()

    class Meta:
        verbose_name = "service"
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "nom"],
                name="service_nom_unique_par_organisme",
                violation_error_message="Cet organisme a déjà un service de ce nom.",
            ),
        ]

    def __str__(self):
        return self.nom
