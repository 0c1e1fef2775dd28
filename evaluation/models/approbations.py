"""What is put to the signataires: its content is frozen under a hash, and each of them answers on that hash."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ctg.dates import date_plausible
from ctg.models import EMPREINTE, EMPREINTE_FAUSSE, Document, Historique, Organisme
from ctg.textes import texte_borne
from evaluation.models.bilans import compte_field
from evaluation.models.protocole import Protocole
from evaluation.models.questions import QuestionEvaluative
from evaluation.protocole.enums import DecisionApprobation

UN_SEUL_OBJET = Q(protocole__isnull=False, question=None) | Q(protocole=None, question__isnull=False)


class Approbation(models.Model):
    """What one signataire answered: through its représentant, or on paper, typed by who keeps the protocole."""

    protocole = models.ForeignKey(
        Protocole,
        models.PROTECT,
        related_name="approbations",
        verbose_name="version du protocole",
        null=True,
        blank=True,
    )
    question = models.ForeignKey(
        QuestionEvaluative,
        models.PROTECT,
        related_name="approbations",
        verbose_name="question évaluative",
        null=True,
        blank=True,
    )
    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="approbations", verbose_name="signataire"
    )
    decision = models.CharField("réponse", max_length=10, choices=DecisionApprobation)
    motif = models.TextField("motif", blank=True, default="", validators=[texte_borne])
    empreinte = models.CharField("empreinte", max_length=64, editable=False)
    date_acte = models.DateField(
        "date de la réponse", validators=[date_plausible], help_text="Celle que porte le document."
    )
    fonction = models.CharField(
        "fonction de qui répond", max_length=200, help_text="Une fonction, jamais un nom."
    )
    is_papier = models.BooleanField("donnée sur papier", default=False, editable=False)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        related_name="approbations",
        verbose_name="document de la convention",
        null=True,
        blank=True,
        help_text="S’il est dans « Documents ».",
    )
    reference = models.CharField(
        "document qui le dit",
        max_length=300,
        blank=True,
        default="",
        help_text="Par exemple : délibération n° 12 du 4 mars 2026, ou courrier du 6 mars 2026.",
    )
    rendue_par = compte_field("enregistrée par", "approbations_rendues")
    date = models.DateTimeField("enregistrement", editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "approbation"
        constraints = [
            models.CheckConstraint(
                name="approbation_un_seul_objet",
                condition=UN_SEUL_OBJET,
                violation_error_message="Une approbation porte sur une version du protocole ou sur une question.",
            ),
            models.UniqueConstraint(
                fields=["protocole", "organisme"],
                name="approbation_unique_par_protocole",
                violation_error_message="Ce signataire a déjà répondu sur cette version.",
            ),
            models.UniqueConstraint(
                fields=["question", "organisme"],
                name="approbation_unique_par_question",
                violation_error_message="Ce signataire a déjà répondu sur cette question.",
            ),
            models.CheckConstraint(
                name="approbation_refus_motive",
                condition=Q(decision=DecisionApprobation.APPROUVE)
                | (Q(decision=DecisionApprobation.REFUSE) & ~Q(motif="")),
                violation_error_message="Un refus dit pourquoi.",
            ),
            models.CheckConstraint(
                name="approbation_empreinte", condition=EMPREINTE, violation_error_message=EMPREINTE_FAUSSE
            ),
            models.CheckConstraint(
                name="approbation_papier_sourcee",
                condition=(Q(is_papier=True) & (Q(document__isnull=False) | ~Q(reference="")))
                | Q(is_papier=False, document=None, reference=""),
                violation_error_message=(
                    "Une réponse sur papier dit quel document la porte : choisissez-le ou écrivez sa référence."
                ),
            ),
            models.CheckConstraint(
                name="approbation_fonction_dite",
                condition=~Q(fonction=""),
                violation_error_message="Dites par quelle fonction la réponse est donnée.",
            ),
        ]

    def __str__(self):
        return f"{self.organisme} : {self.get_decision_display()}"

    def clean(self):
        super().clean()
        objet = self.objet
        if self.document_id and objet and self.document.convention_id != objet.convention_id:
            raise ValidationError({"document": "Ce document n’est pas de cette convention."})

    @property
    def objet(self) -> Protocole | QuestionEvaluative | None:
        return self.protocole or self.question


class AvisApprobation(models.Model):
    """A mail to somebody who may approve: never twice for the same content.

    `date_envoi` is set before the mail leaves, and taken off if the server refuses it: the next run tries again.
    """

    protocole = models.ForeignKey(
        Protocole,
        models.CASCADE,
        related_name="avis",
        verbose_name="version du protocole",
        null=True,
        blank=True,
    )
    question = models.ForeignKey(
        QuestionEvaluative,
        models.CASCADE,
        related_name="avis",
        verbose_name="question évaluative",
        null=True,
        blank=True,
    )
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="avis_approbation",
        verbose_name="destinataire",
    )
    empreinte = models.CharField("empreinte", max_length=64, editable=False)
    created_at = models.DateTimeField("création", editable=False)
    date_envoi = models.DateTimeField("envoi", null=True, editable=False)

    class Meta:
        verbose_name = "avis d’approbation"
        verbose_name_plural = "avis d’approbation"
        constraints = [
            models.CheckConstraint(
                name="avis_un_seul_objet",
                condition=UN_SEUL_OBJET,
                violation_error_message="Un avis porte sur une version du protocole ou sur une question.",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "empreinte"],
                name="avis_jamais_deux_fois",
                violation_error_message="Cette personne a déjà été prévenue de cela.",
            ),
        ]

    def __str__(self):
        return f"{self.empreinte[:12]} – {self.utilisateur_id}"

    @property
    def objet(self) -> Protocole | QuestionEvaluative:
        return self.protocole or self.question
