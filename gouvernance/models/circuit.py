"""What became of the minutes of a meeting, step by step: who, by what function, when."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ctg.models import Historique, Organisme
from gouvernance.enums import ActionCompteRendu
from gouvernance.models.reunions import Reunion

REPONSES = [ActionCompteRendu.AVALISER, ActionCompteRendu.REFUSER]


class EtapeCompteRendu(models.Model):
    """One step of the circuit. `tour` counts the transmissions: a refusal is followed by another."""

    reunion = models.ForeignKey(Reunion, models.PROTECT, related_name="etapes", verbose_name="réunion")
    tour = models.PositiveSmallIntegerField("tour", editable=False)
    action = models.CharField("étape", max_length=12, choices=ActionCompteRendu)
    organisme = models.ForeignKey(
        Organisme,
        models.PROTECT,
        related_name="avals_de_compte_rendu",
        verbose_name="organisme",
        null=True,
        blank=True,
    )
    motif = models.TextField("motif", blank=True, default="")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="etapes_de_compte_rendu",
        verbose_name="par",
        editable=False,
    )
    fonction = models.CharField("fonction", max_length=200, editable=False)
    date = models.DateTimeField("date", editable=False)

    historique = Historique()

    class Meta:
        verbose_name = "étape d’un compte rendu"
        verbose_name_plural = "étapes des comptes rendus"
        constraints = [
            models.CheckConstraint(
                name="etape_compte_rendu_connue",
                condition=Q(action__in=ActionCompteRendu.values),
                violation_error_message="Cette étape n’existe pas.",
            ),
            models.CheckConstraint(
                name="etape_refus_motive",
                condition=~Q(action=ActionCompteRendu.REFUSER) | ~Q(motif=""),
                violation_error_message="Un refus dit pourquoi.",
            ),
            models.CheckConstraint(
                name="etape_organisme_de_la_reponse",
                condition=Q(action__in=REPONSES, organisme__isnull=False)
                | (~Q(action__in=REPONSES) & Q(organisme=None)),
                violation_error_message="Une réponse est celle d’un organisme ; une autre étape, de personne d’autre.",
            ),
            models.UniqueConstraint(
                fields=["reunion", "tour", "organisme"],
                name="etape_une_reponse_par_tour",
                violation_error_message="Cet organisme a déjà répondu sur ce compte rendu.",
            ),
        ]

    def __str__(self):
        return f"{self.get_action_display()}, réunion {self.reunion_id}"
