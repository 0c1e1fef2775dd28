"""The météo of a fiche or of an axe: its state at a glance, from what a bilan says of it. The glossary has the table.

The worst sky of which one sign is there wins. Under half of the values expected nothing is said: it would be a guess.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ctg.templatetags.affichage import FINE, pluriel
from evaluation.bilan import Contenu, LigneFiche, SyntheseAxe, compter
from evaluation.enums import Temps
from evaluation.secret import NON_PUBLIE
from fiches.enums import StatutFiche

ARRETES = frozenset({StatutFiche.SUSPENDUE.label, StatutFiche.ABANDONNEE.label})
MOITIE, QUART = 50, 25
# Sky: (mean attainment under, share of steps that are late over), in per cent; from the worst.
SEUILS = ((Temps.ORAGE, 25, MOITIE), (Temps.PLUIE, 50, QUART), (Temps.ECLAIRCIES, 75, 0))
COMPLETUDE_ECLAIRCIES = 75


@dataclass(frozen=True, slots=True)
class Meteo:
    """`raisons`: what is looked at, in words, the sky's reasons first."""

    temps: Temps
    raisons: tuple[str, ...]

    @property
    def icone(self) -> str:
        return self.temps.icone

    @property
    def ton(self) -> str:
        return self.temps.ton


def meteo(fiches: Iterable[LigneFiche], *, est_publiable: bool = True) -> Meteo:
    """Of one fiche, or of all those of an axe. `est_publiable`: whether the mean attainment may be written."""
    fiches = list(fiches)
    indicateurs = [ligne for fiche in fiches for ligne in fiche.indicateurs]
    etapes = [etape for fiche in fiches for etape in fiche.etapes]
    arretees = sum(fiche.statut in ARRETES for fiche in fiches)
    atteintes = [
        min(max(ligne.atteinte, Decimal(0)), Decimal(100))
        for ligne in indicateurs
        if ligne.atteinte is not None
    ]
    nb = len(atteintes)
    atteinte = sum(atteintes) / nb if atteintes else None
    retards = sum(etape.is_en_retard for etape in etapes)
    completude = compter(indicateurs)
    connues = _part(completude.nb_renseignees, completude.nb_attendues)
    raisons = tuple(
        raison
        for raison in (
            f"{arretees} fiche{pluriel(arretees)} suspendue{pluriel(arretees)} ou abandonnée{pluriel(arretees)}"
            if arretees
            else "",
            f"cibles atteintes à {_ecrire(atteinte) if est_publiable else NON_PUBLIE} en moyenne "
            f"({nb} indicateur{pluriel(nb)})"
            if atteinte is not None
            else "",
            f"{retards} étape{pluriel(retards)} en retard sur {len(etapes)}" if etapes else "",
            f"{completude.nb_renseignees} valeur{pluriel(completude.nb_renseignees)} sur {completude.nb_attendues}"
            if completude.nb_attendues
            else "",
        )
        if raison
    )
    return Meteo(
        _temps(
            part_arretee=_part(arretees, len(fiches)) or Decimal(0),
            atteinte=atteinte,
            part_retard=_part(retards, len(etapes)),
            connues=connues,
        ),
        raisons,
    )


def meteos_par_axe(complet: Contenu, lu: Contenu | None = None) -> list[tuple[SyntheseAxe, Meteo]]:
    """Each thematic axe, in its order, with its météo: one sky for all, judged on the complete content.

    `lu`: what the reader has, where it is less. A mean that a hidden figure is part of is then not written.
    """
    lues = {fiche.code: fiche for fiche in (lu or complet).fiches}
    meteos = []
    for synthese in complet.syntheses:
        fiches = [fiche for fiche in complet.fiches if fiche.axe_code == synthese.code]
        publiable = _atteintes(fiches) == _atteintes(lues[fiche.code] for fiche in fiches)
        meteos.append((synthese, meteo(fiches, est_publiable=publiable)))
    return meteos


def _atteintes(fiches: Iterable[LigneFiche]) -> list[Decimal | None]:
    return [ligne.atteinte for fiche in fiches for ligne in fiche.indicateurs]


def _temps(*, part_arretee: Decimal, atteinte, part_retard, connues) -> Temps:
    if part_arretee > MOITIE:
        return Temps.ORAGE
    if (connues is not None and connues < MOITIE) or (atteinte is None and part_retard is None):
        return Temps.INCONNU
    for temps, plancher, plafond in SEUILS:
        if (atteinte is not None and atteinte < plancher) or (
            part_retard is not None and part_retard > plafond
        ):
            return temps if not part_arretee or temps == Temps.ORAGE else Temps.PLUIE
    if part_arretee:
        return Temps.PLUIE
    if connues is not None and connues < COMPLETUDE_ECLAIRCIES:
        return Temps.ECLAIRCIES
    return Temps.SOLEIL


def _part(nb: int, total: int) -> Decimal | None:
    return Decimal(100 * nb) / total if total else None


def _ecrire(taux: Decimal) -> str:
    return f"{taux.quantize(Decimal(1), ROUND_HALF_UP)}{FINE}%"
