"""Who came to a meeting, seat by seat."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ctg.models import Historique
from gouvernance.enums import EtatPresence
from gouvernance.models.instances import Membre
from gouvernance.models.reunions import Reunion


class Presence(models.Model):
    """What became of one seat at one meeting. No row: nothing is noted yet."""

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="presences", verbose_name="réunion")
    membre = models.ForeignKey(Membre, models.PROTECT, related_name="presences", verbose_name="siège")
    etat = models.CharField("présence", max_length=10, choices=EtatPresence)
    represente_par = models.CharField("représenté par", max_length=120, blank=True, default="")

    historique = Historique()

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "membre"],
                name="presence_unique_par_siege",
                violation_error_message="La présence de ce siège est déjà notée.",
            ),
            models.CheckConstraint(
                name="presence_etat_connu",
                condition=Q(etat__in=EtatPresence.values),
                violation_error_message="Cet état de présence n’existe pas.",
            ),
            models.CheckConstraint(
                name="presence_representation_dite",
                condition=(Q(etat=EtatPresence.REPRESENTE) & ~Q(represente_par=""))
                | (~Q(etat=EtatPresence.REPRESENTE) & Q(represente_par="")),
                violation_error_message="Écrivez par qui le siège est représenté, et seulement s’il l’est.",
            ),
        ]

    def __str__(self):
        return f"{self.membre} : {self.get_etat_display()}"

    def clean(self):
        super().clean()
        if self.membre_id and self.membre.instance_gouvernance_id != self.reunion.instance_gouvernance_id:
            raise ValidationError({"membre": "Ce siège n’est pas de l’instance qui se réunit."})
