"""The projet d’avenant: what the signataires are about to change, before it is in force."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ctg.dates import date_plausible, date_plausible_constraint
from ctg.models import Avenant, Convention, Historique, Source
from ctg.textes import texte_borne
from evaluation.avenants.enums import EtatProjet
from gouvernance.models import Decision

FIGE = "Ce projet d’avenant est {etat} : son contenu ne change plus. Reprenez-le d’abord en préparation."


class ProjetAvenantQuerySet(models.QuerySet):
    def vivants(self):
        return self.exclude(statut=EtatProjet.ABANDONNE)

    def a_appliquer(self, *, au: datetime.date):
        """Signed, and their day has come."""
        return self.filter(statut=EtatProjet.SIGNE, date_effet__lte=au).order_by("date_effet", "numero", "pk")


class ProjetAvenant(Source):
    """An avenant from its drafting to its application. `contenu`: what was frozen, canonical; `empreinte`: its SHA-256."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="projets_avenant", verbose_name="convention"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    objet = models.CharField("objet", max_length=300)
    date_effet = models.DateField(
        "date d’effet",
        validators=[date_plausible],
        help_text="Le premier jour où ce qu’il change est en vigueur.",
    )
    expose = models.TextField(
        "exposé des motifs",
        blank=True,
        default="",
        validators=[texte_borne],
        help_text="Pourquoi la convention change : il ouvre les annexes de l’avenant.",
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="projets_avenant",
        verbose_name="décision qui le demande",
        null=True,
        blank=True,
        help_text="Celle du comité de pilotage.",
    )
    statut = models.CharField(
        "état", max_length=20, choices=EtatProjet, default=EtatProjet.EN_PREPARATION, editable=False
    )
    date_signature = models.DateField(
        "date de signature", null=True, blank=True, validators=[date_plausible], editable=False
    )
    contenu = models.TextField("contenu arrêté", blank=True, default="", editable=False)
    empreinte = models.CharField(
        "empreinte du contenu", max_length=64, blank=True, default="", editable=False
    )
    avenant = models.OneToOneField(
        Avenant,
        models.PROTECT,
        related_name="projet",
        verbose_name="avenant appliqué",
        null=True,
        blank=True,
        editable=False,
    )

    objects = ProjetAvenantQuerySet.as_manager()
    historique = Historique(excluded_fields=["contenu"])

    class Meta:
        verbose_name = "projet d’avenant"
        verbose_name_plural = "projets d’avenant"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "numero"],
                condition=~Q(statut=EtatProjet.ABANDONNE),
                name="projet_avenant_numero_unique",
                violation_error_message="Un projet d’avenant de cette convention a déjà ce numéro.",
            ),
            models.CheckConstraint(
                name="projet_avenant_numero_positif",
                condition=Q(numero__range=(1, 99)),
                violation_error_message="Le numéro d’un avenant va de 1 à 99.",
            ),
            models.CheckConstraint(
                name="projet_avenant_etat_connu",
                condition=Q(statut__in=EtatProjet.values),
                violation_error_message="Un projet d’avenant n’a pas cet état.",
            ),
            models.CheckConstraint(
                name="projet_avenant_fige_a_son_empreinte",
                condition=Q(statut__in=sorted(EtatProjet.FIGES)) & ~Q(contenu="") & ~Q(empreinte="")
                | ~Q(statut__in=sorted(EtatProjet.FIGES)) & Q(contenu="", empreinte=""),
                violation_error_message="Un projet arrêté garde son contenu et son empreinte ; les autres n’en ont pas.",
            ),
            models.CheckConstraint(
                name="projet_avenant_signe_a_sa_date",
                condition=Q(statut__in=[EtatProjet.SIGNE, EtatProjet.APPLIQUE], date_signature__isnull=False)
                | Q(
                    statut__in=[EtatProjet.EN_PREPARATION, EtatProjet.ARRETE, EtatProjet.ABANDONNE],
                    date_signature=None,
                ),
                violation_error_message="Un avenant signé a sa date de signature ; un projet n’en a pas.",
            ),
            models.CheckConstraint(
                name="projet_avenant_applique_a_son_avenant",
                condition=Q(statut=EtatProjet.APPLIQUE, avenant__isnull=False)
                | ~Q(statut=EtatProjet.APPLIQUE) & Q(avenant=None),
                violation_error_message="Un projet appliqué a son avenant, et lui seul.",
            ),
            date_plausible_constraint("date_effet", name="projet_avenant_date_plausible"),
        ]

    def __str__(self):
        return f"Avenant n° {self.numero} – {self.objet}"

    def get_absolute_url(self):
        return reverse("avenants:detail", kwargs={"convention": self.convention.slug, "pk": self.pk})

    def clean(self):
        super().clean()
        if not self.convention_id or self.statut == EtatProjet.ABANDONNE:
            return
        signes = Avenant.objects.filter(convention=self.convention_id, numero=self.numero)
        if signes.exclude(pk=self.avenant_id).exists():
            raise ValidationError({"numero": "Cette convention a déjà un avenant de ce numéro."})
        if self.decision_id and self.decision.reunion.convention_id != self.convention_id:
            raise ValidationError({"decision": "Cette décision n’est pas de cette convention."})

    @property
    def is_modifiable(self) -> bool:
        return self.statut == EtatProjet.EN_PREPARATION

    @property
    def etat(self) -> EtatProjet:
        return EtatProjet(self.statut)
