"""Locks of the year's entry: which one holds, since when, and who can lift it. One function, asked by every door."""

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.enums import NatureCampagne, StatutCampagne, StatutSaisie
from evaluation.models import Campagne, ChampRenvoye, Saisie
from fiches.models import FicheProjet

CHARGE = "le chargé de coopération"


@dataclass(frozen=True, slots=True)
class Verrou:
    """`code`: not open, closed, submitted, validated, field. `raison` is a sentence for the person."""

    code: str
    raison: str


class VerrouError(Exception):
    """Something is locked; the message says which lock, since when, and who can lift it."""

    def __init__(self, verrou: Verrou):
        super().__init__(verrou.raison)
        self.verrou = verrou


def le(moment: datetime.datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else ""


def saisie_courante(fiche: FicheProjet, annee: int, *, verrouiller: bool = False) -> Saisie | None:
    """The entry by which the values of that year are written: the open correction's, else the campaign's.

    With `verrouiller`, the row is locked and its campaign is read after the lock: a closing waits for what is being
    written, and what comes after a closing sees it.
    """
    saisies = Saisie.objects.filter(
        Q(campagne__nature=NatureCampagne.ANNUELLE) | Q(campagne__statut=StatutCampagne.OUVERTE),
        fiche=fiche,
        campagne__annee=annee,
        campagne__convention=fiche.convention_id,
    )
    # « correction » comes after « annuelle ».
    choisie = saisies.select_related("campagne").order_by("-campagne__nature", "-pk").first()
    if choisie is None or not verrouiller:
        return choisie
    saisie = Saisie.objects.select_for_update(no_key=True).get(pk=choisie.pk)
    saisie.campagne = Campagne.objects.get(pk=saisie.campagne_id)
    return saisie


def champs_ouverts(saisie: Saisie) -> frozenset[str] | None:
    """The fields that are sent back; None: all of them."""
    if saisie.statut != StatutSaisie.A_CORRIGER:
        return None
    champs = frozenset(
        ChampRenvoye.objects.filter(saisie=saisie, date_reponse=None).values_list("champ", flat=True)
    )
    return champs or None


def verrou(saisie: Saisie | None, annee: int, *, today: datetime.date) -> Verrou | None:
    """What keeps a whole entry from being written on that day, or None."""
    if saisie is None:
        return Verrou(
            "non_ouverte",
            f"La saisie de {annee} n’est pas ouverte pour cette fiche. Elle s’ouvre avec la campagne, "
            f"par {CHARGE}.",
        )
    campagne = saisie.campagne
    if campagne.statut == StatutCampagne.EN_PREPARATION:
        return Verrou(
            "non_ouverte", f"La campagne {annee} se prépare : {CHARGE} l’ouvrira. Rien ne se saisit encore."
        )
    en_exception = saisie.date_exception is not None and saisie.date_exception >= today
    if campagne.statut == StatutCampagne.CLOSE and not en_exception:
        return Verrou(
            "close",
            f"La campagne {annee} est close depuis le {le(campagne.date_cloture)}. Pour une correction, "
            f"demandez une exception ou une campagne de correction : {CHARGE} peut l’accorder.",
        )
    if saisie.statut == StatutSaisie.SOUMISE:
        return Verrou(
            "soumise",
            f"Soumise le {le(saisie.date_soumission)} par {saisie.soumise_par}. Pour la modifier, demandez au "
            f"coordinateur de l’axe ou au chargé de coopération de la renvoyer.",
        )
    if saisie.statut == StatutSaisie.VALIDEE:
        return Verrou(
            "validee",
            f"Validée le {le(saisie.date_validation)} par {saisie.validee_par}. Pour la modifier, demandez au "
            f"coordinateur de l’axe ou au chargé de coopération de la renvoyer.",
        )
    return None


def verrou_du_champ(champ: str, ouverts: frozenset[str] | None) -> Verrou | None:
    """`ouverts`: what `champs_ouverts` answered."""
    if ouverts is None or champ in ouverts:
        return None
    return Verrou("champ", "Seuls les champs renvoyés pour correction se modifient ; celui-ci n’en est pas.")


def ouvrir_saisie(fiche: FicheProjet, annee: int, *, now: datetime.datetime) -> Saisie:
    """The entry, locked until the end of the transaction and open to writing. Raises VerrouError."""
    saisie = saisie_courante(fiche, annee, verrouiller=True)
    if empeche := verrou(saisie, annee, today=timezone.localdate(now)):
        raise VerrouError(empeche)
    return saisie


def raison_du_refus(fiche: FicheProjet, annee: int, champs: list[str]) -> str:
    """Why a load does not write these fields; empty: it may. Years that no campaign has opened are loaded freely."""
    today = timezone.localdate()
    saisie = saisie_courante(fiche, annee)
    if saisie is None:  # closed all the same for a fiche that was not in it
        close = Campagne.objects.filter(
            convention=fiche.convention_id,
            annee=annee,
            nature=NatureCampagne.ANNUELLE,
            statut=StatutCampagne.CLOSE,
        ).first()
        saisie = close and Saisie(campagne=close, fiche=fiche)
        if saisie is None:
            return ""
    ferme = verrou(saisie, annee, today=today)
    if ferme is None:
        ouverts = champs_ouverts(saisie)
        ferme = next((f for champ in champs if (f := verrou_du_champ(champ, ouverts))), None)
    return "" if ferme is None or ferme.code == "non_ouverte" else ferme.raison
