"""Why a meeting may not change any more: its minutes are at the Caf, have its aval, or are distributed."""

from django.core.exceptions import ValidationError

from ctg.models import Convention
from gouvernance.enums import EtatCompteRendu as E
from gouvernance.models import Decision, Reunion

RAISONS = {
    E.TRANSMIS: (
        "Le compte rendu est transmis pour aval : la réunion, son ordre du jour, ses présences et ses décisions, avec leur "
        "responsable et leur échéance, ne changent plus jusqu’à la réponse. Pour corriger, demandez à qui donne l’aval de le "
        "refuser en disant pourquoi."
    ),
    E.AVALISE: (
        "Le compte rendu a reçu l’aval : la réunion, son ordre du jour, ses présences et ses décisions, avec leur responsable "
        "et leur échéance, ne changent plus. Diffusez-le : ensuite, une échéance bouge par une note de suivi."
    ),
    E.DIFFUSE: (
        "Le compte rendu est diffusé : la réunion, son ordre du jour, ses présences et ses décisions ne changent plus. Une "
        "échéance ou un responsable qui change se note dans le suivi de la décision ; une erreur se corrige à la prochaine "
        "réunion, par une décision qui remplace celle-là."
    ),
}
ANNULEE = "Cette réunion est annulée : elle n’a pas lieu, et ne reçoit ni point, ni présence, ni décision."


def verrouiller(reunion_id: int) -> Reunion:
    """The meeting, then its convention, as the pages do: two writers never wait for each other."""
    reunion = (
        Reunion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("convention", "instance_gouvernance")
        .get(pk=reunion_id)
    )
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=reunion.convention_id)
    return reunion


def raison_du_verrou(reunion: Reunion) -> str:
    """Empty: it may change."""
    return RAISONS.get(E(reunion.etat_compte_rendu), "")


def raison_de_ne_rien_inscrire(reunion: Reunion) -> str:
    """Empty: its agenda, its attendance and its decisions may be written."""
    return ANNULEE if reunion.is_annulee else raison_du_verrou(reunion)


def exiger_ouverte(reunion_id: int | None) -> None:
    """Read anew, under the lock of its convention: what another person did meanwhile counts. Raises ValidationError."""
    reunion = Reunion.objects.filter(pk=reunion_id).first()
    if reunion is not None and (raison := raison_du_verrou(reunion)):
        raise ValidationError(raison)


def exiger_inscriptible(reunion_id: int | None) -> None:
    """Open, and not cancelled. Read anew, under the lock of its convention. Raises ValidationError."""
    reunion = Reunion.objects.filter(pk=reunion_id).first()
    if reunion is not None and (raison := raison_de_ne_rien_inscrire(reunion)):
        raise ValidationError(raison)


def exiger_decision_ouverte(decision: Decision, *, par_une_note: bool = False) -> None:
    """How far a decision is goes on; what was decided does not change. Raises ValidationError.

    `par_une_note`: what is written says who does it now, or for when, and the minutes that were distributed stay.
    """
    avant = Decision.objects.select_related("reunion").filter(pk=decision.pk).first()
    libres = Decision.SUIVIS if par_une_note and avant is not None and avant.reunion.is_diffusee else ()
    if avant is None or any(
        getattr(avant, nom) != getattr(decision, nom) for nom in Decision.FIGES.difference(libres)
    ):
        exiger_inscriptible(decision.reunion_id)
        if avant is not None and avant.reunion_id != decision.reunion_id:
            exiger_ouverte(avant.reunion_id)
