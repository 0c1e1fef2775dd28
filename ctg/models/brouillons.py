"""Nobody's work lost: what was typed and not yet saved, and which forms were already received."""

from django.conf import settings
from django.db import models


class Brouillon(models.Model):
    """What one person typed in the form of one address and has not saved yet."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="brouillons", verbose_name="utilisateur"
    )
    adresse = models.CharField("adresse du formulaire", max_length=300)
    donnees = models.JSONField("données", default=dict)
    updated_at = models.DateTimeField("enregistrement")

    class Meta:
        verbose_name = "brouillon"
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "adresse"],
                name="brouillon_unique_par_formulaire",
                violation_error_message="Ce formulaire a déjà un brouillon.",
            ),
        ]

    def __str__(self):
        return self.adresse


class Envoi(models.Model):
    """A form that was received: the same one sent again (a double click, a network retry) does nothing more."""

    jeton = models.UUIDField("jeton", unique=True)
    created_at = models.DateTimeField("réception")

    class Meta:
        verbose_name = "envoi reçu"
        verbose_name_plural = "envois reçus"

    def __str__(self):
        return str(self.jeton)
