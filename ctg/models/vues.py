"""A list as one person likes to see it: filters, order, columns, under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ctg.models.convention import Convention


class VueEnregistree(models.Model):
    """`page`: the name of the list's address; `requete`: what follows the « ? »."""

    LU_OU_ECRIT = True

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="vues", verbose_name="convention")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="vues", verbose_name="utilisateur"
    )
    page = models.CharField("liste", max_length=60)
    nom = models.CharField("nom", max_length=60)
    requete = models.CharField("filtres", max_length=2_000)

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "utilisateur", "page", "nom"],
                name="vue_unique_par_nom",
                violation_error_message="Vous avez déjà une vue de ce nom.",
            ),
            models.CheckConstraint(
                name="vue_nommee",
                condition=~Q(nom=""),
                violation_error_message="Donnez un nom à cette vue.",
            ),
        ]

    def __str__(self):
        return self.nom
