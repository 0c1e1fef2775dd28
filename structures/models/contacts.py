"""Whom to call: a function of a structure, and for a period the person who holds it."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from ctg.models import Historique, Temporel, TemporelQuerySet
from structures.models.registre import Structure

TELEPHONE = r"^[+]?[0-9(][0-9 ().-]{5,24}$"
TELEPHONE_FAUX = "Écrivez un numéro de téléphone, par exemple 03 80 00 00 00."


class Contact(Temporel):
    """A name is optional and kept for the function and its period only."""

    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="contacts", verbose_name="structure"
    )
    fonction = models.CharField("fonction", max_length=120)
    nom = models.CharField("nom de la personne", max_length=160, blank=True, default="")
    telephone = models.CharField(
        "téléphone",
        max_length=30,
        blank=True,
        default="",
        validators=[RegexValidator(TELEPHONE, TELEPHONE_FAUX)],
    )
    courriel = models.EmailField("adresse électronique", max_length=254, blank=True, default="")

    objects = TemporelQuerySet.as_manager()
    historique = Historique()

    class Meta(Temporel.Meta):
        verbose_name = "contact"
        constraints = [
            *Temporel.Meta.constraints,
            models.UniqueConstraint(
                fields=["structure", "fonction", "nom"],
                condition=Q(date_fin=None),
                name="contact_unique_en_vigueur",
                violation_error_message="Ce contact est déjà là : datez la fin de l’ancien, ou gardez-en un.",
            ),
            models.CheckConstraint(
                name="contact_a_une_fonction",
                condition=~Q(fonction=""),
                violation_error_message="Écrivez la fonction, par exemple « Direction ».",
            ),
            models.CheckConstraint(
                name="contact_dit_quelque_chose",
                condition=~Q(nom="", telephone="", courriel=""),
                violation_error_message="Écrivez un nom, un téléphone ou une adresse électronique.",
            ),
            models.CheckConstraint(
                name="contact_telephone_lisible",
                condition=Q(telephone="") | Q(telephone__regex=TELEPHONE),
                violation_error_message=TELEPHONE_FAUX,
            ),
        ]

    def __str__(self):
        return f"{self.fonction} : {self.nom}" if self.nom else self.fonction
