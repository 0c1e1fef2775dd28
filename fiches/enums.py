"""Closed vocabularies of the action plan."""

from django.db import models


class NatureObjectif(models.TextChoices):
    OBJECTIF = "objectif", "objectif opérationnel"
    CONSIDERATION = "consideration", "considération"
    DECLINAISON = "declinaison", "déclinaison"


class StatutFiche(models.TextChoices):
    A_ENGAGER = "a_engager", "à engager"
    EN_PREPARATION = "en_preparation", "en préparation"
    EN_COURS = "en_cours", "en cours"
    REALISEE = "realisee", "réalisée"
    PERENNISEE = "perennisee", "pérennisée"
    REPORTEE = "reportee", "reportée"
    SUSPENDUE = "suspendue", "suspendue"
    REORIENTEE = "reorientee", "réorientée"
    ABANDONNEE = "abandonnee", "abandonnée"


class Priorite(models.TextChoices):
    ELEVEE = "elevee", "élevée"
    MOYENNE = "moyenne", "moyenne"
    BASSE = "basse", "basse"


class Participation(models.TextChoices):
    """How far the inhabitants take part."""

    AUCUNE = "aucune", "aucune"
    INFORMATION = "information", "information"
    CONSULTATION = "consultation", "consultation"
    CONCERTATION = "concertation", "concertation"
    CO_CONSTRUCTION = "co_construction", "co-construction"


class RoleImplication(models.TextChoices):
    PILOTE = "pilote", "pilote"
    COPILOTE = "copilote", "copilote"
    FINANCEUR = "financeur", "financeur"
    PARTENAIRE = "partenaire", "partenaire"
    ASSOCIE = "associe", "associé"


class NatureMoyen(models.TextChoices):
    """The unit follows the nature: posts in ETP, all the rest in euros."""

    ETP = "etp", "postes (ETP)"
    FONCTIONNEMENT = "fonctionnement", "fonctionnement (€)"
    INVESTISSEMENT = "investissement", "investissement (€)"
    EN_NATURE = "en_nature", "en nature (valorisé, €)"
