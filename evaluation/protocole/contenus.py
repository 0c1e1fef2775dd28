"""What is put to approval, as plain data: canonical JSON, whose SHA-256 the answers are bound to."""

from dataclasses import dataclass

from ctg.models import Convention
from evaluation import canonique
from evaluation.models import Protocole, QuestionEvaluative
from evaluation.models.approuvables import Approuvable
from evaluation.protocole.enums import (
    Critere,
    Evaluateur,
    Methode,
    PhaseEvaluation,
    StatutQuestion,
    TypeEvaluation,
)

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class QuestionFigee:
    """The question and what is to be evaluated: what the signataires approve. `cible`: the axe or the fiche, in words."""

    schema: int
    convention: str
    numero: int
    libelle: str
    precisions: str
    critere: str
    objet: str
    cible: str
    phase: str

    @property
    def nom_critere(self) -> str:
        return _nom(Critere, self.critere)

    @property
    def nom_phase(self) -> str:
        return _nom(PhaseEvaluation, self.phase)


@dataclass(frozen=True, slots=True)
class QuestionDuProtocole:
    """A question as a version of the protocole prints it, with its methods of that day."""

    numero: int
    libelle: str
    precisions: str
    critere: str
    objet: str
    cible: str
    phase: str
    evaluateur: str
    sous_questions: tuple[str, ...]
    methodes: tuple[str, ...]
    detail_methodes: str
    statut: str

    @property
    def nom_critere(self) -> str:
        return _nom(Critere, self.critere)

    @property
    def nom_phase(self) -> str:
        return _nom(PhaseEvaluation, self.phase)

    @property
    def nom_evaluateur(self) -> str:
        return _nom(Evaluateur, self.evaluateur)

    @property
    def nom_statut(self) -> str:
        return _nom(StatutQuestion, self.statut)

    @property
    def noms_methodes(self) -> str:
        return ", ".join(_nom(Methode, code) for code in self.methodes)


@dataclass(frozen=True, slots=True)
class ProtocoleFige:
    schema: int
    convention: str
    intitule: str
    version: int
    outils: str
    moyens: str
    participation: str
    type_evaluation: str
    type_detail: str
    questions_methodes: str
    questions: tuple[QuestionDuProtocole, ...]
    is_demonstration: bool

    @property
    def nom_type(self) -> str:
        return _nom(TypeEvaluation, self.type_evaluation)


def _nom(enum, code: str) -> str:
    return str(enum(code).label) if code else ""


def figer(objet: Approuvable) -> tuple[str, str]:
    """(canonical content, its hash) of the state of the moment."""
    contenu = canonique.ecrire(collect(objet))
    return contenu, canonique.empreinte(contenu)


def collect(objet: Approuvable) -> ProtocoleFige | QuestionFigee:
    return _protocole(objet) if isinstance(objet, Protocole) else _question(objet)


def contenu_de(objet: Approuvable) -> ProtocoleFige | QuestionFigee:
    """As it was put to approval, whatever has changed since; the state of the moment while it is written."""
    if not objet.contenu:
        return collect(objet)
    return canonique.lire(ProtocoleFige if isinstance(objet, Protocole) else QuestionFigee, objet.contenu)


def _question(question: QuestionEvaluative) -> QuestionFigee:
    return QuestionFigee(
        schema=SCHEMA,
        convention=question.convention.slug,
        numero=question.numero,
        libelle=question.libelle,
        precisions=question.precisions,
        critere=question.critere,
        objet=question.objet,
        cible=str(question.cible),
        phase=question.phase,
    )


def _protocole(protocole: Protocole) -> ProtocoleFige:
    convention: Convention = protocole.convention
    questions = QuestionEvaluative.objects.filter(convention=convention).en_cours()
    return ProtocoleFige(
        schema=SCHEMA,
        convention=convention.slug,
        intitule=convention.intitule,
        version=protocole.version,
        **{nom: getattr(protocole, nom) for nom in (*Protocole.RUBRIQUES, "type_evaluation")},
        questions=tuple(
            _du_protocole(question)
            for question in questions.select_related("axe", "fiche").order_by("numero", "pk")
        ),
        is_demonstration=convention.is_demonstration,
    )


def _du_protocole(question: QuestionEvaluative) -> QuestionDuProtocole:
    return QuestionDuProtocole(
        numero=question.numero,
        libelle=question.libelle,
        precisions=question.precisions,
        critere=question.critere,
        objet=question.objet,
        cible=str(question.cible),
        phase=question.phase,
        evaluateur=question.evaluateur,
        sous_questions=tuple(question.liste_sous_questions),
        methodes=tuple(code for code in Methode.values if code in question.methodes),
        detail_methodes=question.detail_methodes,
        statut=question.statut,
    )
