"""A document that a worker makes, for whoever may read what it is made of."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ctg.models import Convention
from evaluation.enums import Recette, StatutFabrication


class Fabrication(models.Model):
    """One recipe and one content: `cle` is drawn from both.

    `demandeurs`: who asked for it, and could read what it is made of; nobody else finds it. `edition`: the canonical
    JSON of what is made, until it is. A row lives a day (`evaluation.fabrication`).
    """

    LU_OU_ECRIT = True

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="fabrications", verbose_name="convention"
    )
    demandeurs = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="fabrications", verbose_name="demandé par"
    )
    recette = models.CharField("recette", max_length=10, choices=Recette)
    cle = models.CharField("clé", max_length=64, unique=True, editable=False)
    nom = models.CharField("nom", max_length=200)
    edition = models.TextField("contenu", blank=True, editable=False)
    statut = models.CharField(
        "statut", max_length=10, choices=StatutFabrication, default=StatutFabrication.EN_ATTENTE
    )
    pourcentage = models.PositiveSmallIntegerField("pourcentage", default=0)
    etape = models.CharField("étape", max_length=60, blank=True)
    fichier = models.FileField("fichier", upload_to="documents/", max_length=255, blank=True)
    date_demande = models.DateTimeField("demande")
    date_signe = models.DateTimeField("dernier signe")

    class Meta:
        verbose_name = "document préparé"
        verbose_name_plural = "documents préparés"
        constraints = [
            models.CheckConstraint(
                name="fabrication_connue",
                condition=Q(
                    recette__in=Recette.values, statut__in=StatutFabrication.values, pourcentage__lte=100
                ),
                violation_error_message="Ce document n’existe pas.",
            ),
            models.CheckConstraint(
                name="fabrication_prete_a_un_fichier",
                condition=Q(statut=StatutFabrication.PRETE) ^ Q(fichier=""),
                violation_error_message="Un document prêt a un fichier, et lui seul.",
            ),
        ]

    def __str__(self):
        return self.nom
