"""Closed vocabularies of the committees."""

from enum import nonmember

from django.db import models


class TypeInstance(models.TextChoices):
    COPIL = "copil", "comité de pilotage"
    COMITE_SUIVI = "comite_suivi", "comité de suivi"
    SEMINAIRE = "seminaire", "séminaire annuel"
    JOURNEES_RESEAU = "journees_reseau", "journées réseau"


class QualiteMembre(models.TextChoices):
    COPRESIDENT = "copresident", "coprésidence"
    MEMBRE = "membre", "membre"
    ASSOCIE = "associe", "associé"
    RESSOURCE = "ressource", "personne ressource"


class QualiteMandat(models.TextChoices):
    """How a person holds a seat."""

    TITULAIRE = "titulaire", "titulaire"
    SUPPLEANT = "suppleant", "suppléant"


class NatureEnonce(models.TextChoices):
    OBJECTIF_LIE = "objectif_lie", "objectif opérationnel lié"
    PRINCIPE = "principe", "principe de la coordination"
    ENJEU = "enjeu", "enjeu de la coordination"
    CONSIDERATION = "consideration", "élément à prendre en compte"
    ACTION = "action", "action inscrite à la CTG"


class NiveauCoordination(models.TextChoices):
    GENERAL = "general", "générale"
    THEMATIQUE = "thematique", "thématique"
    TERRITORIAL = "territorial", "territoriale"


class NatureJalon(models.TextChoices):
    """What a date of the calendar is."""

    SEMINAIRE = "seminaire", "séminaire de quartier"
    TEMPS_FORT = "temps_fort", "temps fort"
    RENCONTRE = "rencontre", "rencontre de partenaires"
    ECHEANCE = "echeance", "échéance"
    AUTRE = "autre", "autre date"


class EtatDecision(models.TextChoices):
    A_FAIRE = "a_faire", "à faire"
    EN_COURS = "en_cours", "en cours"
    FAITE = "faite", "faite"
    ABANDONNEE = "abandonnee", "abandonnée"

    # Nothing is expected of these any more.
    CLOS = nonmember(frozenset({"faite", "abandonnee"}))


class EtatCompteRendu(models.TextChoices):
    BROUILLON = "brouillon", "brouillon"
    TRANSMIS = "transmis", "transmis pour aval"
    AVALISE = "avalise", "avalisé"
    DIFFUSE = "diffuse", "diffusé"

    # What was sent for the aval is what is given it, and what is distributed.
    VERROUILLES = nonmember(frozenset({"transmis", "avalise", "diffuse"}))


class ActionCompteRendu(models.TextChoices):
    TRANSMETTRE = "transmettre", "transmis pour aval"
    AVALISER = "avaliser", "aval donné"
    REFUSER = "refuser", "aval refusé"
    DIFFUSER = "diffuser", "diffusé"


class EtatPresence(models.TextChoices):
    PRESENT = "present", "présent"
    EXCUSE = "excuse", "excusé"
    REPRESENTE = "represente", "représenté"
    ABSENT = "absent", "absent"

    # They deliberate.
    SIEGENT = nonmember(frozenset({"present", "represente"}))


class NatureEnvoi(models.TextChoices):
    CONVOCATION = "convocation", "convocation"
    CHANGEMENT = "changement", "changement"
    ANNULATION = "annulation", "annulation"
    COMPTE_RENDU = "compte_rendu", "compte rendu"
    AVAL_DEMANDE = "aval_demande", "demande d’aval"
    AVAL_DONNE = "aval_donne", "aval donné"
    AVAL_REFUSE = "aval_refuse", "aval refusé"

    # What is said of the circuit of the minutes, and the state in which it still holds.
    DU_CIRCUIT = nonmember({"aval_demande": "transmis", "aval_donne": "avalise", "aval_refuse": "brouillon"})


class EtatObligation(models.TextChoices):
    """What becomes, in one year, of the number of meetings that the signed text asks for."""

    TENUE = "tenue", "tenue"
    PREVUE = "prevue", "prévue"
    DUE = "due", "due"
    MANQUEE = "manquee", "manquée"
