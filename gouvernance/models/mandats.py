"""Who holds a seat, and when: an election changes the person, not the seat."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from ctg.dates import date_plausible, date_plausible_constraint
from ctg.models import Historique, Personne
from gouvernance.enums import QualiteMandat
from gouvernance.models.instances import Membre


class MandatMembreQuerySet(models.QuerySet):
    def en_cours(self, *, au):
        return self.filter(Q(date_debut=None) | Q(date_debut__lte=au), Q(date_fin=None) | Q(date_fin__gt=au))


class MandatMembre(models.Model):
    """A person holds a seat between two dates. A seat that names several (« les directions ») has several."""

    membre = models.ForeignKey(Membre, models.PROTECT, related_name="mandats", verbose_name="siège")
    personne = models.ForeignKey(
        Personne, models.PROTECT, related_name="mandats_membre", verbose_name="personne"
    )
    qualite = models.CharField(
        "qualité", max_length=10, choices=QualiteMandat, default=QualiteMandat.TITULAIRE
    )
    date_debut = models.DateField(
        "depuis le",
        null=True,
        blank=True,
        validators=[date_plausible],
        help_text="Vide : depuis l’origine de la convention.",
    )
    date_fin = models.DateField(
        "jusqu’au",
        null=True,
        blank=True,
        validators=[date_plausible],
        help_text="Premier jour où la personne ne siège plus. Vide : sans terme.",
    )

    objects = MandatMembreQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "mandat dans une instance"
        verbose_name_plural = "mandats dans les instances"
        constraints = [
            models.CheckConstraint(
                name="mandat_membre_qualite_connue",
                condition=Q(qualite__in=QualiteMandat.values),
                violation_error_message="Cette qualité n’existe pas.",
            ),
            models.CheckConstraint(
                name="mandat_membre_dates_ordonnees",
                condition=Q(date_debut=None) | Q(date_fin=None) | Q(date_fin__gt=F("date_debut")),
                violation_error_message="Le mandat finit avant d’avoir commencé.",
            ),
            date_plausible_constraint("date_debut", name="mandat_membre_debut_plausible"),
            date_plausible_constraint("date_fin", name="mandat_membre_fin_plausible"),
            models.UniqueConstraint(
                fields=["membre", "personne"],
                condition=Q(date_fin=None),
                name="mandat_membre_une_fois_par_siege",
                violation_error_message="Cette personne siège déjà à cette place.",
            ),
        ]

    def __str__(self):
        return f"{self.get_qualite_display()} – {self.membre}"

    def get_absolute_url(self):
        return f"{self.membre.instance_gouvernance.get_absolute_url()}#siege-{self.membre_id}"

    def clean(self):
        super().clean()
        if not (self.membre_id and self.personne_id):
            return
        fautes = {}
        if self.personne.convention_id != self.convention_id:
            fautes["personne"] = "Cette personne n’est pas de cette convention."
        elif (autre := self._en_meme_temps()) is not None:
            fautes["personne"] = (
                f"Cette personne siège déjà à cette place{autre.dates} : changez les dates de ce mandat-là, "
                "ou celles-ci."
            )
        if fautes:
            raise ValidationError(fautes)

    def _en_meme_temps(self) -> "MandatMembre | None":
        debut, fin = self.date_debut or datetime.date.min, self.date_fin or datetime.date.max
        autres = MandatMembre.objects.filter(membre=self.membre_id, personne=self.personne_id)
        return next(
            (
                autre
                for autre in autres.exclude(pk=self.pk).order_by("pk")
                if (autre.date_debut or datetime.date.min) < fin
                and debut < (autre.date_fin or datetime.date.max)
            ),
            None,
        )

    @property
    def convention_id(self) -> int:
        """What the rights are asked of."""
        return self.membre.instance_gouvernance.convention_id

    @property
    def dates(self) -> str:
        """« depuis le 01/03/2026 jusqu’au 01/03/2027 », after a space; empty where both are."""
        debut = f" depuis le {self.date_debut:%d/%m/%Y}" if self.date_debut else ""
        return debut + (f" jusqu’au {self.date_fin:%d/%m/%Y}" if self.date_fin else "")
