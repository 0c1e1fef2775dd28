from enum import nonmember

from django.db.models import TextChoices


class StatutProtocole(TextChoices):
    BROUILLON = "brouillon", "brouillon"
    SOUMISE = "soumise", "soumise à l’approbation"
    APPROUVEE = "approuvee", "approuvée"
    REFUSEE = "refusee", "refusée"
    REMPLACEE = "remplacee", "remplacée"

    # What the organismes of the convention may still read once it was put to them.
    RENDUS = nonmember(frozenset({"approuvee", "remplacee"}))


class StatutQuestion(TextChoices):
    PROPOSEE = "proposee", "proposée"
    SOUMISE = "soumise", "soumise à l’approbation"
    APPROUVEE = "approuvee", "approuvée"
    REFUSEE = "refusee", "refusée"
    REMPLACEE = "remplacee", "remplacée"

    EN_COURS = nonmember(frozenset({"proposee", "soumise", "approuvee"}))


# What is not put to anybody yet: it is still being written.
INITIAUX = (StatutProtocole.BROUILLON.value, StatutQuestion.PROPOSEE.value)
RENDUS = (StatutQuestion.APPROUVEE.value, StatutQuestion.REMPLACEE.value)


class TypeEvaluation(TextChoices):
    INTERNE = "interne", "interne"
    EXTERNE = "externe", "externe"
    MIXTE = "mixte", "mixte (interne et externe)"


class Critere(TextChoices):
    PERTINENCE = "pertinence", "pertinence"
    COHERENCE_INTERNE = "coherence_interne", "cohérence interne"
    COHERENCE_EXTERNE = "coherence_externe", "cohérence externe"
    EFFICACITE = "efficacite", "efficacité"
    EFFICIENCE = "efficience", "efficience"
    IMPACT = "impact", "impact"
    DURABILITE = "durabilite", "durabilité"

    @property
    def definition(self) -> str:
        return {
            "pertinence": "les objectifs répondent-ils aux besoins ?",
            "coherence_interne": "les moyens et les actions vont-ils avec les objectifs ?",
            "coherence_externe": "la convention va-t-elle avec les autres politiques du territoire ?",
            "efficacite": "les objectifs sont-ils atteints ?",
            "efficience": "les résultats valent-ils les moyens qu’ils ont demandés ?",
            "impact": "qu’est-ce que la convention a changé, voulu ou non ?",
            "durabilite": "ce qui a changé tiendra-t-il ?",
        }[self]


class ObjetQuestion(TextChoices):
    CONVENTION = "convention", "la convention entière"
    GOUVERNANCE = "gouvernance", "la gouvernance de la convention"
    AXE = "axe", "un axe"
    FICHE = "fiche", "une fiche projet"


class PhaseEvaluation(TextChoices):
    ANNUELLE = "annuelle", "évaluation annuelle"
    MI_PARCOURS = "mi_parcours", "évaluation à mi-parcours"
    FINALE = "finale", "évaluation finale"


class Evaluateur(TextChoices):
    INTERNE = "interne", "interne"
    EXTERNE = "externe", "externe"


class Methode(TextChoices):
    QUESTIONNAIRE = "questionnaire", "questionnaire"
    ENTRETIENS = "entretiens", "entretiens"
    GROUPE = "groupe", "groupe de discussion"
    DONNEES = "donnees", "analyse de données"
    OBSERVATION = "observation", "observation"
    AUTRE = "autre", "autre"


class NaturePreuve(TextChoices):
    INDICATEUR = "indicateur", "valeur d’un indicateur"
    EFFET = "effet", "effet observé"
    REUNION = "reunion", "réunion"
    DECISION = "decision", "décision"
    DOCUMENT = "document", "document de la convention"
    PARTICIPATION = "participation", "temps de participation des habitants"
    VERBATIM = "verbatim", "verbatim"

    @property
    def icone(self) -> str:
        return {
            "indicateur": "target",
            "effet": "sparkles",
            "reunion": "users",
            "decision": "gavel",
            "document": "file-text",
            "participation": "messages-square",
            "verbatim": "message-square-quote",
        }[self]


class Confiance(TextChoices):
    FAIBLE = "faible", "faible"
    MOYENNE = "moyenne", "moyenne"
    FORTE = "forte", "forte"


class DecisionApprobation(TextChoices):
    APPROUVE = "approuve", "approuvé"
    REFUSE = "refuse", "refusé"
