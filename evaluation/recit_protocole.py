"""The protocole of the demonstration, its two questions, and the answer to one: invented, and said so wherever it shows."""

import datetime

from django.db import transaction
from django.utils import timezone

from ctg.models import DONNEES_DEMONSTRATION, Convention, Document, Utilisateur
from evaluation.models import Indicateur, Preuve, Protocole, QuestionEvaluative, Recommandation
from evaluation.models.approuvables import Approuvable
from evaluation.protocole import services
from evaluation.protocole.approbation import appliquer, attendus
from evaluation.protocole.enums import Confiance, DecisionApprobation, NaturePreuve, StatutQuestion
from gouvernance.models import Decision, Reunion

JOURS = {
    "soumettre": datetime.date(2025, 4, 7),
    "approuver": datetime.date(2025, 4, 22),
    "consigner": datetime.date(2025, 5, 13),
}
REPONSE_LE = datetime.date(2026, 4, 13)
PAPIER = {
    "decision": DecisionApprobation.APPROUVE,
    "motif": "",
    "date_acte": datetime.date(2025, 5, 12),
    "fonction": "Adjointe au maire",
    "document": None,
    "reference": f"Délibération du conseil municipal. {DONNEES_DEMONSTRATION}",
}
MARQUE = f"critère, phase, méthodes, approbation et suite : {DONNEES_DEMONSTRATION}"
RUBRIQUES = {
    "outils": (
        "- Le tableau récapitulatif annuel des fiches projet, avec leurs indicateurs quantitatifs et qualitatifs.\n"
        "- Le registre des effets observés.\n"
        "- La cartographie des acteurs et la veille sociale."
    ),
    "moyens": "Le chargé de coopération anime l’évaluation, un référent par fiche la renseigne ; dix journées par an sont "
    "réservées à l’analyse. L’observatoire de la cohésion sociale prête ses données.",
    "participation": "Une rencontre par quartier et par an présente les résultats aux habitants et recueille leurs avis, "
    "écrits mot pour mot.",
    "type_evaluation": "mixte",
    "type_detail": "Interne chaque année ; un regard extérieur à mi-parcours et à la fin.",
    "questions_methodes": "Les méthodes croisent toujours des données et des paroles ; chaque réponse dit sa confiance.",
}
# number: what the demonstration adds to the question of the annex.
QUESTIONS = {
    1: {
        "critere": "coherence_interne",
        "phase": "mi_parcours",
        "evaluateur": "interne",
        "sous_questions": "Les instances décident-elles à temps ?\nLes trois niveaux de coordination se parlent-ils ?",
        "methodes": ["entretiens", "donnees"],
        "detail_methodes": "Entretiens avec les coordinateurs ; lecture des décisions et de leurs suites.",
        "a_verifier": "« coordination mise en oeuvre » : coquille probable (mises en œuvre).",
    },
    2: {
        "critere": "pertinence",
        "phase": "mi_parcours",
        "evaluateur": "externe",
        "sous_questions": "Qui participe, et qui ne vient pas ?\nQu’est-ce que la participation a changé dans les fiches ?",
        "methodes": ["questionnaire", "groupe", "donnees"],
        "detail_methodes": "Questionnaire dans trois quartiers, puis un groupe de discussion par quartier.",
        "a_verifier": "",
    },
}
REPONDUE = 2
REPONSE = {
    "reponse": "Les structures vont davantage vers les habitants, et les avis recueillis ont modifié des horaires et des "
    "lieux. Les parents de jeunes enfants et les jeunes restent peu présents.",
    "confiance": Confiance.MOYENNE,
    "motif_confiance": "Les données et les paroles recueillies concordent, mais un seul quartier a répondu en nombre.",
}
RECOMMANDATION = "Écrire ce que les instances de quartier engagent, et le présenter au comité de pilotage."
DECISION = (2026, 1, 3)  # year, rank of the meeting, rank of the decision


@transaction.atomic
def raconter_protocole(
    convention: Convention, *, charge: Utilisateur, signataire: Utilisateur, now: datetime.datetime
) -> int:
    """Idempotent: a convention that has a version, or a question put to approval, is left alone."""
    questions = {q.numero: q for q in QuestionEvaluative.objects.filter(convention=convention)}
    if (
        Protocole.objects.filter(convention=convention).exists()
        or any(question.statut != StatutQuestion.PROPOSEE for question in questions.values())
        or _a(REPONSE_LE) > now
    ):
        return 0
    for numero, champs in QUESTIONS.items():
        if numero in questions:
            question = _completer(questions[numero], champs)
            _approuver(question, charge=charge, signataire=signataire)
    protocole = services.commencer_version(convention)
    for nom, valeur in (RUBRIQUES | {"source": DONNEES_DEMONSTRATION}).items():
        setattr(protocole, nom, valeur)
    _approuver(services.enregistrer_protocole(protocole), charge=charge, signataire=signataire)
    if REPONDUE in questions:
        _repondre(QuestionEvaluative.objects.get(pk=questions[REPONDUE].pk))
    return 1


def _a(jour: datetime.date, heure: int = 10) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure)))


def _completer(question: QuestionEvaluative, champs: dict) -> QuestionEvaluative:
    for nom, valeur in champs.items():
        setattr(question, nom, valeur)
    question.mention = f"{question.mention} ; {MARQUE}".strip(" ;")
    return services.enregistrer_question(question)


def _approuver(objet: Approuvable, *, charge: Utilisateur, signataire: Utilisateur) -> None:
    """The Caf in the application, the others on paper."""
    objet = appliquer("soumettre", objet, user=charge, now=_a(JOURS["soumettre"]))
    lu = {"empreinte": objet.empreinte}
    objet = appliquer("approuver", objet, user=signataire, now=_a(JOURS["approuver"]), donnees=lu)
    for organisme in attendus(objet, au=timezone.localdate()):
        objet = appliquer(
            "consigner",
            objet,
            user=charge,
            now=_a(JOURS["consigner"]),
            donnees=PAPIER | {"organisme": organisme},
        )


def _repondre(question: QuestionEvaluative) -> None:
    convention = question.convention
    for champs in _preuves(convention):
        services.enregistrer_suite(Preuve(question=question, source=DONNEES_DEMONSTRATION, **champs))
    for nom, valeur in REPONSE.items():
        setattr(question, nom, valeur)
    services.enregistrer_reponse(question)
    services.communiquer(question, now=_a(REPONSE_LE), oui=True)
    annee, rang_reunion, rang = DECISION
    decision = Decision.objects.filter(
        reunion__convention=convention, reunion__annee=annee, reunion__rang=rang_reunion, rang=rang
    ).first()
    services.enregistrer_suite(
        Recommandation(
            question=question, texte=RECOMMANDATION, decision=decision, source=DONNEES_DEMONSTRATION
        )
    )


def _preuves(convention: Convention):
    indicateur = Indicateur.objects.filter(fiche__convention=convention, code="AVS-1-02").first()
    if indicateur is not None:
        yield {
            "nature": NaturePreuve.INDICATEUR,
            "indicateur": indicateur,
            "annee": 2025,
            "commentaire": "Les structures vont davantage vers les habitants, hors de leurs murs.",
        }
    yield {
        "nature": NaturePreuve.VERBATIM,
        "citation": "On nous écoute mieux qu’avant, mais les réunions sont à l’heure du bain.",
        "auteur_fonction": "Mère de deux jeunes enfants, habitante d’un quartier",
        "date_citation": datetime.date(2026, 2, 10),
        "commentaire": "Les horaires écartent les parents de jeunes enfants.",
    }
    document = Document.objects.filter(convention=convention, ordre=8).first()
    if document is not None:
        yield {
            "nature": NaturePreuve.DOCUMENT,
            "document": document,
            "commentaire": "Le point de départ : qui avait participé avant la convention.",
        }
    reunion = Reunion.objects.filter(convention=convention, annee=2026, rang=1).first()
    if reunion is not None:
        yield {
            "nature": NaturePreuve.REUNION,
            "reunion": reunion,
            "commentaire": "Le comité de pilotage a examiné les instances de quartier.",
        }
