"""The follow-up of a campaign by axe and by person, as the page of its year shows it."""

import datetime
from collections import Counter
from dataclasses import dataclass

from ctg.models import Convention, Utilisateur
from evaluation.bilan import Completude
from evaluation.enums import NatureCampagne, StatutCampagne, StatutSaisie
from evaluation.models import Campagne, Saisie
from evaluation.suivi import Devoir, SuiviFiche, collect_devoirs, collect_suivi, completude
from fiches.arbre import racines_des_axes
from fiches.models import Axe


@dataclass(frozen=True, slots=True)
class SuiviAxe:
    code: str
    intitule: str
    nb_fiches: int
    statuts: tuple[tuple[str, int], ...]  # every state, even at zero
    completude: Completude


@dataclass(frozen=True, slots=True)
class SuiviPersonne:
    compte: Utilisateur
    a_saisir: tuple[Devoir, ...]
    a_valider: tuple[Devoir, ...]

    @property
    def nb_valeurs(self) -> int:
        return sum(len(devoir.lignes) for devoir in self.a_saisir)


def par_statut(suivis: list[SuiviFiche]) -> tuple[tuple[str, int], ...]:
    nombres = Counter(suivi.saisie.statut for suivi in suivis)
    return tuple((statut.label, nombres[statut.value]) for statut in StatutSaisie)


def par_axe(suivis: list[SuiviFiche], convention: Convention) -> list[SuiviAxe]:
    """The axes of the first level, in the order of the plan."""
    racines = racines_des_axes(convention)
    groupes: dict[int, list[SuiviFiche]] = {}
    for suivi in suivis:
        groupes.setdefault(racines[suivi.fiche.axe_id], []).append(suivi)
    return [
        SuiviAxe(
            axe.code,
            axe.intitule,
            len(groupes[axe.pk]),
            par_statut(groupes[axe.pk]),
            completude([ligne for suivi in groupes[axe.pk] for ligne in suivi.lignes]),
        )
        for axe in Axe.objects.filter(pk__in=groupes).order_by("ordre", "pk")
    ]


def par_personne(devoirs: list[Devoir]) -> list[SuiviPersonne]:
    """Those who owe something, by name."""
    comptes = {devoir.compte.pk: devoir.compte for devoir in devoirs}
    return [
        SuiviPersonne(
            compte,
            tuple(d for d in devoirs if d.compte.pk == compte.pk and d.nature != "valider"),
            tuple(d for d in devoirs if d.compte.pk == compte.pk and d.nature == "valider"),
        )
        for compte in sorted(comptes.values(), key=lambda c: (str(c), c.pk))
    ]


@dataclass(frozen=True, slots=True)
class Bloc:
    """One campaign of a year as its page shows it."""

    campagne: Campagne
    suivis: tuple[SuiviFiche, ...]
    courants: tuple[SuiviFiche, ...]  # where a correction has reopened a fiche, the entry of the correction
    statuts: tuple[tuple[str, int], ...]
    axes: tuple[SuiviAxe, ...]
    personnes: tuple[SuiviPersonne, ...]

    @property
    def completude(self) -> Completude:
        return completude([ligne for suivi in self.suivis for ligne in suivi.lignes])

    @property
    def injoignables(self) -> list[str]:
        return list(dict.fromkeys(phrase for suivi in self.suivis for phrase in suivi.injoignables))

    @property
    def exceptions(self) -> list[SuiviFiche]:
        """Reopened after the closing, until a date that has not come."""
        return [s for s in self.suivis if self.campagne.statut == StatutCampagne.CLOSE and s.is_ouverte]

    @property
    def is_correction(self) -> bool:
        return self.campagne.nature == NatureCampagne.CORRECTION


def collect_blocs(convention: Convention, annee: int, *, today: datetime.date) -> list[Bloc]:
    """The campaign of the year, then its corrections, the latest first."""
    campagnes = list(
        Campagne.objects.filter(convention=convention, annee=annee)
        .select_related("convention")
        .order_by("nature", "-pk")
    )
    saisies = Saisie.objects.filter(campagne__in=campagnes)
    suivis = collect_suivi(saisies, convention, today=today) if campagnes else []
    blocs = []
    for campagne in campagnes:
        siens = [suivi for suivi in suivis if suivi.saisie.campagne_id == campagne.pk]
        courants = siens if campagne.parent_id else _courants(siens, suivis)
        blocs.append(
            Bloc(
                campagne,
                tuple(siens),
                tuple(courants),
                par_statut(courants),
                tuple(par_axe(courants, convention)),
                tuple(par_personne(collect_devoirs(siens))),
            )
        )
    return blocs


def _courants(siens: list[SuiviFiche], tous: list[SuiviFiche]) -> list[SuiviFiche]:
    """The last entry of each fiche: that of the last correction that was opened, else the campaign's own."""
    corriges: dict[int, SuiviFiche] = {}
    for suivi in sorted(tous, key=lambda s: s.saisie.pk):
        campagne = suivi.saisie.campagne
        if campagne.nature == NatureCampagne.CORRECTION and campagne.statut != StatutCampagne.EN_PREPARATION:
            corriges[suivi.fiche.pk] = suivi
    return [suivi if suivi.is_ouverte else corriges.get(suivi.fiche.pk, suivi) for suivi in siens]
