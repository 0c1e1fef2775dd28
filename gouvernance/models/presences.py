"""Who came to a meeting: for each seat the persons who hold it that day, and those who came without a seat."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ctg.models import Historique, Personne
from gouvernance.enums import EtatPresence
from gouvernance.models.instances import Membre
from gouvernance.models.mandats import MandatMembre
from gouvernance.models.reunions import Reunion


class Presence(models.Model):
    """What became of one holder of a seat at one meeting. No row: nothing is noted yet.

    `personne` is None where nobody is known to hold the seat; `nom` is then who came for it, if it is said.
    """

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="presences", verbose_name="réunion")
    membre = models.ForeignKey(Membre, models.PROTECT, related_name="presences", verbose_name="siège")
    personne = models.ForeignKey(
        Personne, models.PROTECT, related_name="presences", verbose_name="personne", null=True, blank=True
    )
    nom = models.CharField("nom", max_length=120, blank=True, default="")
    etat = models.CharField("présence", max_length=10, choices=EtatPresence)
    represente_par = models.CharField("représenté par", max_length=120, blank=True, default="")

    historique = Historique()

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "membre"],
                condition=Q(personne=None),
                name="presence_unique_par_siege",
                violation_error_message="La présence de ce siège est déjà notée.",
            ),
            models.UniqueConstraint(
                fields=["reunion", "membre", "personne"],
                name="presence_unique_par_personne",
                violation_error_message="La présence de cette personne est déjà notée pour ce siège.",
            ),
            models.CheckConstraint(
                name="presence_nommee_une_fois",
                condition=Q(personne=None) | Q(nom=""),
                violation_error_message="La personne qui tient ce siège a déjà son nom : n’en écrivez pas un autre.",
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
        return f"{self.personne or self.nom or self.membre} : {self.get_etat_display()}"

    def clean(self):
        super().clean()
        if self.membre_id is None:
            return
        if self.membre.instance_gouvernance_id != self.reunion.instance_gouvernance_id:
            raise ValidationError({"membre": "Ce siège n’est pas de l’instance qui se réunit."})
        # What was noted stays when the date of the meeting or of the mandate moves.
        if self._state.adding and self.personne_id and not self._tient_le_siege():
            raise ValidationError({"personne": "Cette personne ne tient pas ce siège le jour de la réunion."})

    def _tient_le_siege(self) -> bool:
        mandats = MandatMembre.objects.filter(membre=self.membre_id, personne=self.personne_id)
        return mandats.en_cours(au=self.reunion.date).exists()

    @property
    def cle(self) -> tuple[int, int | None]:
        """What is noted once at a meeting."""
        return self.membre_id, self.personne_id


class Invite(models.Model):
    """Who came without a seat: an expert, a technician. Counted with no seat."""

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="invites", verbose_name="réunion")
    nom = models.CharField("nom", max_length=120)
    fonction = models.CharField("fonction", max_length=200, blank=True, default="")

    historique = Historique()

    class Meta:
        verbose_name = "autre personne présente"
        verbose_name_plural = "autres personnes présentes"
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "nom"],
                name="invite_unique_par_reunion",
                violation_error_message="Cette personne est déjà parmi les autres personnes présentes.",
            ),
            models.CheckConstraint(
                name="invite_nomme",
                condition=~Q(nom=""),
                violation_error_message="Écrivez le nom de la personne présente.",
            ),
        ]

    def __str__(self):
        return f"{self.nom}, {self.fonction}" if self.fonction else self.nom
