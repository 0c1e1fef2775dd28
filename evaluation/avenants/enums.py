"""Closed vocabularies of the projet d’avenant."""

from enum import nonmember

from django.db import models


class EtatProjet(models.TextChoices):
    EN_PREPARATION = "en_preparation", "en préparation"
    ARRETE = "arrete", "arrêté"
    SIGNE = "signe", "signé"
    APPLIQUE = "applique", "appliqué"
    ABANDONNE = "abandonne", "abandonné"

    # Their content is that of its hash.
    FIGES = nonmember(frozenset({"arrete", "signe", "applique"}))

    @property
    def ton(self) -> str:
        return {
            "en_preparation": "info",
            "arrete": "attention",
            "signe": "attention",
            "applique": "succes",
            "abandonne": "neutre",
        }[self]


class NatureChangement(models.TextChoices):
    """What an avenant may change, in the order of the page that proposes it."""

    AXE_AJOUTER = "axe_ajouter", "ajouter un axe"
    AXE_MODIFIER = "axe_modifier", "changer le texte d’un axe"
    AXE_CLORE = "axe_clore", "clore un axe"
    OBJECTIF_AJOUTER = "objectif_ajouter", "ajouter un objectif"
    OBJECTIF_MODIFIER = "objectif_modifier", "changer le texte d’un objectif"
    OBJECTIF_CLORE = "objectif_clore", "clore un objectif"
    FICHE_AJOUTER = "fiche_ajouter", "ajouter une fiche"
    FICHE_MODIFIER = "fiche_modifier", "changer le texte d’une fiche"
    FICHE_RATTACHER = "fiche_rattacher", "rattacher une fiche à d’autres axes"
    FICHE_CLORE = "fiche_clore", "clore une fiche"
    INDICATEUR_AJOUTER = "indicateur_ajouter", "ajouter un indicateur"
    INDICATEUR_REMPLACER = "indicateur_remplacer", "remplacer un indicateur"
    INDICATEUR_CLORE = "indicateur_clore", "clore un indicateur"
    STRUCTURE_INSCRIRE = "structure_inscrire", "inscrire une structure aux annexes 2 et 2 bis"
    INSCRIPTION_CHANGER = "inscription_changer", "changer une ligne des annexes 2 et 2 bis"
    INSCRIPTION_RETIRER = "inscription_retirer", "retirer une ligne des annexes 2 et 2 bis"
    SIGNATAIRE_AJOUTER = "signataire_ajouter", "ajouter un signataire"
    SIGNATAIRE_RETIRER = "signataire_retirer", "retirer un signataire"

    @property
    def verbe(self) -> str:
        return self.value.partition("_")[2]
