"""The table of the questions évaluatives."""

from ctg.chargement.colonnes import SOURCE, choix, de_la_convention, entier, lien, texte
from ctg.chargement.tableau import SEPARATEUR, Colonne, Tableau, ValeurError, register
from evaluation.models import QuestionEvaluative
from evaluation.protocole.enums import (
    Critere,
    Evaluateur,
    Methode,
    ObjetQuestion,
    PhaseEvaluation,
    StatutQuestion,
)
from evaluation.protocole.services import APRES_APPROBATION
from fiches.models import Axe, FicheProjet


def _lire_methodes(cell, ctx):
    codes = [code.strip() for code in cell.split(SEPARATEUR) if code.strip()]
    if inconnus := [code for code in codes if code not in Methode.values]:
        raise ValeurError(
            f"« {inconnus[0]} » n’est pas une méthode : écrivez {', '.join(Methode.values)}, séparées par « | »"
        )
    return {"methodes": codes}


methodes = Colonne(
    _lire_methodes,
    lambda question: SEPARATEUR.join(question.methodes),
    "une ou plusieurs méthodes ; plusieurs se séparent par « | » entre deux espaces : "
    + ", ".join(f"{code} ({nom})" if code != nom else code for code, nom in Methode.choices),
)


def verrou(question: QuestionEvaluative, champs: list[str]) -> str:
    """What was put to approval is not loaded again; how it is evaluated still is."""
    figes = set(champs) - set(SOURCE)
    if question.statut == StatutQuestion.PROPOSEE or question._state.adding:
        return ""
    if question.statut == StatutQuestion.APPROUVEE:
        figes -= set(APRES_APPROBATION)
    if not figes:
        return ""
    return (
        f"la question {question.code} est « {question.get_statut_display()} » : elle ne se modifie plus. Remettez dans "
        "le fichier ce qui est enregistré, ou retirez-en cette ligne."
    )


register(
    Tableau(
        "questions",
        "Questions évaluatives",
        QuestionEvaluative,
        ("numero",),
        {
            "numero": entier("numero"),
            "libelle": texte("libelle"),
            "precisions": texte("precisions"),
            "critere": choix("critere", Critere),
            "objet": choix("objet", ObjetQuestion),
            "axe": lien("axe", Axe, "code", de_la_convention),
            "fiche": lien("fiche", FicheProjet, "code", de_la_convention),
            "phase": choix("phase", PhaseEvaluation),
            "evaluateur": choix("evaluateur", Evaluateur),
            "sous_questions": texte("sous_questions", "une par ligne, dans l’ordre"),
            "methodes": methodes,
            "detail_methodes": texte("detail_methodes"),
            **SOURCE,
        },
        ordre=540,
        portee=de_la_convention,
        dans=lambda ctx: {"convention": ctx.convention, "statut__in": sorted(StatutQuestion.EN_COURS)},
        verrou=verrou,
    )
)
