"""When: what the coordinateurs territoriaux plan in each quartier, and the dates that come back every year."""

import calendar
import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ctg.dates import PREMIERE, date_plausible, date_plausible_constraint
from ctg.models import Convention, Historique, Quartier, Source
from ctg.templatetags.affichage import MOIS
from ctg.textes import texte_borne
from gouvernance.enums import NatureJalon
from gouvernance.models.instances import InstanceGouvernance


class JalonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every role reads the calendar of its conventions."""
        return self.filter(convention__in=Convention.objects.visible_to(user))

    def entre(self, debut, fin):
        """Those that touch these days, both included."""
        return self.filter(
            Q(date_fin=None, date_debut__gte=debut) | Q(date_fin__gte=debut), date_debut__lte=fin
        )


class Jalon(Source):
    """A date of the calendar of annexe 4, of a quartier or of the whole convention."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="jalons", verbose_name="convention"
    )
    titre = models.CharField("titre", max_length=200)
    nature = models.CharField("nature", max_length=20, choices=NatureJalon, default=NatureJalon.TEMPS_FORT)
    quartier = models.ForeignKey(
        Quartier,
        models.PROTECT,
        related_name="jalons",
        verbose_name="quartier",
        null=True,
        blank=True,
        help_text="Vide : tout le territoire.",
    )
    date_debut = models.DateField("date, ou premier jour", validators=[date_plausible])
    date_fin = models.DateField(
        "dernier jour", null=True, blank=True, validators=[date_plausible], help_text="Vide : un seul jour."
    )
    instance_gouvernance = models.ForeignKey(
        InstanceGouvernance,
        models.PROTECT,
        related_name="jalons",
        verbose_name="instance concernée",
        null=True,
        blank=True,
    )
    lieu = models.CharField("lieu", max_length=200, blank=True, default="")
    note = models.TextField("note", blank=True, default="", validators=[texte_borne])

    objects = JalonQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "date du calendrier"
        verbose_name_plural = "dates du calendrier"
        constraints = [
            models.CheckConstraint(
                name="jalon_titre_ecrit",
                condition=~Q(titre=""),
                violation_error_message="Écrivez de quoi il s’agit.",
            ),
            models.CheckConstraint(
                name="jalon_nature_connue",
                condition=Q(nature__in=NatureJalon.values),
                violation_error_message="Cette nature de date n’existe pas.",
            ),
            models.CheckConstraint(
                name="jalon_dates_ordonnees",
                condition=Q(date_fin=None) | Q(date_fin__gte=F("date_debut")),
                violation_error_message="Le dernier jour précède le premier.",
            ),
            date_plausible_constraint("date_debut", name="jalon_debut_plausible"),
            date_plausible_constraint("date_fin", name="jalon_fin_plausible"),
            models.CheckConstraint(
                name="jalon_seminaire_d_un_quartier",
                condition=~Q(nature=NatureJalon.SEMINAIRE) | Q(quartier__isnull=False),
                violation_error_message="Un séminaire de quartier dit son quartier : choisissez-le.",
            ),
        ]

    def __str__(self):
        return self.titre

    def clean(self):
        super().clean()
        fautes = {}
        if self.quartier_id and self.quartier.decoupage.territoire_id != self.convention.territoire_id:
            fautes["quartier"] = "Ce quartier n’est pas du territoire de cette convention."
        if self.instance_gouvernance_id and self.instance_gouvernance.convention_id != self.convention_id:
            fautes["instance_gouvernance"] = "Cette instance n’est pas de cette convention."
        if fautes:
            raise ValidationError(fautes)

    def get_absolute_url(self):
        page = reverse("gouvernance:calendrier", kwargs={"convention": self.convention.slug})
        return f"{page}?annee={self.date_debut.year}#jalon-{self.pk}"

    @property
    def page(self) -> str:
        """Its own address; saving it leads back to the calendar."""
        return reverse("gouvernance:jalon", kwargs={"convention": self.convention.slug, "pk": self.pk})

    @property
    def dernier_jour(self) -> datetime.date:
        return self.date_fin or self.date_debut


def _jour_existe() -> Q:
    """Of every year: 29 February is none."""
    jours = Q()
    for mois in range(1, 13):
        jours |= Q(mois=mois, jour__range=(1, calendar.monthrange(PREMIERE.year + 1, mois)[1]))
    return jours


class DateAnnuelle(Source):
    """A date that comes back every year of the convention: what the Caf asks for, what the commune votes."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="dates_annuelles", verbose_name="convention"
    )
    titre = models.CharField("titre", max_length=200)
    jour = models.PositiveSmallIntegerField("jour")
    mois = models.PositiveSmallIntegerField("mois", choices=list(enumerate(MOIS, 1)))
    note = models.TextField("note", blank=True, default="", validators=[texte_borne])

    historique = Historique()

    class Meta:
        verbose_name = "date de chaque année"
        verbose_name_plural = "dates de chaque année"
        constraints = [
            models.CheckConstraint(
                name="date_annuelle_titre_ecrit",
                condition=~Q(titre=""),
                violation_error_message="Écrivez de quoi il s’agit.",
            ),
            models.CheckConstraint(
                name="date_annuelle_jour_de_chaque_annee",
                condition=_jour_existe(),
                violation_error_message="Ce jour n’existe pas tous les ans : choisissez-en un autre.",
            ),
            models.UniqueConstraint(
                fields=["convention", "titre"],
                name="date_annuelle_titre_unique",
                violation_error_message="Cette date de chaque année est déjà dans la liste.",
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("gouvernance:dates_annuelles", kwargs={"convention": self.convention.slug})

    def en(self, annee: int) -> datetime.date:
        return datetime.date(annee, self.mois, self.jour)

    @property
    def dite(self) -> str:
        """« 1er mars »."""
        return f"{'1er' if self.jour == 1 else self.jour}\u00a0{MOIS[self.mois - 1]}"
