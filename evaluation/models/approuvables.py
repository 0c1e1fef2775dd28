"""What the versions of the protocole and the questions share: a content that is frozen once it is put to approval."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ctg.models import EMPREINTE
from evaluation.models.campagnes import COMPTE
from evaluation.protocole.enums import INITIAUX


class Approuvable(models.Model):
    """`statut` and what is below change only through `evaluation.protocole.approbation`."""

    contenu = models.TextField("contenu", blank=True, default="", editable=False)
    empreinte = models.CharField("empreinte", max_length=64, blank=True, default="", editable=False)
    soumise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="%(class)s_soumis",
        verbose_name="soumise par",
        **COMPTE,
    )
    date_soumission = models.DateTimeField("soumission", **COMPTE)
    date_reponse = models.DateTimeField("approbation ou refus", **COMPTE)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_fige_si_soumis",
                condition=Q(
                    statut__in=INITIAUX, contenu="", empreinte="", date_soumission=None, soumise_par=None
                )
                | (
                    ~Q(statut__in=INITIAUX)
                    & ~Q(contenu="")
                    & EMPREINTE
                    & Q(date_soumission__isnull=False, soumise_par__isnull=False)
                ),
                violation_error_message="Ce qui est soumis a son contenu figé, et dit quand et par qui.",
            ),
            models.CheckConstraint(
                name="%(class)s_reponse_coherente",
                condition=Q(statut__in=[*INITIAUX, "soumise"], date_reponse=None)
                | (~Q(statut__in=[*INITIAUX, "soumise"]) & Q(date_reponse__isnull=False)),
                violation_error_message="Ce qui est approuvé ou refusé dit quand.",
            ),
        ]

    @property
    def is_a_ecrire(self) -> bool:
        return self.statut in INITIAUX
