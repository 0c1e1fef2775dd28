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
    TRES_GRANDE_CRECHE = "tres-grande-creche", "très grande crèche"
    MICRO_CRECHE = "micro-creche", "micro-crèche"
    HALTE_GARDERIE = "halte-garderie", "halte-garderie"
    CRECHE_FAMILIALE = "creche-familiale", "crèche familiale"
    JARDIN_ENFANTS = "jardin-enfants", "jardin d’enfants"
    PERISCOLAIRE = "periscolaire", "périscolaire"
    EXTRASCOLAIRE = "extrascolaire", "extrascolaire"


# Places of each category of crèche collective (code de la santé publique, art. R. 2324-46, I): {category: (least, most)}.
TAILLES_EAJE: dict[str, tuple[int, int | None]] = {
    SousType.MICRO_CRECHE: (1, 12),
    SousType.PETITE_CRECHE: (13, 24),
    SousType.CRECHE: (25, 39),
    SousType.GRANDE_CRECHE: (40, 59),
    SousType.TRES_GRANDE_CRECHE: (60, None),
}


class SituationQPV(models.TextChoices):
    """Whether a structure stands in a quartier prioritaire de la politique de la ville; empty: not known."""

    OUI = "oui", "oui"
    NON = "non", "non"


class NatureAgrement(models.TextChoices):
    CENTRE_SOCIAL = "centre-social", "centre social"
    PROJET_FAMILLES = "projet-familles", "projet familles"
    PROJET_JEUNESSE = "projet-jeunesse", "projet jeunesse"


class StatutProposition(models.TextChoices):
    EN_ATTENTE = "en_attente", "en attente"
    ACCEPTEE = "acceptee", "acceptée"
    REFUSEE = "refusee", "refusée"
