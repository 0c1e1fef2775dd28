"""What was written to whom about a campaign: never twice for the same thing."""

from django.conf import settings
from django.db import models

from evaluation.enums import NatureRappel
from evaluation.models.campagnes import Campagne, Saisie


class Rappel(models.Model):
    """A mail to one person. `cle` names the thing: « echeance-2026-12-01 », « relance-2026-11-25 », « soumise-12-4 ».

    `date_envoi` is set before the mail leaves, and taken off if the server refuses it: the next run tries again.
    """

    campagne = models.ForeignKey(Campagne, models.CASCADE, related_name="rappels", verbose_name="campagne")
    saisie = models.ForeignKey(
        Saisie, models.CASCADE, related_name="rappels", verbose_name="saisie", null=True, blank=True
    )
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="rappels", verbose_name="destinataire"
    )
    nature = models.CharField("nature", max_length=10, choices=NatureRappel)
    cle = models.SlugField("objet", max_length=60)
    created_at = models.DateTimeField("création", editable=False)
    date_envoi = models.DateTimeField("envoi", null=True, editable=False)

    class Meta:
        verbose_name = "rappel"
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "utilisateur", "cle"],
                name="rappel_jamais_deux_fois",
                violation_error_message="Cette personne a déjà été prévenue de cela.",
            ),
            models.CheckConstraint(
                name="rappel_nature_connue",
                condition=models.Q(nature__in=NatureRappel.values),
                violation_error_message="Cette nature de rappel n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.cle
