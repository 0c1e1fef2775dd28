"""A file that is kept as it was given out: its bytes never change, and a hash says so."""

from django.db import models
from django.db.models import Q

EMPREINTE = Q(empreinte__regex=r"^[0-9a-f]{64}$")
EMPREINTE_FAUSSE = "Une empreinte a 64 chiffres hexadécimaux."


class FichierConserve(models.Model):
    """Written by `ctg.fichiers`. Each kind says in `fichier` where its files are."""

    nom = models.CharField("nom", max_length=200)
    empreinte = models.CharField("empreinte", max_length=64, db_index=True, editable=False)
    taille = models.PositiveIntegerField("taille")

    class Meta:
        abstract = True

    def __str__(self):
        return self.nom
