"""The one writer of the effects of the register. One of a fiche whose campaign has begun goes through its entry."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ctg.permissions import check
from evaluation.enums import NatureCampagne, StatutCampagne
from evaluation.models import Campagne, Effet, Saisie
from evaluation.protocole.preuves import exiger_pas_une_preuve
from evaluation.services import Ecriture
from evaluation.verrous import (
    CHARGE,
    Verrou,
    VerrouError,
    champs_ouverts,
    le,
    raison_du_refus,
    saisie_courante,
    verrou,
    verrou_du_champ,
)


@transaction.atomic
def enregistrer_effet(effet: Effet, *, user, now: datetime.datetime) -> Effet:
    """Raises PermissionDenied, ValidationError, VerrouError."""
    _exiger(user, effet)
    _exiger_annee(effet, today=timezone.localdate(now))
    if saisie := _saisie_ouverte(effet, verrouiller=True):
        Ecriture(saisie.fiche, effet.annee, user=user, now=now).effet(effet)
        return effet
    _exiger_ouvert(effet, verrouiller=True)
    effet.saisi_par, effet.updated_at, effet.source = user, now, ""
    effet.full_clean()
    effet.save()
    return effet


@transaction.atomic
def retirer_effet(effet: Effet, *, user, now: datetime.datetime) -> None:
    """Raises PermissionDenied, VerrouError, ValidationError. The history keeps it."""
    _exiger(user, effet)
    if saisie := _saisie_ouverte(effet, verrouiller=True):
        Ecriture(saisie.fiche, effet.annee, user=user, now=now).effet(effet, supprimer=True)
        return
    _exiger_ouvert(effet, verrouiller=True)
    exiger_pas_une_preuve(effet)
    effet.delete()


def verrou_de_l_effet(effet: Effet, *, today: datetime.date) -> Verrou | None:
    """What keeps it from being changed on that day, or None."""
    if saisie := _saisie_ouverte(effet):
        return verrou(saisie, effet.annee, today=today) or verrou_du_champ("effets", champs_ouverts(saisie))
    try:
        _exiger_ouvert(effet)
    except VerrouError as error:
        return error.verrou
    return None


def _exiger(user, effet: Effet) -> None:
    if not (access := check(user, "evaluation.noter_effet", effet)):
        raise PermissionDenied(access.reason)


def _exiger_annee(effet: Effet, *, today: datetime.date) -> None:
    annees = effet.convention.annees
    if annees and effet.annee not in annees:
        raise ValidationError(
            {"annee": f"La convention va de {annees[0]} à {annees[-1]} : choisissez une de ses années."}
        )
    if effet.annee > today.year:
        raise ValidationError(
            {"annee": f"L’année {effet.annee} n’a pas commencé : un effet s’observe, il ne se prévoit pas."}
        )


def _saisie_ouverte(effet: Effet, *, verrouiller: bool = False) -> Saisie | None:
    """The entry of its fiche, where a campaign of the year has begun."""
    if effet.fiche is None:
        return None
    saisie = saisie_courante(effet.fiche, effet.annee, verrouiller=verrouiller)
    return saisie if saisie and saisie.campagne.statut != StatutCampagne.EN_PREPARATION else None


def _exiger_ouvert(effet: Effet, *, verrouiller: bool = False) -> None:
    """Of a fiche without an entry, of an axe, of the convention: until the campaign of the year is closed."""
    if effet.fiche is not None:
        if raison := raison_du_refus(effet.fiche, effet.annee, ["effets"]):
            raise VerrouError(Verrou("close", raison))
        return
    campagnes = Campagne.objects.filter(convention=effet.convention_id, annee=effet.annee).order_by("pk")
    if verrouiller:  # a closing waits for what is being written
        campagnes = campagnes.select_for_update(no_key=True)
    campagnes = list(campagnes)
    close = next(
        (
            campagne
            for campagne in campagnes
            if (campagne.nature, campagne.statut) == (NatureCampagne.ANNUELLE, StatutCampagne.CLOSE)
        ),
        None,
    )
    if close and not any(campagne.statut == StatutCampagne.OUVERTE for campagne in campagnes):
        raise VerrouError(
            Verrou(
                "close",
                f"La campagne {effet.annee} est close depuis le {le(close.date_cloture)} : ses effets ne changent plus. "
                f"Une campagne de correction les rouvre : {CHARGE} peut l’ouvrir.",
            )
        )
