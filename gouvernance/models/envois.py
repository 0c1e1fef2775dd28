"""What was sent to whom about a meeting: never twice for the same thing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ctg.models import Historique, Personne
from gouvernance.enums import NatureEnvoi
from gouvernance.models.reunions import Reunion


class EnvoiQuerySet(models.QuerySet):
    def for_list(self):
        """The latest first, with how many were to receive it and how many did; not what nobody waits for any more."""
        return (
            self.select_related("envoye_par")
            .annotate(
                nb_destinataires=models.Count("destinataires"),
                nb_envoyes=models.Count("destinataires", filter=Q(destinataires__date_envoi__isnull=False)),
            )
            .filter(nb_destinataires__gt=0)
            .order_by("-rang", "pk")
        )


class EnvoiReunion(models.Model):
    """One message about a meeting. `contenu` is what it said, so that the next one tells what changed.

    `sequence` numbers the invitation in calendars: it moves when the date, the hour, the length or the place does.
    """

    reunion = models.ForeignKey(Reunion, models.PROTECT, related_name="envois", verbose_name="réunion")
    rang = models.PositiveSmallIntegerField("rang", editable=False)
    nature = models.CharField("nature", max_length=12, choices=NatureEnvoi)
    sequence = models.PositiveSmallIntegerField("version de l’invitation", default=0, editable=False)
    contenu = models.JSONField("contenu", default=dict, editable=False)
    message = models.TextField("message", blank=True, default="")
    envoye_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="envois_de_reunion",
        verbose_name="envoyé par",
        editable=False,
    )
    created_at = models.DateTimeField("demande", editable=False)

    objects = EnvoiQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "envoi d’une réunion"
        verbose_name_plural = "envois des réunions"
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "rang"],
                name="envoi_reunion_rang_unique",
                violation_error_message="Un envoi de la réunion porte déjà ce rang.",
            ),
            models.CheckConstraint(
                name="envoi_reunion_nature_connue",
                condition=Q(nature__in=NatureEnvoi.values),
                violation_error_message="Cette nature d’envoi n’existe pas.",
            ),
        ]

    def __str__(self):
        return f"{self.get_nature_display()}, réunion {self.reunion_id}"

    @property
    def is_du_circuit(self) -> bool:
        """Between those who keep the meetings and those who give the aval."""
        return self.nature in NatureEnvoi.DU_CIRCUIT

    def adresse_de(self, personne: Personne) -> str:
        """The circuit is of those who have an account. Empty: nobody to write to."""
        if self.is_du_circuit:
            return personne.utilisateur.email if personne.utilisateur else ""
        return personne.email


class DestinataireEnvoi(models.Model):
    """A person to whom it is sent. `date_envoi` is set before the mail leaves, and taken off if the server refuses it."""

    envoi = models.ForeignKey(
        EnvoiReunion, models.CASCADE, related_name="destinataires", verbose_name="envoi"
    )
    personne = models.ForeignKey(
        Personne, models.CASCADE, related_name="envois_recus", verbose_name="destinataire"
    )
    date_envoi = models.DateTimeField("envoi", null=True, editable=False)

    class Meta:
        verbose_name = "destinataire d’un envoi"
        verbose_name_plural = "destinataires des envois"
        constraints = [
            models.UniqueConstraint(
                fields=["envoi", "personne"],
                name="destinataire_jamais_deux_fois",
                violation_error_message="Cette personne est déjà destinataire de cet envoi.",
            ),
        ]

    def __str__(self):
        return str(self.personne_id)
