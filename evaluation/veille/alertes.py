"""Alerts: what the thresholds of a series say of its last known figures. Computed, never entered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ctg.models import Convention
from ctg.templatetags.affichage import avec_unite, nombre, pourcent
from evaluation.enums import NatureSeuil, PorteeSeuil
from evaluation.models import SerieSociale, Seuil
from evaluation.veille.reports import Chiffre, Ligne, SerieLue, collect_series


@dataclass(frozen=True, slots=True)
class Alerte:
    """`dit`: the figure and what it passes; `seuil`: the threshold, in words."""

    serie: SerieSociale
    lieu: str
    periode: str
    dit: str
    seuil: str


def alertes_de(lue: SerieLue, seuils: Iterable[Seuil]) -> list[Alerte]:
    return [alerte for seuil in seuils for alerte in _d_un_seuil(lue, seuil)]


def collect_alertes(convention: Convention) -> list[Alerte]:
    """Of all the series that have a threshold."""
    series = SerieSociale.objects.filter(convention=convention, seuils__isnull=False).distinct()
    series = (
        series.select_related("convention").prefetch_related("seuils").order_by("theme", "intitule", "pk")
    )
    lues = collect_series(series, convention)
    return [alerte for lue in lues.values() for alerte in alertes_de(lue, ordonnes(lue.serie))]


def ordonnes(serie: SerieSociale) -> list[Seuil]:
    """Its thresholds, prefetched or not."""
    return sorted(serie.seuils.all(), key=lambda seuil: (seuil.portee, seuil.nature, seuil.pk))


def dire_seuil(seuil: Seuil, unite: str) -> str:
    """« chaque quartier : la hausse dépasse 10 % sur 2 périodes »."""
    quoi = seuil.get_nature_display().removesuffix(" (%)")
    if seuil.nature in {NatureSeuil.AU_DESSUS, NatureSeuil.EN_DESSOUS}:
        combien = avec_unite(seuil.valeur, unite)
    else:
        combien = pourcent(seuil.valeur)
    sur = (
        f" sur {seuil.nb_periodes} période{'s' if seuil.nb_periodes > 1 else ''}" if seuil.nb_periodes else ""
    )
    return f"{seuil.get_portee_display()}\u00a0: {quoi} {combien}{sur}"


def _d_un_seuil(lue: SerieLue, seuil: Seuil) -> Iterator[Alerte]:
    lignes = [lue.ville] if seuil.portee == PorteeSeuil.VILLE else lue.quartiers
    regarder = {
        NatureSeuil.AU_DESSUS: _valeur,
        NatureSeuil.EN_DESSOUS: _valeur,
        NatureSeuil.HAUSSE: _evolution,
        NatureSeuil.BAISSE: _evolution,
        NatureSeuil.ECART: _ecart,
    }[NatureSeuil(seuil.nature)]
    for ligne in lignes:
        rang = ligne.rang_du_dernier
        if rang is not None and (dit := regarder(lue, seuil, ligne, rang)):
            yield Alerte(lue.serie, ligne.nom, lue.periodes[rang], dit, dire_seuil(seuil, lue.serie.unite))


def _valeur(lue: SerieLue, seuil: Seuil, ligne: Ligne, rang: int) -> str:
    valeur = _connue(ligne.chiffres[rang])
    passe = valeur > seuil.valeur if seuil.nature == NatureSeuil.AU_DESSUS else valeur < seuil.valeur
    return avec_unite(valeur, lue.serie.unite) if passe else ""


def _evolution(lue: SerieLue, seuil: Seuil, ligne: Ligne, rang: int) -> str:
    """Against that very period: where it is missing or withheld, nothing is said."""
    avant = rang - (seuil.nb_periodes or 0)
    depart = ligne.chiffres[avant].valeur if avant >= 0 else None
    if depart is None or depart <= 0:
        return ""
    valeur = _connue(ligne.chiffres[rang])
    taux = (valeur - depart) / depart * 100
    if (taux if seuil.nature == NatureSeuil.HAUSSE else -taux) <= seuil.valeur:
        return ""
    return (
        f"{signe(taux)}\u202f% depuis {lue.periodes[avant]} (de {nombre(depart, 1)} à "
        f"{avec_unite(valeur, lue.serie.unite)})"
    )


def _ecart(lue: SerieLue, seuil: Seuil, ligne: Ligne, rang: int) -> str:
    repere = lue.reperes[rang]
    if not repere:
        return ""
    valeur = _connue(ligne.chiffres[rang])
    taux = (valeur - repere) / abs(repere) * 100
    if abs(taux) <= seuil.valeur:
        return ""
    return (
        f"{avec_unite(valeur, lue.serie.unite)}, soit {signe(taux)}\u202f% par rapport à la {lue.nom_du_repere} "
        f"({nombre(repere, 1)})"
    )


def _connue(chiffre: Chiffre) -> Decimal:
    if chiffre.valeur is None:
        raise ValueError(chiffre)
    return chiffre.valeur


def signe(taux: Decimal) -> str:
    """« +12,3 », « −4,5 »."""
    return f"+{nombre(taux, 1)}" if taux > 0 else nombre(taux, 1)
