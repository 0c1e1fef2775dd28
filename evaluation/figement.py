"""Freezing a version of a bilan: everything is read under the lock of its campaign, whose closing is behind."""

import dataclasses
import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ctg.models import Convention
from ctg.permissions import check
from evaluation import canonique
from evaluation.bilan import Contenu
from evaluation.contenus import dans_la_forme, ecrire_contenu, lire_contenu
from evaluation.enums import NatureCampagne, StatutBilan, StatutCampagne
from evaluation.models import Bilan, Campagne, ConclusionCopil, Debat, Saisie
from evaluation.reports import collect_bilan
from evaluation.transitions import TransitionError

# Others than the team read such a version, or have answered to it: it is not replaced by a button.
LUES_AU_DEHORS = frozenset(
    {StatutBilan.TRANSMISE, StatutBilan.AVALISEE, StatutBilan.SOUMISE_COPIL, StatutBilan.PUBLIEE}
)


def empechement(convention: Convention, annee: int, *, today: datetime.date) -> str:
    """Why the year cannot be frozen that day, in a sentence that says what to do; empty where it can."""
    campagnes = Campagne.objects.filter(convention=convention, annee=annee)
    if not campagnes.filter(nature=NatureCampagne.ANNUELLE, statut=StatutCampagne.CLOSE).exists():
        return f"La campagne {annee} n’est pas close : un bilan se fige après sa clôture."
    if campagnes.exclude(statut=StatutCampagne.CLOSE).exists():
        return "Une campagne de correction n’est pas close : menez-la à son terme, puis figez."
    reouvertes = Saisie.objects.filter(campagne__in=campagnes).en_exception(au=today)
    if codes := ", ".join(reouvertes.order_by("fiche__code").values_list("fiche__code", flat=True)):
        return f"Une saisie est rouverte par exception ({codes}) : attendez sa fin, ou levez-la."
    return ""


def correction_en_cours(bilan: Bilan) -> Campagne | None:
    """The campagne de correction that is prepared or open."""
    return Campagne.objects.filter(parent=bilan.campagne_id).exclude(statut=StatutCampagne.CLOSE).first()


def demande_des_modifications(bilan: Bilan) -> bool:
    """A debate or the COPIL asks for changes, or the aval is refused: a correction is to come."""
    return (
        bilan.statut == StatutBilan.REFUSEE
        or Debat.objects.filter(bilan=bilan, is_modification_demandee=True).exists()
        or ConclusionCopil.objects.filter(bilan=bilan, is_modification_demandee=True).exists()
    )


def est_corrige(bilan: Bilan) -> bool:
    """A correction, or an exception, has been brought to its end since this version was frozen."""
    if correction_en_cours(bilan):
        return False
    campagnes = Campagne.objects.filter(convention=bilan.convention_id, annee=bilan.annee)
    return (
        campagnes.filter(nature=NatureCampagne.CORRECTION, date_cloture__gt=bilan.date_figement).exists()
        or Saisie.objects.filter(campagne__in=campagnes, date_validation__gt=bilan.date_figement).exists()
    )


def refus_de_remplacer(bilan: Bilan) -> str:
    """Why the next version waits for a correction, in a sentence that says what to do; empty where it does not."""
    if est_corrige(bilan):
        return ""
    if demande_des_modifications(bilan):
        dit = "est refusée" if bilan.statut == StatutBilan.REFUSEE else "est à modifier"
        return f"La version {bilan.version} {dit} : préparez une campagne de correction, menez-la à son terme, puis figez."
    if bilan.statut in LUES_AU_DEHORS:
        return (
            f"La version {bilan.version} est « {bilan.get_statut_display()} » : une autre ne la remplace qu’après une "
            "campagne de correction menée à son terme."
        )
    return ""


@transaction.atomic
def figer(convention: Convention, annee: int, *, user, now: datetime.datetime) -> Bilan:
    """Make the next version. Raises TransitionError, PermissionDenied."""
    if not (access := check(user, "evaluation.figer", convention)):
        raise PermissionDenied(access.reason)
    campagne = _verrouiller(convention, annee)
    if campagne is None or (raison := empechement(convention, annee, today=timezone.localdate(now))):
        raise TransitionError(raison if campagne else f"L’année {annee} n’a pas de campagne.")
    convention = Convention.objects.select_related("territoire").get(pk=convention.pk)
    contenu = collect_bilan(convention, annee, now=timezone.localtime(now))
    versions = Bilan.objects.filter(convention=convention, annee=annee)
    derniere = versions.order_by("-version").first()
    if derniere is not None and (raison := refus_de_remplacer(derniere)):
        raise TransitionError(raison)
    # A correction that found nothing to change is answered by a version all the same.
    if derniere is not None and not est_corrige(derniere) and _est_le_meme(contenu, derniere):
        raise TransitionError(
            f"Rien n’a changé depuis la version {derniere.version} : il n’y a rien à figer."
        )
    for ancienne in versions.exclude(statut__in=[StatutBilan.PUBLIEE, StatutBilan.REMPLACEE]):
        ancienne.statut, ancienne._change_reason = StatutBilan.REMPLACEE, "Une nouvelle version est figée"
        ancienne.save()
    texte = ecrire_contenu(contenu)
    bilan = Bilan(
        convention=convention,
        annee=annee,
        version=derniere.version + 1 if derniere else 1,
        campagne=campagne,
        contenu=texte,
        empreinte=canonique.empreinte(texte),
        schema=contenu.schema,
        date_figement=now,
        figee_par=user,
    )
    bilan._change_reason = "Figer"
    bilan.save()
    return bilan


def _verrouiller(convention: Convention, annee: int) -> Campagne | None:
    """The campaign, its corrections and all their entries: nothing is reopened, added or corrected meanwhile.

    A whole lock on the campaigns: a correction that is being prepared names its parent, and waits.
    """
    campagnes = Campagne.objects.select_for_update(of=("self",)).filter(convention=convention, annee=annee)
    lues = list(campagnes.order_by("pk"))
    list(
        Saisie.objects.select_for_update(of=("self",), no_key=True)
        .filter(campagne__in=lues)
        .order_by("pk")
        .values_list("pk")
    )
    return next((c for c in lues if c.nature == NatureCampagne.ANNUELLE), None)


def _est_le_meme(contenu: Contenu, derniere: Bilan) -> bool:
    """Of what the older one could say: a later form of the content is no change of the year."""
    ancien = lire_contenu(derniere.contenu)
    return (
        dans_la_forme(dataclasses.replace(contenu, generated_at=ancien.generated_at), ancien.schema) == ancien
    )
