"""Closed vocabularies of the registry."""

from django.db import models


class AnnexeInscription(models.TextChoices):
    A2 = "2", "Annexe 2"
    A2BIS = "2 bis", "Annexe 2 bis"


class SousType(models.TextChoices):
    MULTI_ACCUEIL = "multi-accueil", "multi-accueil"
    CRECHE = "creche", "crèche"
    PETITE_CRECHE = "petite-creche", "petite crèche"
    GRANDE_CRECHE = "grande-creche", "grande crèche"
    MICRO_CRECHE = "micro-creche", "micro-crèche"
    PERISCOLAIRE = "periscolaire", "périscolaire"
    EXTRASCOLAIRE = "extrascolaire", "extrascolaire"


class NatureAgrement(models.TextChoices):
    CENTRE_SOCIAL = "centre-social", "centre social"
    PROJET_FAMILLES = "projet-familles", "projet familles"
    PROJET_JEUNESSE = "projet-jeunesse", "projet jeunesse"
