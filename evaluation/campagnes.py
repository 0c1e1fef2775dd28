"""Making a campaign: which fiches, which indicators are due, who enters them."""

import datetime
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from ctg.models import Convention
from evaluation.enums import NatureCampagne, Periodicite, SituationMesure, StatutCampagne, StatutSaisie
from evaluation.models import Avancement, Campagne, ChampRenvoye, Indicateur, LigneSaisie, Mesure, Saisie
from fiches.models import FicheProjet

AVANCEMENT = (
    "statut",
    "taux_avancement",
    "realisations",
    "publics_touches",
    "difficultes",
    "ajustements",
    "decision_demandee",
)
PARTIES = {"etapes": "étapes", "moyens": "moyens réalisés", "effets": "effets observés"}


def champ_de(indicateur: Indicateur) -> str:
    """The name by which the value of an indicator is sent back, linked to and locked."""
    return f"i{indicateur.pk}"


def fiches_de_lannee(convention: Convention, annee: int):
    """Those that count for the year, in the order of the plan."""
    return FicheProjet.objects.filter(convention=convention).de_l_annee(annee).for_list()


def nom_du_champ(champ: str) -> str:
    """How a field other than an indicator is called on screen."""
    return PARTIES.get(champ) or str(Avancement._meta.get_field(champ).verbose_name)


def indicateurs_dus(fiche: FicheProjet, annee: int, *, today: datetime.date) -> list[Indicateur]:
    """In force, and due that year by their periodicity: one that is counted once is due until it has a value."""
    au = min(datetime.date(annee, 12, 31), today)
    indicateurs = Indicateur.objects.filter(fiche=fiche).en_vigueur(au=au).order_by("ordre", "pk")
    comptes = set(
        Mesure.objects.filter(
            indicateur__fiche=fiche, annee__lt=annee, situation=SituationMesure.RENSEIGNEE
        ).values_list("indicateur_id", flat=True)
    )
    return [i for i in indicateurs if i.periodicite != Periodicite.UNIQUE or i.pk not in comptes]


@transaction.atomic
def preparer_campagne(
    convention: Convention,
    annee: int,
    *,
    date_limite: datetime.date,
    fiches: Iterable[FicheProjet],
    today: datetime.date,
    consigne: str = "",
) -> Campagne:
    """A campaign in preparation, with what is due of each fiche. Raises ValidationError."""
    if annee not in convention.annees:
        raise ValidationError("Cette année n’est pas une année de la convention.")
    campagne = Campagne(convention=convention, annee=annee, date_limite=date_limite, consigne=consigne)
    campagne.full_clean()
    campagne.save()
    for fiche in fiches:
        ajouter_fiche(campagne, fiche, today=today)
    return campagne


@transaction.atomic
def ajouter_fiche(campagne: Campagne, fiche: FicheProjet, *, today: datetime.date) -> Saisie:
    """What the fiche owes in this campaign, and who enters it. Raises ValidationError."""
    if fiche.convention_id != campagne.convention_id:
        raise ValidationError("Cette fiche n’est pas de cette convention.")
    saisie = Saisie(campagne=campagne, fiche=fiche)
    saisie.full_clean()
    saisie.save()
    for indicateur in indicateurs_dus(fiche, campagne.annee, today=today):
        LigneSaisie.objects.create(
            saisie=saisie, indicateur=indicateur, responsable_id=indicateur.responsable_id
        )
    return saisie


@transaction.atomic
def preparer_correction(
    parent: Campagne,
    *,
    motif: str,
    date_limite: datetime.date,
    fiches: Mapping[FicheProjet, Mapping[str, str]],
    user,
    now: datetime.datetime,
) -> Campagne:
    """A campaign that corrects a closed one: its entries start « à corriger ».

    `fiches`: {fiche: {field: what is asked}}; a fiche without a field is open whole. Raises ValidationError.
    """
    if parent.statut != StatutCampagne.CLOSE or parent.nature != NatureCampagne.ANNUELLE:
        raise ValidationError("Une correction suit une campagne close.")
    if not fiches:
        raise ValidationError("Nommez au moins une fiche à corriger.")
    campagne = Campagne(
        convention=parent.convention,
        annee=parent.annee,
        nature=NatureCampagne.CORRECTION,
        parent=parent,
        motif=motif.strip(),
        date_limite=date_limite,
    )
    campagne.full_clean()
    campagne.save()
    for fiche, champs in fiches.items():
        saisie = Saisie(campagne=campagne, fiche=fiche, statut=StatutSaisie.A_CORRIGER)
        saisie.full_clean()
        saisie.save()
        origine = LigneSaisie.objects.filter(saisie__campagne=parent, saisie__fiche=fiche)
        for ligne in origine.order_by("pk"):
            LigneSaisie.objects.create(
                saisie=saisie, indicateur_id=ligne.indicateur_id, responsable_id=ligne.responsable_id
            )
        for champ, commentaire in champs.items():
            renvoyer_champ(saisie, champ, commentaire, user=user, now=now)
    return campagne


def champs_connus(saisie: Saisie) -> set[str]:
    """Every field of an entry that can be sent back."""
    lignes = LigneSaisie.objects.filter(saisie=saisie).values_list("indicateur_id", flat=True)
    return {*AVANCEMENT, *PARTIES, *(f"i{pk}" for pk in lignes)}


def renvoyer_champ(saisie: Saisie, champ: str, commentaire: str, *, user, now: datetime.datetime) -> None:
    """Raises ValidationError."""
    if champ not in champs_connus(saisie):
        raise ValidationError("Ce champ n’est pas de cette saisie.")
    demande = ChampRenvoye(
        saisie=saisie, champ=champ, commentaire=commentaire.strip(), demande_par=user, created_at=now
    )
    demande.full_clean()
    demande.save()
