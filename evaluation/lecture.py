"""What the Caf does not read yet: the entries of an open campaign that are not submitted."""

from collections.abc import Iterable

from django.db.models import Q

from ctg.models import Convention
from ctg.permissions import check
from evaluation.enums import SituationMesure, StatutCampagne, StatutSaisie
from evaluation.models import Mesure, Saisie

EN_COURS = "Saisie en cours, pas encore soumise."
# (fiche, year) pairs whose values and texts this person does not read.
Caches = frozenset[tuple[int, int]]
RIEN: Caches = frozenset()


def caches(user, convention: Convention) -> Caches:
    """One query, or none for who reads everything."""
    if check(user, "evaluation.lire_en_cours", convention):
        return RIEN
    return frozenset(
        Saisie.objects.filter(campagne__convention=convention, campagne__statut=StatutCampagne.OUVERTE)
        .exclude(statut__in=StatutSaisie.REMISES)
        .values_list("fiche", "campagne__annee")
    )


def annees_cachees(user, fiche) -> set[int]:
    return {annee for pk, annee in caches(user, fiche.convention) if pk == fiche.pk}


def lisibles(mesures: Iterable[Mesure], fiche_id: int, caches: Caches) -> list[Mesure]:
    """Values as this person reads them: one that is hidden says why it is not there."""
    return [
        Mesure(
            indicateur_id=mesure.indicateur_id,
            annee=mesure.annee,
            situation=SituationMesure.NON_RENSEIGNEE,
            motif=EN_COURS,
        )
        if (fiche_id, mesure.annee) in caches
        else mesure
        for mesure in mesures
    ]


def lignes_cachees(user, fiche) -> Q:
    """Lines of history that this person does not read; every model of them has `annee`."""
    return Q(annee__in=annees_cachees(user, fiche))


def parts_cachees(user, fiche) -> Q:
    masquees = Mesure.objects.filter(indicateur__fiche=fiche, annee__in=annees_cachees(user, fiche))
    return Q(mesure_id__in=list(masquees.values_list("pk", flat=True)))
