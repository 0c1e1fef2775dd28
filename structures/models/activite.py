"""What a structure did in a year. A figure that is missing is empty: it is never zero."""

from django.db import models
from django.db.models import Q

from ctg.models import Historique, Source
from structures.models.registre import Structure

ANNEE_MIN, ANNEE_MAX = 2000, 2100
# Far above what one structure receives: beyond, it is a slip of the keyboard.
PLACES_MAX, ENFANTS_MAX, HEURES_MAX = 1500, 20_000, 5_000_000
# More than full is possible: children follow one another on a place.
TAUX_MAX = 200
CHIFFRES = ("places", "heures", "enfants", "taux_occupation")


class Activite(Source):
    structure = models.ForeignKey(
        Structure, models.CASCADE, related_name="activites", verbose_name="structure"
    )
    annee = models.PositiveSmallIntegerField("année")
    places = models.PositiveIntegerField("places", null=True, blank=True)
    heures = models.DecimalField("heures réalisées", max_digits=10, decimal_places=2, null=True, blank=True)
    enfants = models.PositiveIntegerField("enfants accueillis", null=True, blank=True)
    taux_occupation = models.DecimalField(
        "taux d’occupation (%)", max_digits=5, decimal_places=2, null=True, blank=True
    )

    historique = Historique()

    class Meta:
        verbose_name = "activité"
        verbose_name_plural = "activités"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "annee"],
                name="activite_unique_par_annee",
                violation_error_message="L’activité de cette année est déjà saisie pour cette structure.",
            ),
            models.CheckConstraint(
                name="activite_annee_plausible",
                condition=Q(annee__range=(ANNEE_MIN, ANNEE_MAX)),
                violation_error_message="Écrivez une année entre 2000 et 2100.",
            ),
            models.CheckConstraint(
                name="activite_dit_quelque_chose",
                condition=~Q(**dict.fromkeys(CHIFFRES)),
                violation_error_message="Écrivez au moins un chiffre. Laissez vide ce que vous ne savez pas.",
            ),
            models.CheckConstraint(
                name="activite_places_plausibles",
                condition=Q(places=None) | Q(places__lte=PLACES_MAX),
                violation_error_message="Une structure a au plus 1\u202f500 places.",
            ),
            models.CheckConstraint(
                name="activite_heures_plausibles",
                condition=Q(heures=None) | Q(heures__range=(0, HEURES_MAX)),
                violation_error_message="Les heures d’une année vont de 0 à 5 millions.",
            ),
            models.CheckConstraint(
                name="activite_enfants_plausibles",
                condition=Q(enfants=None) | Q(enfants__lte=ENFANTS_MAX),
                violation_error_message="Une structure accueille au plus 20\u202f000 enfants dans l’année.",
            ),
            models.CheckConstraint(
                name="activite_taux_plausible",
                condition=Q(taux_occupation=None) | Q(taux_occupation__range=(0, TAUX_MAX)),
                violation_error_message="Un taux d’occupation va de 0 à 200\u202f%%.",
            ),
        ]

    def __str__(self):
        return f"{self.structure}, {self.annee}"

    @property
    def est_vide(self) -> bool:
        return all(getattr(self, nom) is None for nom in CHIFFRES)
