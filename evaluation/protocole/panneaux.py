"""The questions évaluatives on the page of a fiche."""

from ctg.panneaux import Panneau, register
from evaluation.protocole.lecture import lit_la_suite, questions_lisibles


def _questions(request, fiche):
    questions = questions_lisibles(request.user, request.convention).en_cours().de_la_fiche(fiche)
    questions = list(questions.select_related("convention", "axe", "fiche").order_by("numero", "pk"))
    if not questions:
        return None
    return {"questions": [(question, lit_la_suite(request.user, question)) for question in questions]}


register(
    Panneau(
        "fiche",
        "questions",
        "Questions évaluatives",
        "evaluation/protocole/_panneau_questions.html",
        _questions,
        47,
    )
)
