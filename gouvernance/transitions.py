"""The circuit of the minutes: one table, one function, one line of the circuit a change. Nothing else assigns the state.

The row is locked, then its state, the right and the conditions are judged anew. Minutes are distributed with their files,
and whoever the next step waits for is told, or nothing is done.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ctg.fichiers import tout_ou_rien
from ctg.fonctions import fonction_de
from ctg.perimetres import droits
from ctg.permissions import check
from gouvernance.avertissements import avertir
from gouvernance.compte_rendu import decisions_contredites
from gouvernance.diffusion import Dessin, dessiner, garder, sont_a_jour
from gouvernance.enums import ActionCompteRendu as A
from gouvernance.enums import EtatCompteRendu as E
from gouvernance.models import EtapeCompteRendu, Reunion
from gouvernance.verrous import verrouiller

CHANGE = "Quelque chose a changé pendant que les documents se préparaient : relisez le compte rendu, puis diffusez."


class TransitionError(Exception):
    """An expected refusal; the message is meant for the user."""


@dataclass(frozen=True, slots=True)
class Transition:
    label: str
    sources: frozenset[str]
    permission: str


CIRCUIT = {
    A.TRANSMETTRE: Transition("Transmettre pour aval", frozenset({E.BROUILLON}), "gouvernance.tenir"),
    A.AVALISER: Transition("Donner l’aval", frozenset({E.TRANSMIS}), "gouvernance.avaliser"),
    A.REFUSER: Transition("Refuser l’aval", frozenset({E.TRANSMIS}), "gouvernance.avaliser"),
    A.DIFFUSER: Transition("Diffuser", frozenset({E.BROUILLON, E.TRANSMIS, E.AVALISE}), "gouvernance.tenir"),
}


def appliquer(
    action: str,
    reunion_id: int,
    *,
    user,
    now: datetime.datetime,
    motif: str = "",
    dessins: list[Dessin] | None = None,
) -> Reunion:
    """Raises TransitionError, PermissionDenied, ValidationError. `dessins`: of `preparer_diffusion`, at the same `now`."""
    if action == A.DIFFUSER and dessins is None:
        dessins = preparer_diffusion(reunion_id, user=user, now=now)
    with tout_ou_rien(), transaction.atomic():
        return _appliquer(action, reunion_id, user=user, now=now, motif=motif, dessins=dessins)


def preparer_diffusion(reunion_id: int, *, user, now: datetime.datetime) -> list[Dessin]:
    """The files that a distribution keeps. They take seconds: drawn before the lock, they must be the same under it."""
    reunion = Reunion.objects.select_related("convention", "instance_gouvernance").get(pk=reunion_id)
    exiger(A.DIFFUSER, reunion, user=user, now=now)
    return dessiner(reunion, now=now)


def _appliquer(action: str, reunion_id: int, *, user, now, motif: str, dessins) -> Reunion:
    reunion = verrouiller(reunion_id)
    exiger(action, reunion, user=user, now=now)
    motif = motif.strip()
    if action == A.REFUSER and not motif:
        raise TransitionError("Écrivez pourquoi vous refusez l’aval : c’est ce qui sera corrigé.")
    reunion.etat_compte_rendu = _EFFETS[action](reunion, user=user, now=now, motif=motif)
    label = CIRCUIT[action].label
    reunion._change_reason = f"{label} : {motif}" if motif else label
    reunion.save()
    if action == A.DIFFUSER:
        if not sont_a_jour(dessins, reunion, now=now):
            raise TransitionError(CHANGE)
        garder(dessins, reunion)
    avertir(action, reunion, user=user, now=now, motif=motif)
    return reunion


def exiger(action: str, reunion: Reunion, *, user, now: datetime.datetime) -> None:
    transition = CIRCUIT[action]
    if not (access := check(user, transition.permission, reunion)):
        raise PermissionDenied(access.reason)
    if raison := raison_de_ne_pas(action, reunion, timezone.localdate(now)):
        raise TransitionError(raison)


def raison_de_ne_pas(action: str, reunion: Reunion, au: datetime.date) -> str:
    """Empty: the step may be done, by whom has the right."""
    if reunion.etat_compte_rendu not in CIRCUIT[action].sources:
        return _impossible(reunion)
    return CONDITIONS.get(action, _rien)(reunion, au)


def possibles(user, reunion: Reunion, *, au: datetime.date) -> list[tuple[str, Transition]]:
    """What to offer on screen: the same table, the same rights, the same conditions."""
    return [
        (action, transition)
        for action, transition in CIRCUIT.items()
        if check(user, transition.permission, reunion) and not raison_de_ne_pas(action, reunion, au)
    ]


def _rien(reunion: Reunion, au: datetime.date) -> str:
    return ""


def _impossible(reunion: Reunion) -> str:
    return f"Impossible : le compte rendu est « {reunion.get_etat_compte_rendu_display()} »."


def raison_de_ne_pas_transmettre(reunion: Reunion, au: datetime.date) -> str:
    """Empty: it may be. Whoever prepares the minutes reads it where the button would be."""
    if reunion.convention.is_sans_aval_des_comptes_rendus:
        return "Cette convention ne demande pas d’aval sur les comptes rendus : diffusez-le."
    if raison := _raison_d_attendre(reunion, au):
        return raison
    if not reunion.convention.get_organismes_aval_comptes_rendus():
        return "Aucun organisme ne donne l’aval : choisissez-en un dans les paramètres de la convention."
    return ""


def raison_de_ne_pas_diffuser(reunion: Reunion, au: datetime.date) -> str:
    """Before the aval, only what waits for none: the convention asks for none, or no more of whom it was asked."""
    if reunion.etat_compte_rendu == E.AVALISE:
        return ""
    if reunion.etat_compte_rendu == E.TRANSMIS:
        return _impossible(reunion) if avals_attendus(reunion) else ""
    if not reunion.convention.is_sans_aval_des_comptes_rendus:
        return _impossible(reunion)
    return _raison_d_attendre(reunion, au)


def _raison_d_attendre(reunion: Reunion, au: datetime.date) -> str:
    """Why the text is not ready to leave the hands of who writes it; empty: it is."""
    if reunion.is_annulee:
        return "La réunion est annulée : elle n’a pas de compte rendu."
    if reunion.date > au:
        return "La réunion n’a pas encore eu lieu : le compte rendu vient après."
    if not reunion.compte_rendu.strip():
        return "Le compte rendu est vide : écrivez-le, ou reprenez-le des points."
    if fautes := decisions_contredites(reunion):
        return (
            f"Le compte rendu ne dit pas la même chose que les décisions : {' ; '.join(fautes)}. Corrigez le texte, ou "
            "reprenez-le des points."
        )
    return ""


CONDITIONS: dict[str, Callable[[Reunion, datetime.date], str]] = {
    A.TRANSMETTRE: raison_de_ne_pas_transmettre,
    A.DIFFUSER: raison_de_ne_pas_diffuser,
}


def _tour(reunion: Reunion) -> int:
    return EtapeCompteRendu.objects.filter(reunion=reunion, action=A.TRANSMETTRE).count()


def avals_attendus(reunion: Reunion) -> set[int]:
    """Keys of the organismes that have not answered since the minutes were sent."""
    repondus = EtapeCompteRendu.objects.filter(reunion=reunion, tour=_tour(reunion), organisme__isnull=False)
    return reunion.convention.get_organismes_aval_comptes_rendus() - set(
        repondus.values_list("organisme", flat=True)
    )


def _noter(reunion: Reunion, action: str, *, user, now, motif="", organisme_id=None, tour=None) -> None:
    etape = EtapeCompteRendu(
        reunion=reunion,
        tour=_tour(reunion) if tour is None else tour,
        action=action,
        organisme_id=organisme_id,
        motif=motif,
        par=user,
        fonction=fonction_de(user, reunion.convention, now=now),
        date=now,
    )
    etape.full_clean()
    etape.save()


def _transmettre(reunion: Reunion, *, user, now, motif) -> str:
    _noter(reunion, A.TRANSMETTRE, user=user, now=now, tour=_tour(reunion) + 1)
    return E.TRANSMIS


def _repondre(action: str) -> Callable[..., str]:
    def effet(reunion: Reunion, *, user, now, motif) -> str:
        """All must give it, one refusal refuses."""
        attendus = avals_attendus(reunion)
        miens = attendus & droits(user, reunion.convention_id).dans("organismes")
        if not miens:
            raise TransitionError("Votre organisme a déjà répondu sur ce compte rendu.")
        for organisme_id in sorted(miens):
            _noter(reunion, action, user=user, now=now, motif=motif, organisme_id=organisme_id)
        if action == A.REFUSER:
            return E.BROUILLON
        return E.TRANSMIS if attendus - miens else E.AVALISE

    return effet


def _diffuser(reunion: Reunion, *, user, now, motif) -> str:
    _noter(reunion, A.DIFFUSER, user=user, now=now)
    return E.DIFFUSE


_EFFETS = {
    A.TRANSMETTRE: _transmettre,
    A.AVALISER: _repondre(A.AVALISER),
    A.REFUSER: _repondre(A.REFUSER),
    A.DIFFUSER: _diffuser,
}


@transaction.atomic
def annuler(reunion_id: int, *, user, now: datetime.datetime, motif: str) -> Reunion:
    """The meeting will not take place; its number is kept. Raises PermissionDenied, ValidationError."""
    reunion = verrouiller(reunion_id)
    if not (access := check(user, "gouvernance.tenir", reunion)):
        raise PermissionDenied(access.reason)
    if reunion.is_annulee:
        raise ValidationError("Cette réunion est déjà annulée.")
    if reunion.is_verrouillee:
        raise ValidationError(
            "Cette réunion a un compte rendu transmis : elle a eu lieu, elle ne s’annule plus."
        )
    if not motif.strip():
        raise ValidationError("Écrivez pourquoi la réunion n’aura pas lieu : le message d’annulation le dit.")
    reunion.date_annulation, reunion.motif_annulation = now, motif.strip()
    reunion._change_reason = f"Annulation : {reunion.motif_annulation}"
    reunion.full_clean()
    reunion.save()
    return reunion
