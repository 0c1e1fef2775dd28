"""Closed vocabularies of the evaluation."""

from enum import nonmember

from django.db import models

from fiches.enums import Participation


class NatureIndicateur(models.TextChoices):
    ENTIER = "entier", "nombre entier"
    DECIMAL = "decimal", "nombre décimal"
    POURCENTAGE = "pourcentage", "pourcentage"
    MONTANT = "montant", "montant"
    DUREE = "duree", "durée"
    OUI_NON = "oui_non", "oui / non"
    ECHELLE = "echelle", "échelle"
    TEXTE = "texte", "texte"

    # Natures whose value is not a quantity: no target to compare with, no gap to compute.
    SANS_ECART = nonmember(frozenset({"oui_non", "echelle", "texte"}))
    SANS_DECIMALE = nonmember(frozenset({"entier", "echelle", "oui_non"}))


class GrandeurActivite(models.TextChoices):
    """A figure of the yearly activity of a structure: the name of its field."""

    PLACES = "places", "places"
    HEURES = "heures", "heures réalisées"
    ENFANTS = "enfants", "enfants accueillis"
    TAUX = "taux_occupation", "taux d’occupation moyen"

    UNITES = nonmember({"places": "places", "heures": "heures", "enfants": "enfants", "taux_occupation": "%"})
    # The natures of the indicators that it can answer.
    NATURES = nonmember(
        {
            "places": frozenset({"entier", "decimal"}),
            "heures": frozenset({"entier", "decimal", "duree"}),
            "enfants": frozenset({"entier", "decimal"}),
            "taux_occupation": frozenset({"pourcentage", "decimal"}),
        }
    )


class TypeIndicateur(models.TextChoices):
    MOYENS = "moyens", "moyens"
    REALISATION = "realisation", "réalisation"
    RESULTAT = "resultat", "résultat"
    IMPACT = "impact", "impact"


class Periodicite(models.TextChoices):
    ANNUELLE = "annuelle", "annuelle"
    SEMESTRIELLE = "semestrielle", "semestrielle"
    UNIQUE = "unique", "une fois dans la convention"


class Periode(models.TextChoices):
    """What a year's value covers."""

    ANNEE_CIVILE = "annee_civile", "année civile"
    ANNEE_SCOLAIRE = "annee_scolaire", "année scolaire"
    A_DATE = "a_date", "situation au 31 décembre"


class Sens(models.TextChoices):
    """What one wishes the value to do."""

    HAUSSE = "hausse", "à la hausse"
    BAISSE = "baisse", "à la baisse"
    FOURCHETTE = "fourchette", "dans une fourchette"
    AUCUN = "aucun", "sans sens souhaité"


class SituationMesure(models.TextChoices):
    RENSEIGNEE = "renseignee", "renseignée"
    NON_RENSEIGNEE = "non_renseignee", "non renseignée"
    SANS_OBJET = "sans_objet", "sans objet"


class EtatMesure(models.TextChoices):
    DEFINITIVE = "definitive", "définitive"
    PROVISOIRE = "provisoire", "provisoire"
    ESTIMEE = "estimee", "estimée"


class Ventilation(models.TextChoices):
    """What the parts of a detailed value are."""

    AUCUNE = "aucune", "aucun"
    QUARTIER = "quartier", "par quartier"
    AGE = "age", "par âge"
    SEXE = "sexe", "par sexe"
    STRUCTURE = "structure", "par structure"


class Agregation(models.TextChoices):
    """How the parts of a value, or several values, make a total."""

    SOMME = "somme", "somme"
    MOYENNE = "moyenne", "moyenne"
    DERNIERE = "derniere", "dernière valeur"
    AUCUNE = "aucune", "aucun total"


class SensEffet(models.TextChoices):
    POSITIF = "positif", "positif"
    NEGATIF = "negatif", "négatif"


class OrigineEffet(models.TextChoices):
    DIRECT = "direct", "direct"
    INDIRECT = "indirect", "indirect"


class ObjetEffet(models.TextChoices):
    """What an effect is of."""

    FICHE = "fiche", "une fiche"
    AXE = "axe", "un axe"
    CONVENTION = "convention", "toute la convention"


class NatureCampagne(models.TextChoices):
    ANNUELLE = "annuelle", "campagne de l’année"
    CORRECTION = "correction", "campagne de correction"


class StatutCampagne(models.TextChoices):
    EN_PREPARATION = "en_preparation", "en préparation"
    OUVERTE = "ouverte", "ouverte"
    CLOSE = "close", "close"


class StatutSaisie(models.TextChoices):
    A_SAISIR = "a_saisir", "à saisir"
    EN_COURS = "en_cours", "en cours"
    SOUMISE = "soumise", "soumise"
    A_CORRIGER = "a_corriger", "à corriger"
    VALIDEE = "validee", "validée"

    MODIFIABLES = nonmember(frozenset({"a_saisir", "en_cours", "a_corriger"}))
    # What has left the hands of whoever enters it: read by the Caf, and its definitions are locked.
    REMISES = nonmember(frozenset({"soumise", "validee"}))


class NatureRappel(models.TextChoices):
    """Why a mail of a campaign is sent to somebody."""

    OUVERTURE = "ouverture", "annonce de l’ouverture"
    ECHEANCE = "echeance", "rappel"
    RELANCE = "relance", "relance"
    SOUMISE = "soumise", "saisie à valider"
    RENVOYEE = "renvoyee", "saisie renvoyée"
    ROUVERTE = "rouverte", "saisie rouverte"


class StatutBilan(models.TextChoices):
    FIGEE = "figee", "figée"
    AU_DEBAT = "au_debat", "au débat"
    TRANSMISE = "transmise", "transmise pour aval"
    AVALISEE = "avalisee", "avalisée"
    SOUMISE_COPIL = "soumise_copil", "soumise au COPIL"
    PUBLIEE = "publiee", "publiée"
    REFUSEE = "refusee", "refusée"
    REMPLACEE = "remplacee", "remplacée"

    # What the organisme that gives the aval has not been asked about yet.
    AVANT_TRANSMISSION = nonmember(frozenset({"figee", "au_debat"}))
    # Read by those who steer.
    AVALISES = nonmember(frozenset({"avalisee", "soumise_copil", "publiee"}))


class DecisionAval(models.TextChoices):
    DONNE = "donne", "donné"
    REFUSE = "refuse", "refusé"


class EtapeBilan(models.TextChoices):
    """A step that may be waived, by name and with a reason; the aval never is."""

    DEBAT = "debat", "le débat"
    COPIL = "copil", "le COPIL"


class Sortie(models.TextChoices):
    COMPLET = "complet", "complet"
    PUBLIC = "public", "public"


class ChampPublic(models.TextChoices):
    """Texts written for the public, approved one by one: of the convention, then of each fiche."""

    PRESENTATION = "presentation", "présentation de l’année"
    CONCLUSIONS = "conclusions", "conclusions du COPIL"
    REALISATIONS = "realisations", "réalisations de l’année"
    PUBLICS_TOUCHES = "publics_touches", "publics touchés"
    DIFFICULTES = "difficultes", "difficultés"
    AJUSTEMENTS = "ajustements", "ajustements"
    DECISION_DEMANDEE = "decision_demandee", "décision demandée au COPIL"

    DE_LA_CONVENTION = nonmember(("presentation", "conclusions"))
    D_UNE_FICHE = nonmember(
        ("realisations", "publics_touches", "difficultes", "ajustements", "decision_demandee")
    )


class Temps(models.TextChoices):
    """The sky of a météo, from the best; `icone` is a lucide name, `ton` one of the badges'."""

    SOLEIL = "soleil", "soleil"
    ECLAIRCIES = "eclaircies", "éclaircies"
    PLUIE = "pluie", "pluie"
    ORAGE = "orage", "orage"
    INCONNU = "inconnu", "trop peu de valeurs"

    @property
    def icone(self) -> str:
        return {
            "soleil": "sun",
            "eclaircies": "cloud-sun",
            "pluie": "cloud-rain",
            "orage": "cloud-lightning",
            "inconnu": "circle-question-mark",
        }[self]

    @property
    def ton(self) -> str:
        return {
            "soleil": "succes",
            "eclaircies": "info",
            "pluie": "attention",
            "orage": "danger",
            "inconnu": "neutre",
        }[self]


class Recette(models.TextChoices):
    """A document that takes too long for a request."""

    BILAN = "bilan", "bilan"
    CARNET = "carnet", "carnet des fiches"
    FICHE = "fiche", "fiche projet"
    FINALE = "finale", "évaluation finale"
    SCHEMA = "schema", "schéma pluriannuel petite enfance"
    TABLEAU = "tableau", "tableau récapitulatif"
    TABLEAU_ODS = "ods", "tableau récapitulatif, OpenDocument"


class StatutFabrication(models.TextChoices):
    EN_ATTENTE = "en_attente", "en attente"
    EN_COURS = "en_cours", "en cours"
    PRETE = "prete", "prête"
    ECHOUEE = "echouee", "échouée"


class NiveauParticipation(models.TextChoices):
    """How far the inhabitants take part in an event: the levels of a fiche, without « aucune »."""

    INFORMATION = Participation.INFORMATION.value, Participation.INFORMATION.label
    CONSULTATION = Participation.CONSULTATION.value, Participation.CONSULTATION.label
    CONCERTATION = Participation.CONCERTATION.value, Participation.CONCERTATION.label
    CO_CONSTRUCTION = Participation.CO_CONSTRUCTION.value, Participation.CO_CONSTRUCTION.label


class PublicParticipant(models.TextChoices):
    HABITANTS = "habitants", "habitants"
    PARENTS = "parents", "parents"
    ENFANTS = "enfants", "enfants"
    JEUNES = "jeunes", "jeunes"
    USAGERS = "usagers", "usagers d’un service"
    CONSEIL_DE_QUARTIER = "conseil_de_quartier", "conseil de quartier"
    ASSOCIATIONS = "associations", "associations d’habitants"
    AUTRES = "autres", "autres"


class StatutRevue(models.TextChoices):
    EN_PREPARATION = "en_preparation", "en préparation"
    PRESENTEE = "presentee", "présentée au COPIL"
    DECIDEE = "decidee", "décidée"


class Critere(models.TextChoices):
    """What an axe is judged by at mid-term; the values are the fields of a `AppreciationAxe`."""

    PERTINENCE = "pertinence", "pertinence"
    COHERENCE = "coherence", "cohérence"
    EFFICACITE = "efficacite", "efficacité"
    EFFICIENCE = "efficience", "efficience"
    IMPACT = "impact", "impact"
    DURABILITE = "durabilite", "durabilité"


class NatureProposition(models.TextChoices):
    MAINTENIR = "maintenir", "maintenir"
    REORIENTER = "reorienter", "réorienter"
    AJOUTER = "ajouter", "ajouter"
    CLORE = "clore", "clore"


class AjoutPropose(models.TextChoices):
    """What a proposition « ajouter » adds."""

    AXE = "axe", "un axe"
    FICHE = "fiche", "une fiche"


class IssueProposition(models.TextChoices):
    """What the COPIL did of a proposition."""

    RETENUE = "retenue", "retenue"
    ECARTEE = "ecartee", "écartée"
    AJOURNEE = "ajournee", "ajournée"


class NatureSerie(models.TextChoices):
    """What a series of the social watch counts."""

    EFFECTIF = "effectif", "effectif"
    TAUX = "taux", "taux (%)"
    MONTANT = "montant", "montant"
    AUTRE = "autre", "autre"


class PeriodeSerie(models.TextChoices):
    """What one figure of a series covers."""

    ANNEE = "annee", "année civile"
    SCOLAIRE = "scolaire", "année scolaire"
    JOUR = "jour", "situation à une date"


class CumulSerie(models.TextChoices):
    """How the figures of the quartiers make that of the city."""

    SOMME = "somme", "somme"
    MOYENNE = "moyenne", "moyenne pondérée (non calculée)"
    AUCUN = "aucun", "ne se cumulent pas"


class NiveauTerritoire(models.TextChoices):
    """What a territory that one compares with is."""

    COMMUNE = "commune", "commune"
    INTERCOMMUNALITE = "intercommunalite", "intercommunalité"
    DEPARTEMENT = "departement", "département"
    REGION = "region", "région"
    PAYS = "pays", "France"
    AUTRE = "autre", "autre territoire"


class SituationObservation(models.TextChoices):
    """A withheld figure is known to exist; a missing one has no observation at all."""

    DIFFUSEE = "diffusee", "diffusée"
    SECRET = "secret", "non diffusée (secret statistique)"


class EtatObservation(models.TextChoices):
    DEFINITIVE = "definitive", "définitive"
    PROVISOIRE = "provisoire", "provisoire"


class NatureSeuil(models.TextChoices):
    """What a threshold watches."""

    AU_DESSUS = "au_dessus", "la valeur dépasse"
    EN_DESSOUS = "en_dessous", "la valeur descend sous"
    HAUSSE = "hausse", "la hausse dépasse (%)"
    BAISSE = "baisse", "la baisse dépasse (%)"
    ECART = "ecart", "l’écart d’un quartier à la ville dépasse (%)"

    @property
    def is_evolution(self) -> bool:
        return self in {NatureSeuil.HAUSSE, NatureSeuil.BAISSE}


class PorteeSeuil(models.TextChoices):
    """Whose figures a threshold watches."""

    VILLE = "ville", "la ville"
    QUARTIERS = "quartiers", "chaque quartier"
