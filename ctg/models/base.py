"""What several models share: the source of a text, and the time during which a row has legal effect."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from ctg.dates import date_plausible

DONNEES_DEMONSTRATION = "DONNÉES DE DÉMONSTRATION"


class Source(models.Model):
    """Where a record comes from. Nothing is loaded without it."""

    source = models.CharField("source", max_length=200, blank=True, default="")
    mention = models.CharField(
        "mention", max_length=300, blank=True, default="", help_text="Ce qui est déduit du texte le dit ici."
    )
    a_verifier = models.TextField(
        "à vérifier",
        blank=True,
        default="",
        help_text="Coquille probable ou doute, à lever avec les signataires.",
    )

    class Meta:
        abstract = True

    @property
    def is_demonstration(self) -> bool:
        return self.source == DONNEES_DEMONSTRATION


class TemporelQuerySet(models.QuerySet):
    def en_vigueur(self, *, au):
        """Rows in force on that day. No start: since the origin of the convention."""
        return self.filter(Q(date_effet=None) | Q(date_effet__lte=au), Q(date_fin=None) | Q(date_fin__gt=au))


class Temporel(models.Model):
    """Legal effect, which is not history: an avenant closes a row and another succeeds it."""

    date_effet = models.DateField(
        "date d’effet", null=True, blank=True, help_text="Vide : depuis l’origine de la convention."
    )
    date_fin = models.DateField(
        "date de fin", null=True, blank=True, help_text="Premier jour où la ligne ne vaut plus."
    )
    succede_a = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="successeur", verbose_name="succède à"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_effet_ordonne",
                condition=Q(date_effet=None) | Q(date_fin=None) | Q(date_fin__gt=F("date_effet")),
                violation_error_message="La date de fin précède la date d’effet.",
            ),
            models.CheckConstraint(
                name="%(class)s_ne_se_succede_pas",
                condition=Q(succede_a=None) | ~Q(succede_a=F("pk")),
                violation_error_message="Une ligne ne peut pas se succéder à elle-même.",
            ),
        ]

    def clean_fields(self, exclude=None):
        """The dates of every model that has a time of effect are plausible ones."""
        fautes = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            fautes = error.update_error_dict(fautes)
        for name in ("date_effet", "date_fin"):
            if name in (exclude or ()) or name in fautes or not (jour := getattr(self, name)):
                continue
            try:
                date_plausible(jour)
            except ValidationError as error:
                fautes[name] = error.error_list
        if fautes:
            raise ValidationError(fautes)
