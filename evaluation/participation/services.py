"""The one writer of the events of participation."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from ctg.models import Quartier
from ctg.permissions import check
from evaluation.models import EvenementParticipation, PublicPresent
from evaluation.models.participation import Concernes
from evaluation.protocole.preuves import exiger_pas_une_preuve
from fiches.models import Axe, FicheProjet

RIEN_DE_CONCERNE = (
    "Dites ce que ce temps concerne : une fiche, un axe, un quartier, ou le pilotage de la convention."
)
HORS = "Choisissez les fiches, les axes et les quartiers de cette convention."


@transaction.atomic
def enregistrer_evenement(
    evenement: EvenementParticipation,
    *,
    publics: Iterable[str],
    quartiers: Iterable[Quartier],
    fiches: Iterable[FicheProjet],
    axes: Iterable[Axe],
    user,
    today: datetime.date,
) -> EvenementParticipation:
    """Judged as it was and as it becomes: nobody takes the event of another. Raises PermissionDenied, ValidationError."""
    quartiers, fiches, axes = list(quartiers), list(fiches), list(axes)
    if evenement.pk:
        _exiger(user, EvenementParticipation.objects.for_list().get(pk=evenement.pk).concernes)
    if not (quartiers or fiches or axes or evenement.is_gouvernance):
        raise ValidationError(RIEN_DE_CONCERNE)
    _exiger(user, Concernes.de(evenement.convention_id, fiches, axes, quartiers))
    territoire = evenement.convention.territoire_id
    if any(quartier.decoupage.territoire_id != territoire for quartier in quartiers) or any(
        objet.convention_id != evenement.convention_id for objet in [*fiches, *axes]
    ):
        raise ValidationError(HORS)
    if evenement.date_debut and evenement.date_debut > today:
        raise ValidationError(
            {"date_debut": "Ce jour n’est pas passé : un temps à venir se note au calendrier."}
        )
    evenement.source = ""  # what a person writes is no longer of the demonstration
    evenement.full_clean()
    evenement.save()
    evenement.quartiers.set(quartiers)
    evenement.fiches.set(fiches)
    evenement.axes.set(axes)
    _poser_publics(evenement, set(publics))
    return evenement


@transaction.atomic
def retirer_evenement(evenement: EvenementParticipation, *, user) -> None:
    """Raises PermissionDenied, ValidationError. The history keeps it."""
    _exiger(user, evenement.concernes)
    exiger_pas_une_preuve(evenement)
    evenement.delete()


def _poser_publics(evenement: EvenementParticipation, publics: set[str]) -> None:
    gardes = {present.public: present for present in PublicPresent.objects.filter(evenement=evenement)}
    for public in gardes.keys() - publics:
        gardes[public].delete()
    for public in sorted(publics - gardes.keys()):
        present = PublicPresent(evenement=evenement, public=public)
        present.full_clean()
        present.save()


def _exiger(user, concernes: Concernes) -> None:
    if not (access := check(user, "evaluation.noter_participation", concernes)):
        raise PermissionDenied(access.reason)
