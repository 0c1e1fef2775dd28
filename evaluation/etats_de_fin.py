"""What the entry of a year says of each fiche, for the tree of the plan at a past date."""

from ctg.models import Convention
from evaluation.lecture import caches
from evaluation.models import Avancement, DecisionFiche
from evaluation.statuts import PROPOSES
from fiches.etats import Etat


def etats_de_fin(user, convention: Convention, annee: int) -> dict[str, Etat]:
    """A statut that a COPIL has not decided is said to be proposed. Three queries at most."""
    masques = caches(user, convention)
    avancements = Avancement.objects.filter(fiche__convention=convention, annee=annee).select_related("fiche")
    decidees = DecisionFiche.objects.filter(fiche__convention=convention, annee=annee)
    decidees = set(decidees.values_list("fiche", flat=True))
    return {
        a.fiche.code: Etat(a.statut, _libelle(a, decidees), a.taux_avancement)
        for a in avancements
        if (a.fiche_id, annee) not in masques and (a.statut or a.taux_avancement is not None)
    }


def _libelle(avancement: Avancement, decidees: set[int]) -> str:
    propose = avancement.statut in PROPOSES and avancement.fiche_id not in decidees
    return f"{avancement.get_statut_display()} (proposé)" if propose else avancement.get_statut_display()
