"""What the entry of a year says of each fiche, for the tree of the plan at a past date."""

from ctg.models import Convention
from evaluation.lecture import caches
from evaluation.models import Avancement, DecisionFiche
from evaluation.statuts import dire_statut
from fiches.etats import Etat


def etats_de_fin(user, convention: Convention, annee: int) -> dict[str, Etat]:
    """A statut that a COPIL has not decided is said to be proposed. Three queries at most."""
    masques = caches(user, convention)
    avancements = Avancement.objects.filter(fiche__convention=convention, annee=annee).select_related("fiche")
    decidees = DecisionFiche.objects.filter(fiche__convention=convention, annee=annee)
    decidees = set(decidees.values_list("fiche", flat=True))
    return {
        a.fiche.code: Etat(a.statut, dire_statut(a, is_decidee=a.fiche_id in decidees), a.taux_avancement)
        for a in avancements
        if (a.fiche_id, annee) not in masques and (a.statut or a.taux_avancement is not None)
    }
