"""What the search finds of the questions: their words, never those of an answer."""

from django.urls import reverse

from ctg.recherche_globale import Rubrique, Trouvaille, register
from evaluation.protocole.lecture import questions_lisibles


def _questions(user, convention, query):
    return (
        questions_lisibles(user, convention)
        .select_related("convention")
        .search(query)
        .order_by("numero", "pk")
    )


def _question(question, convention):
    return Trouvaille(
        question.libelle, question.get_absolute_url(), question.code, question.get_statut_display()
    )


def _liste(convention):
    return reverse("protocole:questions", kwargs={"convention": convention.slug})


register(Rubrique("questions", "Questions évaluatives", _questions, _question, 25, _liste))
