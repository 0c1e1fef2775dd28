"""The states of a campaign and of the entry of a fiche: one table each, one function, one line of history a change.

Nothing else assigns `statut`. The row is locked, then its state, the right and the reason are judged anew.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ctg.permissions import check
from evaluation.campagnes import renvoyer_champ
from evaluation.enums import StatutCampagne as C
from evaluation.enums import StatutSaisie as S
from evaluation.models import Avancement, Campagne, ChampRenvoye, Effet, Mesure, Saisie
from evaluation.statuts import appliquer_statut
from evaluation.verrous import verrou
from fiches.models import FicheProjet


class TransitionError(Exception):
    """An expected refusal; the message is meant for the user."""


@dataclass(frozen=True, slots=True)
class Transition:
    """`permission` is asked of the convention (campaign) or of the fiche (entry)."""

    label: str
    sources: frozenset[str]
    cible: str
    permission: str
    motif: str = ""  # the sentence that asks for a reason, where one is needed
    close: bool = field(default=False)  # on a closed campaign, rather than on one that can be written


CAMPAGNE = {
    "ouvrir": Transition(
        "Ouvrir la campagne", frozenset({C.EN_PREPARATION}), C.OUVERTE, "evaluation.campagne"
    ),
    "clore": Transition("Clore la campagne", frozenset({C.OUVERTE}), C.CLOSE, "evaluation.campagne"),
}
SAISIE = {
    "soumettre": Transition(
        "Soumettre", frozenset({S.EN_COURS, S.A_CORRIGER}), S.SOUMISE, "evaluation.soumettre"
    ),
    "valider": Transition("Valider", frozenset({S.SOUMISE}), S.VALIDEE, "evaluation.valider"),
    "renvoyer": Transition(
        "Renvoyer pour correction", frozenset({S.SOUMISE, S.VALIDEE}), S.A_CORRIGER, "evaluation.valider"
    ),
    "rouvrir": Transition(
        "Rouvrir par exception",
        frozenset(S.values),
        S.A_CORRIGER,
        "evaluation.campagne",
        motif="Écrivez pourquoi cette saisie est rouverte : le motif reste dans l’historique.",
        close=True,
    ),
}
# What upper parts do once a transition is committed: (action, object id). Mails, mainly.
Suite = Callable[[str, int], None]
_suites: list[Suite] = []


def apres(suite: Suite) -> None:
    _suites.append(suite)


def _annoncer(action: str, pk: int) -> None:
    for suite in _suites:
        transaction.on_commit(partial(suite, action, pk), robust=True)  # what is done stays done


@transaction.atomic
def appliquer_campagne(action: str, campagne_id: int, *, user, now: datetime.datetime) -> Campagne:
    """Open or close a campaign, and tell so. Raises TransitionError, PermissionDenied."""
    transition = CAMPAGNE[action]
    campagne = Campagne.objects.select_for_update(of=("self",), no_key=True).get(pk=campagne_id)
    if campagne.statut not in transition.sources:
        raise TransitionError(f"Impossible : la campagne est « {campagne.get_statut_display()} ».")
    _exiger(user, transition, campagne.convention)
    # Whoever is writing has locked an entry: the closing waits, and what comes after it finds a closed campaign.
    saisies = list(campagne.saisies.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if action == "ouvrir":
        if not saisies:
            raise TransitionError("Choisissez au moins une fiche avant d’ouvrir la campagne.")
        campagne.date_ouverture = now
    else:
        campagne.date_cloture = _derniere_saisie(campagne, now=now)
    campagne.statut, campagne._change_reason = transition.cible, transition.label
    campagne.save()
    _annoncer(action, campagne.pk)
    return campagne


@transaction.atomic
def appliquer_saisie(
    action: str,
    saisie_id: int,
    *,
    user,
    now: datetime.datetime,
    motif: str = "",
    champs: Mapping[str, str] | None = None,
    jusqu_au: datetime.date | None = None,
) -> Saisie:
    """Submit, validate, send back or reopen one entry. Raises TransitionError, PermissionDenied, ValidationError.

    `motif`: why one validates what one submitted, or why it is reopened; `champs`: {field sent back: what is asked};
    `jusqu_au`: the last day of an exception.
    """
    transition = SAISIE[action]
    saisie = _verrouiller(saisie_id)
    if saisie.statut not in transition.sources:
        raise TransitionError(f"Impossible : la saisie est « {saisie.get_statut_display()} ».")
    _exiger(user, transition, saisie.fiche)
    _verifier_campagne(saisie, transition, today=timezone.localdate(now))
    if transition.motif and not motif.strip():
        raise TransitionError(transition.motif)
    saisie.statut, saisie._change_reason = transition.cible, transition.label
    _EFFETS[action](saisie, user=user, now=now, motif=motif.strip(), champs=champs or {}, jusqu_au=jusqu_au)
    saisie.save()
    if action == "valider":
        appliquer_statut(saisie.fiche, saisie.campagne.annee)
    _annoncer(action, saisie.pk)
    return saisie


def _derniere_saisie(campagne: Campagne, *, now: datetime.datetime) -> datetime.datetime:
    """What was being written while the closing waited for its locks is not later than the closing."""
    fiches, annee = campagne.saisies.values("fiche"), campagne.annee
    lues = [
        Mesure.objects.filter(annee=annee, indicateur__fiche__in=fiches),
        Avancement.objects.filter(annee=annee, fiche__in=fiches),
        Effet.objects.filter(annee=annee, fiche__in=fiches),
    ]
    dates = [lue.aggregate(derniere=Max("updated_at"))["derniere"] for lue in lues]
    return max([now, *(date for date in dates if date is not None)])


def commencer(saisie: Saisie) -> None:
    """The first thing entered: the caller has locked the entry."""
    if saisie.statut == S.A_SAISIR:
        saisie.statut, saisie._change_reason = S.EN_COURS, "Première saisie"
        saisie.save()


@transaction.atomic
def lever_exception(saisie_id: int, *, user, now: datetime.datetime) -> Saisie:
    """The exception ends before its date; what was entered stays, not validated."""
    saisie = _verrouiller(saisie_id)
    _exiger(user, SAISIE["rouvrir"], saisie.fiche)
    if saisie.date_exception is None:
        raise TransitionError("Aucune exception n’est en cours pour cette saisie.")
    saisie.date_exception, saisie._change_reason = None, "Exception levée"
    saisie.save()
    return saisie


def possibles(user, saisie: Saisie, *, today: datetime.date) -> list[tuple[str, Transition]]:
    """What to offer on screen: the same table and the same rules as `appliquer_saisie`."""
    offertes = []
    for action, transition in SAISIE.items():
        if check(user, transition.permission, saisie.fiche) and not empeche(action, saisie, today=today):
            offertes.append((action, transition))
    return offertes


def empeche(action: str, saisie: Saisie, *, today: datetime.date) -> str:
    """Why an entry is not in a state for that action, whoever asks; empty: it is."""
    transition = SAISIE[action]
    if saisie.statut not in transition.sources:
        return f"La saisie est « {saisie.get_statut_display()} »."
    try:
        _verifier_campagne(saisie, transition, today=today)
    except TransitionError as refus:
        return str(refus)
    return ""


def _verrouiller(saisie_id: int) -> Saisie:
    """The fiche first, like the page of entry: two people never wait for each other in a ring."""
    fiche_id = Saisie.objects.values_list("fiche_id", flat=True).get(pk=saisie_id)
    FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche_id)
    saisie = Saisie.objects.select_for_update(of=("self",), no_key=True).get(pk=saisie_id)
    saisie.campagne = Campagne.objects.get(pk=saisie.campagne_id)  # as it is after the lock
    saisie.fiche = FicheProjet.objects.select_related("convention", "axe").get(pk=fiche_id)
    return saisie


def _exiger(user, transition: Transition, objet) -> None:
    if not (access := check(user, transition.permission, objet)):
        raise PermissionDenied(access.reason)


def _verifier_campagne(saisie: Saisie, transition: Transition, *, today: datetime.date) -> None:
    campagne = saisie.campagne
    if transition.close:
        if campagne.statut != C.CLOSE:
            raise TransitionError("Une exception se donne après la clôture : avant, renvoyez la saisie.")
        return
    en_exception = saisie.date_exception is not None and saisie.date_exception >= today
    if campagne.statut != C.OUVERTE and not en_exception:
        raise TransitionError(verrou(saisie, campagne.annee, today=today).raison)


def _soumettre(saisie: Saisie, *, user, now, **_) -> None:
    saisie.soumise_par, saisie.date_soumission = user, now
    for renvoi in ChampRenvoye.objects.filter(saisie=saisie, date_reponse=None):
        renvoi.date_reponse = now
        renvoi.save()


def _valider(saisie: Saisie, *, user, now, motif, **_) -> None:
    if saisie.soumise_par_id == user.pk:
        if not motif:
            raise TransitionError(
                "Vous avez soumis cette saisie : une autre personne la valide. S’il n’y en a pas, écrivez le motif "
                "de l’exception ; il reste dans l’historique."
            )
        saisie.derogation, saisie._change_reason = motif, f"Validée par qui l’a soumise : {motif}"
    saisie.validee_par, saisie.date_validation, saisie.date_exception = user, now, None


def _renvoyer(saisie: Saisie, *, user, now, champs, **_) -> None:
    if not champs:
        raise TransitionError("Commentez au moins un champ : seuls les champs commentés se rouvrent.")
    _devalider(saisie)
    for champ, commentaire in champs.items():
        renvoyer_champ(saisie, champ, commentaire, user=user, now=now)


def _rouvrir(saisie: Saisie, *, user, now, motif, champs, jusqu_au) -> None:
    if jusqu_au is None or jusqu_au < timezone.localdate(now):
        raise TransitionError("Dites jusqu’à quel jour la saisie est rouverte.")
    _devalider(saisie)
    saisie.date_exception, saisie.motif_exception = jusqu_au, motif
    saisie._change_reason = f"Rouverte par exception : {motif}"
    for champ, commentaire in champs.items():
        renvoyer_champ(saisie, champ, commentaire, user=user, now=now)


def _devalider(saisie: Saisie) -> None:
    saisie.validee_par = saisie.date_validation = None
    saisie.derogation = ""


_EFFETS = {"soumettre": _soumettre, "valider": _valider, "renvoyer": _renvoyer, "rouvrir": _rouvrir}
