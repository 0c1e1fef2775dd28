"""What the bilans say of each axe, beside what the review says of it; and the propositions, axe by axe."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from ctg.models import Convention
from ctg.permissions import check
from evaluation.bilan import Contenu, LigneFiche, SyntheseAxe
from evaluation.editions import edition_de
from evaluation.effets.comptes import CompteEffets, compter
from evaluation.lecture import caches
from evaluation.lecture_bilan import AVALISEES, sorties_lisibles, versions_lisibles
from evaluation.meteo import Meteo, meteos_par_axe
from evaluation.models import AppreciationAxe, Bilan, Proposition, RevueMiParcours
from evaluation.reports import collect_bilan
from fiches.arbre import racines_des_axes
from fiches.lecture import collect_faits
from gouvernance.models import Decision


@dataclass(frozen=True, slots=True)
class MoyensDits:
    """Planned and spent over the fiches of an axe; each sum stands on so many of so many amounts. None: of none."""

    nature: str
    is_etp: bool
    prevu: Decimal | None
    nb_prevu: int
    realise: Decimal | None
    nb_realise: int
    sur: int


@dataclass(frozen=True, slots=True)
class AnneeLue:
    """A year of an axe. `origine`: which version of the bilan says it, or that nothing is frozen."""

    annee: int
    origine: str
    is_figee: bool
    synthese: SyntheseAxe
    meteo: Meteo
    moyens: tuple[MoyensDits, ...]
    effets: CompteEffets
    nb_decisions: int | None
    en_retard: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AxeLu:
    appreciation: AppreciationAxe
    annees: tuple[AnneeLue, ...]
    propositions: tuple[Proposition, ...]


@dataclass(frozen=True, slots=True)
class RevueLue:
    """`hors_axe`: propositions that hang on no thematic axe of the review. `muettes`: years without a readable figure."""

    revue: RevueMiParcours
    axes: tuple[AxeLu, ...]
    hors_axe: tuple[Proposition, ...]
    muettes: tuple[int, ...]

    @property
    def propositions(self) -> tuple[Proposition, ...]:
        return (*(p for axe in self.axes for p in axe.propositions), *self.hors_axe)

    @property
    def nb_a_trancher(self) -> int:
        return sum(not proposition.issue for proposition in self.propositions)

    @property
    def a_completer(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(axe, criteria of which nothing is written) where there are some."""
        manques = (
            (
                str(lu.appreciation.axe.intitule),
                tuple(nom for nom, _, dit in lu.appreciation.criteres if not dit),
            )
            for lu in self.axes
        )
        return tuple((axe, noms) for axe, noms in manques if noms)


@dataclass(frozen=True, slots=True)
class _AnneeDite:
    annee: int
    contenu: Contenu
    meteos: dict[str, Meteo]
    origine: str
    is_figee: bool


def collect_revue(revue: RevueMiParcours, *, user=None, now: datetime.datetime) -> RevueLue:
    """As `user` reads it; None: as the COPIL does, from the versions of the bilans that have the aval alone.

    What a decision that this person does not read yet has settled is shown as not decided.
    """
    convention = revue.convention
    dites = list(_annees(convention, user, now))
    racines = racines_des_axes(convention)
    par_racine: dict[int | None, list[Proposition]] = {}
    propositions = revue.propositions.select_related(
        "revue__convention", "axe", "fiche__axe", "fiche__convention", "decision__reunion__convention"
    ).prefetch_related("fiche__axes")
    lues = Decision.objects.diffusees() if user is None else Decision.objects.visible_to(user)
    lues = set(lues.filter(propositions__revue=revue).values_list("pk", flat=True))
    for proposition in propositions.order_by("pk"):
        if proposition.decision_id not in lues:  # its minutes are not distributed yet
            proposition.issue, proposition.decision = "", None
        axe = proposition.fiche.axe_id if proposition.fiche else proposition.axe_id
        par_racine.setdefault(racines.get(axe), []).append(proposition)
    appreciations = revue.appreciations.select_related("revue", "axe").order_by("axe__ordre", "axe__pk")
    axes = tuple(
        AxeLu(
            appreciation,
            tuple(lue for dite in dites if (lue := _lire(dite, appreciation.axe.code))),
            tuple(par_racine.pop(appreciation.axe_id, ())),
        )
        for appreciation in appreciations
    )
    donnees = {dite.annee for dite in dites}
    return RevueLue(
        revue,
        axes,
        tuple(proposition for siennes in par_racine.values() for proposition in siennes),
        tuple(annee for annee in _commencees(convention, now) if annee not in donnees),
    )


def _commencees(convention: Convention, now: datetime.datetime) -> list[int]:
    return [annee for annee in convention.annees if annee <= timezone.localdate(now).year]


def _annees(convention: Convention, user, now: datetime.datetime) -> Iterator[_AnneeDite]:
    """Frozen where a version may be read, live where nothing is frozen and this person reads live figures."""
    for annee in _commencees(convention, now):
        if user is None:
            versions = Bilan.objects.filter(AVALISEES, convention=convention, annee=annee)
            bilan, sortie = versions.select_related("convention").order_by("-version").first(), None
        else:
            bilan = versions_lisibles(user, convention, annee).first()
            sortie = next(iter(sorties_lisibles(user, convention)), None)
        if bilan is not None:
            edition = edition_de(bilan, sortie) if sortie else edition_de(bilan)
            yield _AnneeDite(
                annee,
                edition.contenu,
                {s.code: ciel for s, ciel in meteos_par_axe(edition.complet, edition.contenu)},
                f"bilan {annee}, version {bilan.version} ({bilan.get_statut_display()})",
                is_figee=True,
            )
        elif user is not None and check(user, "ctg.lire_chiffres", convention):
            contenu = collect_bilan(
                convention,
                annee,
                now=timezone.localtime(now),
                caches=caches(user, convention),
                faits=collect_faits(user, convention),
            )
            yield _AnneeDite(
                annee,
                contenu,
                {s.code: ciel for s, ciel in meteos_par_axe(contenu)},
                f"état du {timezone.localtime(now):%d/%m/%Y}, rien n’est figé",
                is_figee=False,
            )


def _lire(dite: _AnneeDite, code: str) -> AnneeLue | None:
    contenu = dite.contenu
    synthese = next((s for s in contenu.syntheses if s.code == code), None)
    if synthese is None:  # an axe that was not in force that year
        return None
    fiches = [fiche for fiche in contenu.fiches if fiche.axe_rang == synthese.rang]
    codes = {fiche.code for fiche in fiches}
    effets = [effet for fiche in fiches for effet in fiche.effets]
    effets += [e for axe in contenu.effets_axes or () if axe.axe_rang == synthese.rang for e in axe.effets]
    suites = contenu.suites
    return AnneeLue(
        annee=dite.annee,
        origine=dite.origine,
        is_figee=dite.is_figee,
        synthese=synthese,
        meteo=dite.meteos[code],
        moyens=_moyens(fiches),
        effets=compter(synthese.intitule, effets),
        nb_decisions=None if suites is None else sum(not codes.isdisjoint(suite.fiches) for suite in suites),
        en_retard=tuple(f.code for f in fiches if any(etape.is_en_retard for etape in f.etapes)),
    )


def _moyens(fiches: list[LigneFiche]) -> tuple[MoyensDits, ...]:
    dits = []
    for is_etp, nature in ((True, "postes (ETP)"), (False, "euros, toutes natures")):
        lignes = [moyen for fiche in fiches for moyen in fiche.moyens if moyen.is_etp is is_etp]
        if lignes:
            prevus = [moyen.prevu for moyen in lignes if moyen.prevu is not None]
            realises = [moyen.realise for moyen in lignes if moyen.realise is not None]
            dits.append(
                MoyensDits(
                    nature,
                    is_etp,
                    sum(prevus) if prevus else None,
                    len(prevus),
                    sum(realises) if realises else None,
                    len(realises),
                    len(lignes),
                )
            )
    return tuple(dits)
