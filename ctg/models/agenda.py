"""The secret address of a person's agenda."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class AdresseAgenda(models.Model):
    """One address an account: a new one takes its place, and the old one opens nothing. Only its digest is kept."""

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="adresse_agenda", verbose_name="utilisateur"
    )
    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    created_at = models.DateTimeField("création", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "adresse d’agenda"
        verbose_name_plural = "adresses d’agenda"

    def __str__(self):
        return str(self.utilisateur_id)
