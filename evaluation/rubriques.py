"""What the search finds of the evaluation: what is counted, never its figures."""

from django.urls import reverse
from django.utils import timezone

from ctg.recherche_globale import Rubrique, Trouvaille, register
from evaluation.models import Indicateur


def _indicateurs(user, convention, query):
    indicateurs = Indicateur.objects.filter(fiche__convention=convention).search(query)
    return (
        indicateurs.en_vigueur(au=timezone.localdate())
        .select_related("fiche__convention")
        .order_by("fiche__axe__ordre", "fiche__numero", "ordre", "pk")
    )


def _indicateur(indicateur, convention):
    return Trouvaille(
        indicateur.intitule, indicateur.get_absolute_url(), indicateur.code, f"fiche {indicateur.fiche.code}"
    )


def _liste(convention):
    return reverse("indicateurs:list", kwargs={"convention": convention.slug})


register(Rubrique("indicateurs", "Indicateurs", _indicateurs, _indicateur, 20, _liste))
