"""Who grants which mandate, and how one is granted and ended. Every door but the admin's comes here."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ctg.enums import NatureOrganisme, Role
from ctg.models import Convention, Mandat, Organisme, Personne, Utilisateur
from ctg.perimetres import perimetre_du_role
from ctg.permissions import check

REPRESENTENT = (Role.CONSEILLER_CAF, Role.REPRESENTANT)
DERNIER_ADMINISTRATEUR = "C’est le dernier administrateur : nommez-en un autre d’abord, sans quoi personne n’ouvrirait plus l’administration."
REFUS = {
    Role.ADMINISTRATEUR: "Seul un administrateur donne ou retire un mandat d’administrateur.",
    "aval": "Le mandat d’un organisme qui donne l’aval se donne par un administrateur ou par ceux qui l’y représentent.",
    "caf": "Un mandat de conseiller Caf est pour un organisme qui donne l’aval, ou pour une Caf.",
    "autre": "Vous ne donnez que les mandats de votre propre organisme.",
}


def motif_de_refus(user: Utilisateur, convention: Convention, role: str, organisme: Organisme | None) -> str:
    """Why this person may not grant, or end, that mandate; empty when they may."""
    if user.is_administrateur:
        return ""
    if not (access := check(user, "ctg.inviter", convention)):
        return access.reason
    if role == Role.ADMINISTRATEUR:
        return REFUS[Role.ADMINISTRATEUR]
    mine = [m for m in user.mandats_actifs if m.convention_id == convention.pk]
    aval = convention.get_organismes_qui_avalisent()
    organisme_pk = organisme.pk if organisme else None
    if role == Role.CONSEILLER_CAF or (role in REPRESENTENT and organisme_pk in aval):
        les_miens = {m.organisme_id for m in mine if m.role in REPRESENTENT}
        return "" if organisme_pk in les_miens else REFUS["aval"]
    if any(m.role == Role.CHARGE_COOPERATION for m in mine):
        return ""
    return REFUS["autre"]


def roles_accordables(user: Utilisateur, convention: Convention) -> list[str]:
    """Roles that this person may grant in this convention, to at least one organisme."""
    organismes = [None, *Organisme.objects.filter(signatures__convention=convention).distinct()]
    organismes += Organisme.objects.filter(pk__in=convention.get_organismes_qui_avalisent())
    return [
        role
        for role in Role.values
        if role != Role.ADMINISTRATEUR
        and any(
            not motif_de_refus(user, convention, role, organisme)
            for organisme in (organismes[1:] if role in REPRESENTENT else [None])
        )
    ]


@transaction.atomic
def accorder(
    *,
    par: Utilisateur,
    personne: Personne,
    compte: Utilisateur,
    role: str,
    organisme: Organisme | None = None,
    perimetre: Iterable[int] = (),
    date_debut: datetime.date | None = None,
    date_fin: datetime.date | None = None,
) -> Mandat:
    """Grant a role in the convention of `personne`. Raises PermissionDenied or ValidationError."""
    convention = personne.convention
    if refus := motif_de_refus(par, convention, role, organisme):
        raise PermissionDenied(refus)
    if role == Role.CONSEILLER_CAF and not _peut_conseiller(convention, organisme):
        raise ValidationError(REFUS["caf"])
    if date_fin is not None and date_fin <= timezone.localdate():
        raise ValidationError(
            "Ce mandat serait déjà terminé : choisissez une fin à venir, ou laissez-la vide."
        )
    sorte = perimetre_du_role(role)
    choisis = set(perimetre)
    permis = {pk for pk, _ in sorte.choix(convention)} if sorte else set()
    if sorte and not choisis:
        raise ValidationError(f"Choisissez au moins un élément : {sorte.libelle.lower()}.")
    if choisis - permis:
        raise ValidationError("Ce périmètre n’est pas de cette convention.")
    if _a_deja(compte, convention, role, organisme, sorte, choisis):
        raise ValidationError("Cette personne a déjà ce mandat.")
    mandat = Mandat(
        utilisateur=compte,
        role=role,
        convention=convention,
        organisme=organisme if role in REPRESENTENT else None,
        date_debut=date_debut,
        date_fin=date_fin,
    )
    mandat.full_clean()
    mandat.save()
    for pk in sorted(choisis):
        sorte.modele.objects.create(mandat=mandat, **{f"{sorte.champ}_id": pk})
    if personne.utilisateur_id != compte.pk:
        personne.utilisateur = compte
        personne.full_clean()
        personne.save()
    return mandat


def _a_deja(compte, convention, role, organisme, sorte, choisis: set[int]) -> bool:
    """A mandate without an end says the same of the same scope."""
    memes = Mandat.objects.filter(
        utilisateur=compte,
        convention=convention,
        role=role,
        organisme=organisme if role in REPRESENTENT else None,
        date_fin=None,
    )
    if sorte is None:
        return memes.exists()
    return any(
        choisis == set(sorte.modele.objects.filter(mandat=meme).values_list(f"{sorte.champ}_id", flat=True))
        for meme in memes
    )


def _peut_conseiller(convention: Convention, organisme: Organisme | None) -> bool:
    return organisme is not None and (
        organisme.nature == NatureOrganisme.CAF or organisme.pk in convention.get_organismes_qui_avalisent()
    )


def is_dernier_administrateur(compte: Utilisateur) -> bool:
    """Without that account nobody would open the administration any more."""
    actifs = Mandat.objects.filter(role=Role.ADMINISTRATEUR, utilisateur__is_active=True).actifs(
        au=timezone.localdate()
    )
    return {mandat.utilisateur_id for mandat in actifs} == {compte.pk}


@transaction.atomic
def mettre_fin(mandat: Mandat, *, par: Utilisateur, au: datetime.date) -> None:
    """From that day on the mandate no longer holds. One that had not begun is deleted; the history keeps it."""
    if refus := motif_de_refus(par, mandat.convention, mandat.role, mandat.organisme):
        raise PermissionDenied(refus)
    if mandat.role == Role.ADMINISTRATEUR and is_dernier_administrateur(mandat.utilisateur):
        raise ValidationError(DERNIER_ADMINISTRATEUR)
    if mandat.date_debut and mandat.date_debut >= au:
        mandat.delete()
        return
    if mandat.date_fin is None or mandat.date_fin > au:
        mandat.date_fin = au
        mandat.save()
