"""A campaign that is prepared, or that is under way: what is due of whom, until when. Views ask the right before."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ctg.models import Convention, Personne
from evaluation.campagnes import champ_de, fiches_de_lannee, indicateurs_dus, renvoyer_champ
from evaluation.enums import NatureCampagne, Periodicite, StatutCampagne, StatutSaisie
from evaluation.models import Campagne, Indicateur, LigneSaisie, Saisie
from evaluation.verrous import champs_ouverts
from fiches.models import FicheProjet

PREPAREE = "La campagne n’est plus en préparation : ajoutez des fiches, ou déplacez la date limite."


@dataclass(slots=True)
class Choix:
    """What the person chose: {fiche: {indicateur that is due: who enters it, or None}}."""

    date_limite: datetime.date
    consigne: str = ""
    jours_rappel: str = ""
    is_rappels_automatiques: bool = True
    fiches: Mapping[FicheProjet, Mapping[Indicateur, Personne | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposition:
    """A fiche that can be chosen, and its indicators: (indicateur, due by its periodicity)."""

    fiche: FicheProjet
    indicateurs: tuple[tuple[Indicateur, bool], ...]


def proposer(convention: Convention, annee: int, *, today: datetime.date) -> list[Proposition]:
    """Every fiche of the year with its indicators in force, in the order of the plan."""
    au = min(datetime.date(annee, 12, 31), today)
    fiches = list(fiches_de_lannee(convention, annee).select_related("convention"))
    indicateurs: dict[int, list[Indicateur]] = {}
    for indicateur in (
        Indicateur.objects.filter(fiche__in=fiches)
        .en_vigueur(au=au)
        .select_related("responsable")
        .order_by("ordre", "pk")
    ):
        indicateurs.setdefault(indicateur.fiche_id, []).append(indicateur)
    return [
        Proposition(fiche, _dus(fiche, indicateurs.get(fiche.pk, []), annee, today=today)) for fiche in fiches
    ]


def _dus(fiche, indicateurs, annee, *, today) -> tuple[tuple[Indicateur, bool], ...]:
    """Only an indicator that is counted once asks whether it was."""
    if all(i.periodicite != Periodicite.UNIQUE for i in indicateurs):
        return tuple((i, True) for i in indicateurs)
    dus = {i.pk for i in indicateurs_dus(fiche, annee, today=today)}
    return tuple((i, i.pk in dus) for i in indicateurs)


@transaction.atomic
def enregistrer_preparation(
    campagne: Campagne | None, convention: Convention, annee: int, choix: Choix
) -> Campagne:
    """A new campaign, or one in preparation as it is chosen now. Raises ValidationError."""
    if campagne is None:
        if annee not in convention.annees:
            raise ValidationError("Cette année n’est pas une année de la convention.")
        campagne = Campagne(convention=convention, annee=annee)
    else:
        campagne = _verrouiller(campagne)
        if campagne.statut != StatutCampagne.EN_PREPARATION:
            raise ValidationError(PREPAREE)
    campagne.date_limite, campagne.consigne = choix.date_limite, choix.consigne
    campagne.jours_rappel = choix.jours_rappel
    campagne.is_rappels_automatiques = choix.is_rappels_automatiques
    campagne.full_clean()
    campagne.save()
    saisies = {saisie.fiche_id: saisie for saisie in campagne.saisies.select_related("fiche")}
    for fiche_id in saisies.keys() - {fiche.pk for fiche in choix.fiches}:
        saisies[fiche_id].delete()
    for fiche, indicateurs in choix.fiches.items():
        saisie = saisies.get(fiche.pk)
        if saisie is None:
            saisie = Saisie(campagne=campagne, fiche=fiche)
            saisie.full_clean()
            saisie.save()
        _poser_les_lignes(saisie, indicateurs)
    return campagne


def _poser_les_lignes(saisie: Saisie, indicateurs: Mapping[Indicateur, Personne | None]) -> None:
    presentes = {ligne.indicateur_id: ligne for ligne in saisie.lignes.all()}
    for pk in presentes.keys() - {indicateur.pk for indicateur in indicateurs}:
        presentes[pk].delete()
    for indicateur, responsable in indicateurs.items():
        ligne = presentes.get(indicateur.pk) or LigneSaisie(saisie=saisie, indicateur=indicateur)
        responsable_id = responsable.pk if responsable else None
        if ligne.pk is None or ligne.responsable_id != responsable_id:
            ligne.responsable_id = responsable_id
            ligne.save()


@transaction.atomic
def abandonner(campagne: Campagne) -> None:
    """A campaign in preparation is deleted; the history keeps it. Raises ValidationError."""
    campagne = _verrouiller(campagne)
    if campagne.statut != StatutCampagne.EN_PREPARATION:
        raise ValidationError("Une campagne ouverte ne s’abandonne pas : elle se clôt.")
    campagne._change_reason = "Préparation abandonnée"
    campagne.delete()


@transaction.atomic
def deplacer_date_limite(campagne: Campagne, date_limite: datetime.date, *, motif: str) -> Campagne:
    """Raises ValidationError."""
    campagne = _verrouiller(campagne)
    if campagne.statut != StatutCampagne.OUVERTE:
        raise ValidationError("Seule une campagne ouverte a une date limite à déplacer.")
    if not motif.strip():
        raise ValidationError(
            {"motif": "Écrivez pourquoi la date change : le motif reste dans l’historique."}
        )
    campagne.date_limite = date_limite
    campagne._change_reason = f"Date limite déplacée : {motif.strip()[:300]}"
    campagne.save()
    return campagne


@transaction.atomic
def ajouter_indicateur(
    saisie: Saisie, indicateur: Indicateur, responsable: Personne | None, *, user, now: datetime.datetime
) -> LigneSaisie:
    """One more indicator that is due in an entry under way. Raises ValidationError."""
    saisie = Saisie.objects.select_for_update(of=("self",), no_key=True).get(pk=saisie.pk)
    if saisie.campagne.statut == StatutCampagne.CLOSE or saisie.statut not in StatutSaisie.MODIFIABLES:
        raise ValidationError(
            f"La saisie de cette fiche est « {saisie.get_statut_display()} » : renvoyez-la d’abord."
        )
    if indicateur.fiche_id != saisie.fiche_id:
        raise ValidationError("Cet indicateur n’est pas de cette fiche.")
    ligne = LigneSaisie(saisie=saisie, indicateur=indicateur, responsable=responsable)
    ligne.full_clean()
    ligne.save()
    if champs_ouverts(saisie) is not None:  # only what is sent back is open: what is added is asked like it
        renvoyer_champ(saisie, champ_de(indicateur), "Indicateur ajouté.", user=user, now=now)
    return ligne


def demander(indicateur: Indicateur, *, user, now: datetime.datetime) -> list[Campagne]:
    """A new indicator, or one that is in force again, is due at once in the campaigns of its fiche whose entry still
    takes values; which ones."""
    saisies = _saisies_en_cours(indicateur).filter(campagne__nature=NatureCampagne.ANNUELLE)
    saisies = saisies.exclude(pk__in=LigneSaisie.objects.filter(indicateur=indicateur).values("saisie"))
    campagnes = []
    for saisie in saisies.select_related("campagne__convention", "fiche"):
        dus = indicateurs_dus(saisie.fiche, saisie.campagne.annee, today=timezone.localdate(now))
        if indicateur in dus:
            ajouter_indicateur(saisie, indicateur, indicateur.responsable, user=user, now=now)
            campagnes.append(saisie.campagne)
    return campagnes


def demande_en_mots(indicateur: Indicateur) -> str:
    """What a campaign under way makes of a new indicator; empty where there is none."""
    annees = (
        LigneSaisie.objects.filter(indicateur=indicateur)
        .exclude(saisie__campagne__statut=StatutCampagne.CLOSE)
        .order_by("saisie__campagne__annee")
        .values_list("saisie__campagne__annee", flat=True)
        .distinct()
    )
    if annees:
        return f" Il est demandé dans la campagne {' et '.join(map(str, annees))}."
    remises = Saisie.objects.filter(
        fiche=indicateur.fiche_id, campagne__statut=StatutCampagne.OUVERTE, statut__in=StatutSaisie.REMISES
    ).select_related("campagne")
    if remise := remises.first():
        return (
            f" Il n’est pas demandé dans la campagne {remise.campagne.annee} : la saisie de sa fiche est "
            f"« {remise.get_statut_display()} ». Pour l’y ajouter, renvoyez-la d’abord."
        )
    return ""


def confier(indicateur: Indicateur, precedent_id: int | None) -> None:
    """Who enters an indicator has changed: so it does where it is still to be entered by the one before."""
    lignes = LigneSaisie.objects.filter(indicateur=indicateur, saisie__in=_saisies_en_cours(indicateur))
    for ligne in lignes.filter(responsable=precedent_id):
        ligne.responsable_id = indicateur.responsable_id
        ligne.save()


def ne_plus_demander(indicateur: Indicateur) -> None:
    """Closed, it is no longer due for the years at the end of which it is not in force."""
    for ligne in LigneSaisie.objects.filter(
        indicateur=indicateur,
        saisie__in=_saisies_en_cours(indicateur),
        saisie__campagne__annee__gte=indicateur.date_fin.year,
    ):
        ligne.delete()


def _saisies_en_cours(indicateur: Indicateur):
    """Entries of its fiche that still take values, of campaigns that are not closed."""
    return (
        Saisie.objects.filter(fiche=indicateur.fiche_id, statut__in=sorted(StatutSaisie.MODIFIABLES))
        .exclude(campagne__statut=StatutCampagne.CLOSE)
        .order_by("campagne__annee", "pk")
    )


def _verrouiller(campagne: Campagne) -> Campagne:
    return (
        Campagne.objects.select_for_update(of=("self",), no_key=True)
        .select_related("convention")
        .get(pk=campagne.pk)
    )
