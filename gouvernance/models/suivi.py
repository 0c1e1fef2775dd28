"""What becomes of a decision: notes that are only added, the axes that it touches, the reminders that left."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ctg.models import Historique, Personne, Service
from ctg.textes import texte_borne, textes_bornes
from fiches.models import Axe
from gouvernance.enums import EtatDecision
from gouvernance.models.decisions import Decision

SEULEMENT_AJOUTEE = "Une note de suivi ne se réécrit pas : ajoutez-en une autre."


class SuiteDecision(models.Model):
    """A dated note on what was done. `etat`, `echeance`, `responsable` or `service`: what the decision became with it, and
    what it was `_avant`; empty: nothing changed."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="suites", verbose_name="décision")
    texte = models.TextField("ce qui a été fait", validators=[texte_borne])
    etat = models.CharField("nouvel état", max_length=12, choices=EtatDecision, blank=True, default="")
    echeance_avant = models.DateField("échéance d’avant", null=True, blank=True, editable=False)
    echeance = models.DateField("nouvelle échéance", null=True, blank=True)
    responsable_avant = models.ForeignKey(
        Personne,
        models.PROTECT,
        related_name="suites_qui_reprennent",
        verbose_name="responsable d’avant",
        null=True,
        blank=True,
        editable=False,
    )
    responsable = models.ForeignKey(
        Personne,
        models.PROTECT,
        related_name="suites_qui_confient",
        verbose_name="nouvelle personne responsable",
        null=True,
        blank=True,
    )
    service_avant = models.ForeignKey(
        Service,
        models.PROTECT,
        related_name="suites_qui_reprennent",
        verbose_name="service d’avant",
        null=True,
        blank=True,
        editable=False,
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        related_name="suites_qui_confient",
        verbose_name="nouveau service responsable",
        null=True,
        blank=True,
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="suites_notees", verbose_name="auteur"
    )
    created_at = models.DateTimeField("date", default=timezone.now, editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "note de suivi"
        verbose_name_plural = "notes de suivi"
        constraints = [
            models.CheckConstraint(
                name="suite_ecrite",
                condition=~Q(texte=""),
                violation_error_message="Écrivez ce qui a été fait.",
            ),
            models.CheckConstraint(
                name="suite_etat_connu",
                condition=Q(etat__in=["", *EtatDecision.values]),
                violation_error_message="Cet état n’existe pas.",
            ),
            textes_bornes("texte", name="suite_texte_borne"),
            models.CheckConstraint(
                name="suite_un_responsable",
                condition=Q(responsable=None) | Q(service=None),
                violation_error_message="Choisissez une personne ou un service responsable, pas les deux.",
            ),
            models.CheckConstraint(
                name="suite_dit_ce_qui_change",
                condition=(Q(echeance_avant=None) | Q(echeance__isnull=False))
                & (
                    Q(responsable_avant=None, service_avant=None)
                    | Q(responsable__isnull=False)
                    | Q(service__isnull=False)
                ),
                violation_error_message="Une note dit ce qui change, et ce qu’il y avait avant.",
            ),
        ]

    def __str__(self):
        return self.texte[:60]

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError(SEULEMENT_AJOUTEE)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"{self.decision.page}#suites"

    def clean(self):
        super().clean()
        if self.responsable_id and self.responsable.convention_id != self.decision.convention_id:
            raise ValidationError({"responsable": "Cette personne n’est pas de cette convention."})

    @property
    def confiee_a(self) -> Personne | Service | None:
        """Who does it from now on; None: nothing changed."""
        return self.responsable or self.service

    @property
    def confiee_avant(self) -> Personne | Service | None:
        return self.responsable_avant or self.service_avant

    @property
    def convention_id(self) -> int:
        """What the rights are asked of."""
        return self.decision.convention_id


class DecisionAxe(models.Model):
    """A decision that touches an axe, of any level."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="liens_axe", verbose_name="décision")
    axe = models.ForeignKey(Axe, models.PROTECT, related_name="decisions", verbose_name="axe")

    historique = Historique()

    class Meta:
        verbose_name = "décision sur un axe"
        verbose_name_plural = "décisions sur les axes"
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "axe"],
                name="decision_axe_unique",
                violation_error_message="Cette décision est déjà liée à cet axe.",
            ),
        ]

    def __str__(self):
        return str(self.axe)

    def clean(self):
        super().clean()
        if self.axe_id and self.axe.convention_id != self.decision.convention_id:
            raise ValidationError({"axe": "Cet axe n’est pas de cette convention."})


class RappelDecision(models.Model):
    """A reminder to the person responsible. `cle` names the thing: « 2026-10-31-7 », a due date and a day of reminder.

    `date_envoi` is set before the mail leaves, and taken off if the server refuses it: the next run tries again.
    """

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="rappels", verbose_name="décision")
    personne = models.ForeignKey(
        Personne, models.CASCADE, related_name="rappels_decision", verbose_name="destinataire"
    )
    cle = models.SlugField("objet", max_length=60)
    created_at = models.DateTimeField("création", default=timezone.now, editable=False)
    date_envoi = models.DateTimeField("envoi", null=True, editable=False)

    class Meta:
        verbose_name = "rappel d’une décision"
        verbose_name_plural = "rappels des décisions"
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "personne", "cle"],
                name="rappel_decision_jamais_deux_fois",
                violation_error_message="Cette personne a déjà été prévenue de cela.",
            ),
        ]

    def __str__(self):
        return self.cle
