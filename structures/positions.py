"""The only writer of where a structure stands: by hand, or by what the address service proposes. No position is invented."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from structures.enums import StatutProposition
from structures.models import PropositionPosition, Structure

DEJA_PLACEE = "Cette structure a déjà des coordonnées : changez-les depuis sa page si elles sont fausses."
DEJA_TRAITEE = "Cette proposition n’attend plus : quelqu’un l’a déjà acceptée ou refusée."
SOURCE_ADRESSE = "Base adresse nationale"


@transaction.atomic
def placer(structure_id: int, *, latitude: Decimal, longitude: Decimal, source: str) -> Structure:
    """Put it there, or move it. Raises ValidationError."""
    structure = _verrouiller(structure_id)
    if not source.strip():
        raise ValidationError({"source_coordonnees": "Dites d’où vient cette position."})
    structure.situer(latitude, longitude, source.strip())
    _enregistrer(structure)
    return structure


@transaction.atomic
def placer_si_vide(structure_id: int, *, latitude: Decimal, longitude: Decimal, source: str) -> bool:
    """False, and nothing is written, where it stands somewhere already."""
    if _verrouiller(structure_id).latitude is not None:
        return False
    placer(structure_id, latitude=latitude, longitude=longitude, source=source)
    return True


@transaction.atomic
def retirer(structure_id: int) -> Structure:
    """It stands nowhere any more: a wrong place is worse than none."""
    structure = _verrouiller(structure_id)
    structure.situer(None, None, "")
    _enregistrer(structure)
    for proposition in structure.propositions.filter(statut=StatutProposition.ACCEPTEE):
        proposition.statut = StatutProposition.EN_ATTENTE
        proposition.save()
    return structure


@transaction.atomic
def proposer(structure_id: int, adresse: str, propositions: list[PropositionPosition]) -> int:
    """Keep what the service proposes for this address; what it proposed for another one goes. How many wait."""
    structure = _verrouiller(structure_id)
    if structure.latitude is not None:
        return 0
    structure.propositions.exclude(adresse_demandee=adresse).delete()
    connues = set(structure.propositions.values_list("libelle", flat=True))
    for proposition in propositions:
        if proposition.libelle in connues:
            continue
        connues.add(proposition.libelle)
        proposition.structure, proposition.adresse_demandee = structure, adresse
        proposition.full_clean()
        proposition.save()
    return structure.propositions.filter(statut=StatutProposition.EN_ATTENTE).count()


@transaction.atomic
def accepter(proposition_id: int) -> PropositionPosition:
    """The structure stands where the proposition says. Raises ValidationError."""
    proposition = _en_attente(proposition_id)
    if proposition.structure.latitude is not None:
        raise ValidationError(DEJA_PLACEE)
    source = f"{SOURCE_ADRESSE} : {proposition.libelle}, vérifiée à la main"
    placer(
        proposition.structure_id,
        latitude=proposition.latitude,
        longitude=proposition.longitude,
        source=source[:200],
    )
    return _changer(proposition, StatutProposition.ACCEPTEE)


@transaction.atomic
def refuser(proposition_id: int) -> PropositionPosition:
    """It is kept, so that it is not proposed again. Raises ValidationError."""
    return _changer(_en_attente(proposition_id), StatutProposition.REFUSEE)


@transaction.atomic
def remettre(proposition_id: int) -> PropositionPosition:
    """A refusal by mistake is undone. Raises ValidationError."""
    proposition = _lire(proposition_id)
    if proposition.statut != StatutProposition.REFUSEE:
        raise ValidationError("Cette proposition n’est pas refusée.")
    return _changer(proposition, StatutProposition.EN_ATTENTE)


def _lire(proposition_id: int) -> PropositionPosition:
    """Under the lock of its structure: one person at a time says where it stands."""
    structure_id = PropositionPosition.objects.values_list("structure", flat=True).get(pk=proposition_id)
    structure = _verrouiller(structure_id)
    proposition = PropositionPosition.objects.get(pk=proposition_id)
    proposition.structure = structure
    return proposition


def _en_attente(proposition_id: int) -> PropositionPosition:
    proposition = _lire(proposition_id)
    if proposition.statut != StatutProposition.EN_ATTENTE:
        raise ValidationError(DEJA_TRAITEE)
    return proposition


def _changer(proposition: PropositionPosition, statut: str) -> PropositionPosition:
    proposition.statut = statut
    proposition.save()
    return proposition


def _verrouiller(structure_id: int) -> Structure:
    return Structure.objects.select_for_update(of=("self",), no_key=True).get(pk=structure_id)


def _enregistrer(structure: Structure) -> None:
    structure.full_clean()
    structure.save()


@dataclass(frozen=True, slots=True)
class AnciennePosition:
    """`jusqu_a`: the moment when it was left; `par`: by whom, or empty."""

    latitude: Decimal
    longitude: Decimal
    source: str
    jusqu_a: datetime.datetime
    par: str


def precedentes(structure: Structure) -> list[AnciennePosition]:
    """Where it stood before, the last one first, as the history tells it."""
    anciennes, suivante = [], None
    for ligne in structure.historique.select_related("history_user").order_by("-history_date", "-history_id"):
        position = (ligne.latitude, ligne.longitude)
        if (
            suivante is not None
            and position != (suivante.latitude, suivante.longitude)
            and ligne.latitude is not None
        ):
            anciennes.append(
                AnciennePosition(
                    *position,
                    ligne.source_coordonnees or ligne.source_complements,
                    suivante.history_date,
                    str(suivante.history_user or ""),
                )
            )
        suivante = ligne
    return anciennes
