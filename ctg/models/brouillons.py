"""Nobody's work lost: what was typed and not yet saved, and which forms were already received."""

import uuid

from django.conf import settings
from django.db import models


class Brouillon(models.Model):
    """What one person typed in one page of a form and has not saved yet: `modifies` names what was changed."""

    LU_OU_ECRIT = True

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="brouillons", verbose_name="utilisateur"
    )
    adresse = models.CharField("adresse du formulaire", max_length=300)
    jeton = models.UUIDField("numéro de la page", default=uuid.uuid4)
    donnees = models.JSONField("données", default=dict)
    modifies = models.JSONField("champs modifiés", default=dict)  # {name: when, ISO 8601}
    is_hors_session = models.BooleanField("reçu sans session", default=False)
    updated_at = models.DateTimeField("enregistrement")

    class Meta:
        verbose_name = "brouillon"
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "adresse", "jeton"],
                name="brouillon_unique_par_page",
                violation_error_message="Cette page a déjà un brouillon.",
            ),
        ]

    def __str__(self):
        return self.adresse


class Envoi(models.Model):
    """A form that was received: the same one sent again (a double click, a network retry) does nothing more."""

    LU_OU_ECRIT = True

    jeton = models.UUIDField("jeton", unique=True)
    empreinte = models.CharField("empreinte", max_length=64, blank=True, default="")
    created_at = models.DateTimeField("réception")

    class Meta:
        verbose_name = "envoi reçu"
        verbose_name_plural = "envois reçus"

    def __str__(self):
        return str(self.jeton)
