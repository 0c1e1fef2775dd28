"""What the Caf does not read yet: the entries that can be written and are not submitted."""

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ctg.models import Convention
from ctg.permissions import check
from evaluation.enums import SituationMesure, StatutCampagne, StatutSaisie
from evaluation.models import Bilan, Mesure, Saisie
from fiches import lecture as lecture_des_fiches
from fiches.lecture import Moments

EN_COURS = "Saisie en cours, pas encore soumise."
# (fiche, year) pairs whose values and texts this person does not read.
Caches = frozenset[tuple[int, int]]
RIEN: Caches = frozenset()


def anterieures(convention: Convention, lecteur=None) -> list[Convention]:
    """Those that it continues, the nearest first, as far as this person reads their figures; no query where there is none."""
    suite: list[Convention] = []
    while convention.predecesseur_id and (
        lecteur is None or check(lecteur, "ctg.lire_chiffres", convention.predecesseur)
    ):
        convention = convention.predecesseur
        suite.append(convention)
    return suite


def hors_bilans_publies(convention: Convention) -> Caches:
    """What a bilan does not say of the conventions before: the years that have no published bilan there."""
    if not (avant := anterieures(convention)):
        return RIEN
    publies = Bilan.objects.filter(
        convention=OuterRef("indicateur__fiche__convention"),
        annee=OuterRef("annee"),
        date_publication__isnull=False,
    )
    mesures = Mesure.objects.filter(~Exists(publies), indicateur__fiche__convention__in=avant)
    return frozenset(mesures.values_list("indicateur__fiche", "annee"))


def caches(user, convention: Convention) -> Caches:
    """One query, or none for who reads everything; those of the conventions that it continues too."""
    siennes = [_caches(user, lue) for lue in (convention, *anterieures(convention, user))]
    return RIEN.union(*siennes)


def _caches(user, convention: Convention) -> Caches:
    if check(user, "evaluation.lire_en_cours", convention):
        return RIEN
    en_exception = Q(date_exception__gte=timezone.localdate())
    saisies = Saisie.objects.filter(
        Q(campagne__statut=StatutCampagne.OUVERTE) | en_exception, campagne__convention=convention
    ).exclude(statut__in=StatutSaisie.REMISES)
    return frozenset(saisies.values_list("fiche", "campagne__annee"))


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


def effets_caches(user, convention: Convention) -> Q:
    """Effects of the convention, and lines of their history, that this person does not read."""
    condition = Q(pk__in=())
    for fiche, annee in caches(user, convention):
        condition |= Q(fiche_id=fiche, annee=annee)
    return condition


def parts_cachees(user, fiche) -> Q:
    masquees = Mesure.objects.filter(indicateur__fiche=fiche, annee__in=annees_cachees(user, fiche))
    return Q(mesure_id__in=list(masquees.values_list("pk", flat=True)))


def moments(user, convention: Convention) -> Moments:
    """As of when this person reads the facts of the fiches: the last submission, else the opening. One query at most.

    A step has no year: it is read as of the last time when an entry of its fiche was submitted, or closed.
    """
    if check(user, "evaluation.lire_en_cours", convention):
        return Moments()
    par_fiche: dict[int, list[Saisie]] = {}
    for saisie in Saisie.objects.filter(campagne__convention=convention).select_related("campagne"):
        par_fiche.setdefault(saisie.fiche_id, []).append(saisie)
    cachees = {
        fiche: cachees
        for fiche, saisies in par_fiche.items()
        if (cachees := [s for s in saisies if _est_cachee(s)])
    }
    return Moments(
        {fiche: _derniere_lecture(par_fiche[fiche], siennes) for fiche, siennes in cachees.items()},
        {
            (fiche, saisie.campagne.annee): saisie.date_soumission or saisie.campagne.date_ouverture
            for fiche, siennes in cachees.items()
            for saisie in siennes
        },
    )


def _est_cachee(saisie: Saisie) -> bool:
    en_exception = saisie.date_exception is not None and saisie.date_exception >= timezone.localdate()
    is_ouverte = saisie.campagne.statut == StatutCampagne.OUVERTE or en_exception
    return is_ouverte and saisie.statut not in StatutSaisie.REMISES


def _derniere_lecture(saisies: list[Saisie], cachees: list[Saisie]) -> datetime.datetime:
    remises = [moment for s in saisies for moment in (s.date_soumission, s.campagne.date_cloture) if moment]
    return max([min(s.campagne.date_ouverture for s in cachees), *remises])


lecture_des_fiches.register(moments)
