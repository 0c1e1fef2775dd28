"""Closed vocabularies shared by every app."""

from enum import nonmember

from django.db import models


class Precision(models.TextChoices):
    """How much of a date the signed text gives."""

    JOUR = "jour", "jour"
    MOIS = "mois", "mois"
    ANNEE = "annee", "année"


class Numerotation(models.TextChoices):
    PAR_AXE = "par_axe", "par axe"
    CONTINUE = "continue", "continue"


class AvalComptesRendus(models.TextChoices):
    """Whose aval the minutes of a meeting wait for before they are distributed. None said: of whom gives that of the bilan."""

    CHOISIS = "choisis", "des organismes choisis ci-dessous"
    AUCUN = "aucun", "d’aucun : un compte rendu se diffuse sans aval"


class NatureOrganisme(models.TextChoices):
    COMMUNE = "commune", "commune"
    INTERCOMMUNALITE = "intercommunalite", "intercommunalité"
    CAF = "caf", "Caf"
    MSA = "msa", "MSA"
    DEPARTEMENT = "departement", "département"
    ETAT = "etat", "État"
    ASSOCIATION = "association", "association"
    MUTUELLE = "mutuelle", "mutuelle"
    ENTREPRISE = "entreprise", "entreprise"
    AUTRE = "autre", "autre"


class NatureDocument(models.TextChoices):
    REFERENCE = "reference", "document de référence"
    DELIBERATION = "deliberation", "délibération"


class Annexe(models.TextChoices):
    """The annexes of a convention; the model convention of the Caf has these six."""

    A1 = "1", "Annexe 1 – Diagnostic partagé"
    A2 = "2", "Annexe 2 – Équipements et services soutenus"
    A2BIS = "2 bis", "Annexe 2 bis – Équipements non éligibles au bonus territoire"
    A3 = "3", "Annexe 3 – Plan d’actions"
    A4 = "4", "Annexe 4 – Pilotage et suivi"
    A5 = "5", "Annexe 5 – Évaluation"
    A6 = "6", "Annexe 6 – Décision du conseil municipal"


class Role(models.TextChoices):
    """What a mandate lets its holder do: see `permissions.py` of each app."""

    ADMINISTRATEUR = "administrateur", "administrateur"
    CHARGE_COOPERATION = "charge_cooperation", "chargé de coopération"
    COORDINATEUR_THEMATIQUE = "coordinateur_thematique", "coordinateur thématique"
    REFERENT = "referent", "référent de fiche"
    COORDINATEUR_TERRITORIAL = "coordinateur_territorial", "coordinateur territorial"
    CONSEILLER_CAF = "conseiller_caf", "conseiller Caf"
    REPRESENTANT = "representant", "représentant d’un signataire"
    MEMBRE_COPIL = "membre_copil", "membre du COPIL"
    LECTEUR = "lecteur", "lecteur"

    # Those who grant rights, write everything or give the aval: a stolen password must not be enough.
    SENSIBLES = nonmember(frozenset({"administrateur", "charge_cooperation", "conseiller_caf"}))
    # Those who work on the year's figures before any version of the bilan is released.
    EQUIPE = nonmember(
        frozenset(
            {
                "administrateur",
                "charge_cooperation",
                "coordinateur_thematique",
                "referent",
                "coordinateur_territorial",
                "conseiller_caf",
            }
        )
    )
