"""When inhabitants took part: who came, what they said, and what it changed (the second question of annexe 5)."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import Truncator

from ctg.dates import date_plausible, date_plausible_constraint
from ctg.models import Convention, Historique, Quartier, Source
from ctg.recherche import Cherchable, CherchableQuerySet
from ctg.textes import texte_borne, textes_bornes
from evaluation.enums import NiveauParticipation, PublicParticipant
from fiches.models import Axe, FicheProjet
from gouvernance.models import Decision

LONG = {"blank": True, "default": "", "validators": [texte_borne]}


@dataclass(frozen=True, slots=True)
class Concernes:
    """What an event is about, kept or not yet: the right to write it is judged on this."""

    convention_id: int
    fiches: tuple[FicheProjet, ...]
    axe_ids: frozenset[int]
    quartier_ids: frozenset[int]

    @classmethod
    def de(cls, convention_id: int, fiches, axes, quartiers) -> "Concernes":
        return cls(
            convention_id,
            tuple(fiches),
            frozenset(axe.pk for axe in axes),
            frozenset(quartier.pk for quartier in quartiers),
        )


class EvenementQuerySet(CherchableQuerySet):
    def for_list(self):
        """All that a list touches."""
        return self.select_related("convention", "decision__reunion").prefetch_related(
            "publics",
            models.Prefetch("quartiers", Quartier.objects.order_by("ordre", "pk")),
            models.Prefetch("axes", Axe.objects.order_by("rang", "ordre", "pk")),
            models.Prefetch("fiches", FicheProjet.objects.for_list().prefetch_related("axes")),
        )

    def de_l_annee(self, annee: int):
        """Those of which one day at least is of that year."""
        premier, dernier = datetime.date(annee, 1, 1), datetime.date(annee, 12, 31)
        return self.filter(
            Q(date_fin=None, date_debut__gte=premier) | Q(date_fin__gte=premier), date_debut__lte=dernier
        )


class EvenementParticipation(Source, Cherchable):
    """A meeting, a workshop, an inquiry… on one day or over a period. `nb_personnes`: unknown is empty, never zero."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="participations", verbose_name="convention"
    )
    intitule = models.CharField("intitulé", max_length=200)
    date_debut = models.DateField("date ou premier jour", validators=[date_plausible])
    date_fin = models.DateField(
        "dernier jour",
        null=True,
        blank=True,
        validators=[date_plausible],
        help_text="Seulement pour une démarche qui dure.",
    )
    niveau = models.CharField("niveau de participation", max_length=20, choices=NiveauParticipation)
    quartiers = models.ManyToManyField(
        Quartier,
        related_name="participations",
        verbose_name="quartiers",
        blank=True,
        help_text="Aucun : toute la ville, ou un territoire non précisé. Cochez alors un axe, une fiche ou le pilotage, plus bas.",
    )
    fiches = models.ManyToManyField(
        FicheProjet, related_name="participations", verbose_name="fiches concernées", blank=True
    )
    axes = models.ManyToManyField(
        Axe, related_name="participations", verbose_name="axes concernés", blank=True
    )
    is_gouvernance = models.BooleanField("porte sur le pilotage de la convention", default=False)
    nb_personnes = models.PositiveIntegerField(
        "nombre de personnes",
        null=True,
        blank=True,
        help_text="Vide si personne ne les a comptées : ce n’est pas zéro.",
    )
    paroles = models.TextField("ce que les personnes ont dit", **LONG)
    changements = models.TextField(
        "ce que cela a changé",
        **LONG,
        help_text="Dans une fiche, un service, une décision. Vide tant qu’on ne le sait pas ; « rien » se dit aussi.",
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="participations",
        verbose_name="décision qui a suivi",
        null=True,
        blank=True,
    )

    objects = EvenementQuerySet.as_manager()
    historique = Historique(m2m_fields=["quartiers", "fiches", "axes"], excluded_fields=["recherche"])

    class Meta:
        verbose_name = "temps de participation"
        verbose_name_plural = "temps de participation"
        constraints = [
            models.CheckConstraint(
                name="participation_nommee",
                condition=~Q(intitule=""),
                violation_error_message="Écrivez l’intitulé.",
            ),
            models.CheckConstraint(
                name="participation_niveau_connu",
                condition=Q(niveau__in=NiveauParticipation.values),
                violation_error_message="Choisissez un niveau de participation.",
            ),
            models.CheckConstraint(
                name="participation_dates_ordonnees",
                condition=Q(date_fin=None) | Q(date_fin__gte=F("date_debut")),
                violation_error_message="Le dernier jour précède le premier.",
            ),
            date_plausible_constraint("date_debut", name="participation_debut_plausible"),
            date_plausible_constraint("date_fin", name="participation_fin_plausible"),
            textes_bornes("paroles", "changements", name="participation_textes_bornes"),
        ]

    def __str__(self):
        return Truncator(self.intitule).chars(80, truncate="…")

    def get_absolute_url(self):
        return reverse("participation:detail", kwargs={"convention": self.convention.slug, "pk": self.pk})

    def get_textes_recherche(self):
        return [self.intitule, self.paroles, self.changements]

    def clean(self):
        super().clean()
        if self.decision is None:
            return
        if self.decision.convention_id != self.convention_id:
            raise ValidationError({"decision": "Cette décision n’est pas de cette convention."})
        if self.date_debut and self.decision.reunion.date < self.date_debut:
            raise ValidationError({"decision": "Cette décision a été prise avant : elle n’a pas pu suivre."})

    @property
    def concernes(self) -> Concernes:
        return Concernes.de(self.convention_id, self.fiches.all(), self.axes.all(), self.quartiers.all())

    @property
    def dits(self) -> list[str]:
        """Who came, in words. Needs `for_list`."""
        return [public.get_public_display() for public in self.publics.all()]


class PublicPresent(models.Model):
    """A kind of people who took part in an event."""

    evenement = models.ForeignKey(
        EvenementParticipation, models.CASCADE, related_name="publics", verbose_name="temps de participation"
    )
    public = models.CharField("public", max_length=20, choices=PublicParticipant)

    historique = Historique()

    class Meta:
        verbose_name = "public présent"
        verbose_name_plural = "publics présents"
        constraints = [
            models.UniqueConstraint(
                fields=["evenement", "public"],
                name="public_present_unique",
                violation_error_message="Ce public est déjà noté.",
            ),
            models.CheckConstraint(
                name="public_present_connu",
                condition=Q(public__in=PublicParticipant.values),
                violation_error_message="Ce public n’existe pas.",
            ),
        ]

    def __str__(self):
        return self.get_public_display()
