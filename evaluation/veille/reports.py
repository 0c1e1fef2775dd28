"""What a series says: each territory over time, coverage, the city's mean and the gaps to it.

A missing figure is never zero, a withheld one is not missing: both are counted apart.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ctg.models import Convention, Decoupage, Quartier
from evaluation.enums import CumulSerie, EtatObservation, PeriodeSerie
from evaluation.models import Observation, SerieSociale
from evaluation.veille.periodes import RENTREE, dire_periode

PERIODES_MONTREES = 30


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A territory and a period. No value and not withheld: it is missing."""

    periode: str
    valeur: Decimal | None = None
    is_secret: bool = False
    is_provisoire: bool = False

    @property
    def is_connu(self) -> bool:
        return self.valeur is not None


@dataclass(frozen=True, slots=True)
class Ligne:
    """A territory, its figures in the order of the periods of the series."""

    nom: str
    chiffres: tuple[Chiffre, ...]

    @property
    def valeurs(self) -> list[Decimal | None]:
        return [chiffre.valeur for chiffre in self.chiffres]

    @property
    def rang_du_dernier(self) -> int | None:
        """Of the last known figure."""
        return max((rang for rang, chiffre in enumerate(self.chiffres) if chiffre.is_connu), default=None)

    @property
    def dernier(self) -> Chiffre | None:
        rang = self.rang_du_dernier
        return None if rang is None else self.chiffres[rang]

    @property
    def is_vide(self) -> bool:
        return not any(chiffre.is_connu or chiffre.is_secret for chiffre in self.chiffres)


@dataclass(frozen=True, slots=True)
class Couverture:
    """Of a period: quartiers known, withheld, out of all of the découpage."""

    periode: str
    nb_connus: int
    nb_secrets: int
    nb: int

    @property
    def nb_manquants(self) -> int:
        return self.nb - self.nb_connus - self.nb_secrets


@dataclass(frozen=True, slots=True)
class Ecart:
    """A quartier against the city's mean: `ecart` in the unit, `taux` in % of the mean where it is not zero."""

    nom: str
    chiffre: Chiffre
    ecart: Decimal | None
    taux: Decimal | None


@dataclass(frozen=True, slots=True)
class SerieLue:
    """`reperes`: the city's mean of each period, or None; `autres`: découpages that have figures and are not shown."""

    serie: SerieSociale
    periodes: tuple[str, ...]
    ville: Ligne
    compares: tuple[Ligne, ...]
    decoupage: Decoupage | None
    quartiers: tuple[Ligne, ...]
    reperes: tuple[Decimal | None, ...]
    autres: tuple[Decoupage, ...]

    @property
    def is_vide(self) -> bool:
        return not self.periodes

    @property
    def nom_du_repere(self) -> str:
        if self.serie.cumul == CumulSerie.SOMME:
            return "moyenne par quartier"
        return f"valeur de {self.ville.nom}"

    @property
    def couvertures(self) -> tuple[Couverture, ...]:
        return tuple(
            Couverture(
                periode,
                sum(ligne.chiffres[rang].is_connu for ligne in self.quartiers),
                sum(ligne.chiffres[rang].is_secret for ligne in self.quartiers),
                len(self.quartiers),
            )
            for rang, periode in enumerate(self.periodes)
        )

    @property
    def rang_des_quartiers(self) -> int | None:
        """Of the last period of which a quartier is known."""
        return max(
            (rang for ligne in self.quartiers if (rang := ligne.rang_du_dernier) is not None), default=None
        )

    @property
    def derniere_couverture(self) -> Couverture | None:
        """Of the last period of which something is said of a quartier, else of the series."""
        dites = [c for c in self.couvertures if c.nb_connus or c.nb_secrets]
        return (dites or list(self.couvertures) or [None])[-1]

    @property
    def has_quartiers(self) -> bool:
        return any(not ligne.is_vide for ligne in self.quartiers)

    @property
    def derniere_periode(self) -> str:
        return self.periodes[-1] if self.periodes else ""

    def get_ecarts(self) -> list[Ecart]:
        """Of the last period of which a quartier is known."""
        rang = self.rang_des_quartiers
        if rang is None:
            return []
        return [_ecart(ligne.nom, ligne.chiffres[rang], self.reperes[rang]) for ligne in self.quartiers]

    def get_reste(self) -> Decimal | None:
        """What the city has beside its quartiers, where all of them are known and add up."""
        rang = self.rang_des_quartiers
        if rang is None or self.serie.cumul != CumulSerie.SOMME:
            return None
        ville, connus = self.ville.chiffres[rang].valeur, [q.chiffres[rang].valeur for q in self.quartiers]
        return None if ville is None or None in connus else ville - sum(connus)


def _ecart(nom: str, chiffre: Chiffre, repere: Decimal | None) -> Ecart:
    if chiffre.valeur is None or repere is None:
        return Ecart(nom, chiffre, None, None)
    ecart = chiffre.valeur - repere
    return Ecart(nom, chiffre, ecart, ecart / abs(repere) * 100 if repere else None)


def collect_series(
    series: Iterable[SerieSociale], convention: Convention, *, decoupage: str = ""
) -> dict[int, SerieLue]:
    """Three queries, whatever their number. `decoupage`: the code of the one to show, else that of reference."""
    series = list(series)
    decoupages = list(
        Decoupage.objects.filter(territoire=convention.territoire_id).order_by("-is_reference", "nom", "pk")
    )
    quartiers: dict[int, list[Quartier]] = {d.pk: [] for d in decoupages}
    for quartier in Quartier.objects.filter(decoupage__in=decoupages).order_by("ordre", "pk"):
        quartiers[quartier.decoupage_id].append(quartier)
    par_serie: dict[int, list[Observation]] = {serie.pk: [] for serie in series}
    for observation in Observation.objects.filter(serie__in=series).for_report().order_by("debut", "pk"):
        par_serie[observation.serie_id].append(observation)
    return {
        serie.pk: _lire(serie, convention, par_serie[serie.pk], decoupages, quartiers, decoupage)
        for serie in series
    }


def _lire(serie, convention, observations, decoupages, quartiers, voulu: str) -> SerieLue:
    debuts = _periodes(serie.periode, sorted({o.debut for o in observations}))[-PERIODES_MONTREES:]
    connues = {o.quartier.decoupage_id for o in observations if o.quartier_id}
    ayant = [d for d in decoupages if d.pk in connues]
    montre = next((d for d in decoupages if d.code == voulu), None) or (
        next((d for d in ayant if d.is_reference), None)
        or (ayant[0] if ayant else next((d for d in decoupages if d.is_reference), None))
    )
    par_lieu: dict[tuple[int | None, int | None], dict[datetime.date, Observation]] = {}
    for o in observations:
        par_lieu.setdefault((o.quartier_id, o.territoire_compare_id), {})[o.debut] = o
    compares = {
        o.territoire_compare_id: o.territoire_compare for o in observations if o.territoire_compare_id
    }

    def ligne(nom: str, cle: tuple[int | None, int | None]) -> Ligne:
        siennes = par_lieu.get(cle, {})
        return Ligne(nom, tuple(_chiffre(serie, debut, siennes.get(debut)) for debut in debuts))

    ville = ligne(convention.territoire.nom, (None, None))
    lignes = tuple(ligne(q.nom, (q.pk, None)) for q in (quartiers[montre.pk] if montre else ()))
    return SerieLue(
        serie,
        tuple(dire_periode(serie.periode, debut) for debut in debuts),
        ville,
        tuple(ligne(compare.nom, (None, cle)) for cle, compare in sorted(compares.items())),
        montre,
        lignes,
        tuple(
            _repere(serie, ville.chiffres[rang], [q.chiffres[rang] for q in lignes])
            for rang in range(len(debuts))
        ),
        tuple(d for d in ayant if d != montre),
    )


def _periodes(periode: str, connues: Sequence[datetime.date]) -> list[datetime.date]:
    """With the years that nobody gave: they are missing, and a line stops there."""
    if periode == PeriodeSerie.JOUR or not connues:
        return list(connues)
    mois = RENTREE if periode == PeriodeSerie.SCOLAIRE else 1
    return [datetime.date(annee, mois, 1) for annee in range(connues[0].year, connues[-1].year + 1)]


def _chiffre(serie: SerieSociale, debut: datetime.date, observation: Observation | None) -> Chiffre:
    periode = dire_periode(serie.periode, debut)
    if observation is None:
        return Chiffre(periode)
    return Chiffre(
        periode, observation.valeur, observation.is_secrete, observation.etat == EtatObservation.PROVISOIRE
    )


def _repere(serie: SerieSociale, ville: Chiffre, quartiers: Sequence[Chiffre]) -> Decimal | None:
    """The mean of a quartier where they add up: of the city's total, or of all of them where each is known.

    Elsewhere a mean would have to be weighted: the city's own figure stands for it, and nothing is computed.
    """
    if serie.cumul != CumulSerie.SOMME:
        return ville.valeur
    if not quartiers:
        return None
    if ville.valeur is not None:
        return ville.valeur / len(quartiers)
    valeurs = [chiffre.valeur for chiffre in quartiers]
    return None if None in valeurs else sum(valeurs) / len(valeurs)
