"""The line of a city beside those it is compared with: plain numbers for an SVG template."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ctg.templatetags.affichage import avec_unite, nombre
from evaluation.enums import NatureSerie
from evaluation.veille.reports import Ligne, SerieLue

LARGEUR, HAUTEUR = 440, 220
GAUCHE, DROITE, HAUT, BAS = 48, 100, 14, 32
COULEURS = ("#0f5e59", "#9a5410", "#23578f", "#8c3b63", "#5b4a9c")
TIRETS = ("", "6 3", "2 3", "8 3 2 3", "1 2")
CORPS = 13  # the height of a label
INDICE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Trace:
    """`suites`: points of lines that join consecutive periods; `points`: (x, y, words); `y_nom`: of its name."""

    nom: str
    couleur: str
    tirets: str
    suites: tuple[str, ...]
    points: tuple[tuple[str, str, str], ...]
    x_nom: str
    y_nom: str


@dataclass(frozen=True, slots=True)
class Courbes:
    """`indice`: the period that stands for 100, where counts of very different sizes are compared; else empty."""

    titre: str
    description: str
    traces: tuple[Trace, ...]
    periodes: tuple[tuple[str, str], ...]
    graduations: tuple[tuple[str, str], ...]
    indice: str


def dessiner_courbes(lue: SerieLue) -> Courbes | None:
    """None where nothing is known of the city nor of the others."""
    lignes = [ligne for ligne in (lue.ville, *lue.compares[:4]) if ligne.rang_du_dernier is not None]
    if not lignes:
        return None
    indice = _rang_commun(lignes) if lue.serie.nature == NatureSerie.EFFECTIF and len(lignes) > 1 else None
    if indice is not None:
        valeurs = {ligne.nom: _en_indices(ligne, indice) for ligne in lignes}
    else:
        if lue.serie.nature == NatureSerie.EFFECTIF:
            lignes = lignes[:1]  # without a common base, a count says nothing beside a larger one
        valeurs = {ligne.nom: ligne.valeurs for ligne in lignes}
    connues = [v for serie in valeurs.values() for v in serie if v is not None]
    bas, haut = _bornes(min(connues), max(connues), zero=indice is None)
    pas = (LARGEUR - GAUCHE - DROITE) / max(len(lue.periodes) - 1, 1)

    def x(rang: int) -> str:
        return f"{GAUCHE + rang * pas:.1f}"

    def y(valeur: Decimal) -> str:
        return f"{HAUTEUR - BAS - float((valeur - bas) / (haut - bas)) * (HAUTEUR - HAUT - BAS):.1f}"

    unite = "" if indice is not None else lue.serie.unite
    traces = [
        _tracer(nom, serie, lue.periodes, unite, rang, x, y)
        for rang, (nom, serie) in enumerate(valeurs.items())
    ]
    return Courbes(
        f"{lue.serie.intitule}, par période" + (" (indice)" if indice is not None else ""),
        " ".join(f"{t.nom}\u00a0: {', '.join(dit for *_, dit in t.points)}." for t in traces),
        tuple(_ecarter(traces)),
        _etiquettes([(x(rang), periode) for rang, periode in enumerate(lue.periodes)]),
        tuple((y(valeur), nombre(valeur, 1)) for valeur in (bas, (bas + haut) / 2, haut)),
        lue.periodes[indice] if indice is not None else "",
    )


def _rang_commun(lignes: Sequence[Ligne]) -> int | None:
    """The first period that all know, and where none is zero."""
    communs = (
        rang
        for rang in range(len(lignes[0].chiffres))
        if all((ligne.valeurs[rang] or 0) > 0 for ligne in lignes)
    )
    return next(communs, None)


def _en_indices(ligne: Ligne, base: int) -> list[Decimal | None]:
    depart = ligne.valeurs[base]
    return [None if v is None or not depart else v / depart * INDICE for v in ligne.valeurs]


def _bornes(bas: Decimal, haut: Decimal, *, zero: bool) -> tuple[Decimal, Decimal]:
    """From zero, but for indices, whose differences would not be seen."""
    if zero:
        bas, haut = min(bas, Decimal(0)), max(haut, Decimal(0))
    marge = Decimal(0) if zero else (haut - bas) / 10
    return bas - marge, (haut + marge) if haut + marge > bas - marge else bas + 1


def _tracer(nom, serie, periodes, unite, rang, x, y) -> Trace:
    points, suites, suite = [], [], []
    for place, (periode, valeur) in enumerate(zip(periodes, serie, strict=True)):
        if valeur is None:
            suites.append(suite)
            suite = []
            continue
        dit = avec_unite(round(valeur, 1), unite)
        points.append((x(place), y(valeur), f"{periode}\u00a0: {dit}"))
        suite.append(f"{x(place)},{y(valeur)}")
    suites.append(suite)
    return Trace(
        nom,
        COULEURS[rang % len(COULEURS)],
        TIRETS[rang % len(TIRETS)],
        tuple(" ".join(s) for s in suites if len(s) > 1),
        tuple(points),
        f"{float(points[-1][0]) + 8:.1f}",
        points[-1][1],
    )


def _ecarter(traces: Sequence[Trace]) -> list[Trace]:
    """Names one under the other: none is written over another."""
    ordonnes, bas = sorted(traces, key=lambda t: float(t.y_nom)), -CORPS
    places = {}
    for trace in ordonnes:
        bas = max(float(trace.y_nom) + 4, bas + CORPS)
        places[trace.nom] = f"{bas:.1f}"
    return [Trace(t.nom, t.couleur, t.tirets, t.suites, t.points, t.x_nom, places[t.nom]) for t in traces]


def _etiquettes(periodes: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """At most six under the axis, the last one always."""
    saut = -(-len(periodes) // 6) or 1
    return tuple(p for rang, p in enumerate(periodes) if (len(periodes) - 1 - rang) % saut == 0)
