"""Locks of the year's entry: which one holds, since when, and who can lift it. One function, asked by every door."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from ctg.templatetags.affichage import date_longue
from evaluation.enums import NatureCampagne, StatutBilan, StatutCampagne, StatutSaisie
from evaluation.models import Bilan, Campagne, ChampRenvoye, Saisie
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
    return date_longue(timezone.localtime(moment)) if moment else ""


_ECRITE = Q(campagne__nature=NatureCampagne.ANNUELLE) | Q(campagne__statut=StatutCampagne.OUVERTE)


def _annee(convention_id: int, annee: int) -> dict:
    return {"campagne__annee": annee, "campagne__convention": convention_id}


def saisies_courantes(convention_id: int, annee: int) -> list[Saisie]:
    """`saisie_courante` of every fiche that has one, in the order of the plan; two queries."""
    saisies = Saisie.objects.filter(_ECRITE, **_annee(convention_id, annee)).for_list()
    choisies: dict[int, Saisie] = {}
    for saisie in saisies.prefetch_related("fiche__axes"):
        autre = choisies.get(saisie.fiche_id)
        if autre is None or (saisie.campagne.nature, saisie.pk) > (autre.campagne.nature, autre.pk):
            choisies[saisie.fiche_id] = saisie
    return list(choisies.values())


def saisie_courante(fiche: FicheProjet, annee: int, *, verrouiller: bool = False) -> Saisie | None:
    """The entry by which the values of that year are written: the open correction's, else the campaign's.

    With `verrouiller`, the row is locked and its campaign is read after the lock: a closing waits for what is being
    written, and what comes after a closing sees it.
    """
    saisies = Saisie.objects.filter(_ECRITE, **_annee(fiche.convention_id, annee), fiche=fiche)
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


def demandes_de(saisies: Iterable[Saisie]) -> dict[int, dict[str, str]]:
    """{entry that is sent back: {field: what is asked of it}}, one query; absent: every field is open."""
    a_corriger = [saisie.pk for saisie in saisies if saisie.statut == StatutSaisie.A_CORRIGER]
    demandes: dict[int, dict[str, str]] = {}
    renvois = ChampRenvoye.objects.filter(saisie__in=a_corriger, date_reponse=None).order_by("pk")
    for saisie_id, champ, commentaire in renvois.values_list("saisie_id", "champ", "commentaire"):
        demandes.setdefault(saisie_id, {})[champ] = commentaire
    return demandes


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


def raison_de_la_partie(fiche: FicheProjet, annee: int | None, partie: str) -> str:
    """Why « moyens » or « etapes » are not written beside the entry of the year. Registered in `fiches.verrous`.

    Steps have no year: they are those of the last campaign that was opened, until its bilan is published.
    """
    if annee is None:
        campagne = (
            Campagne.objects.filter(convention=fiche.convention_id, nature=NatureCampagne.ANNUELLE)
            .exclude(statut=StatutCampagne.EN_PREPARATION)
            .order_by("-annee")
            .first()
        )
        publies = Bilan.objects.filter(convention=fiche.convention_id, statut=StatutBilan.PUBLIEE)
        if campagne is None or publies.filter(annee=campagne.annee).exists():
            return ""
        annee = campagne.annee
    return raison_du_refus(fiche, annee, [partie])
