"""Geometry of the charts: plain numbers for an SVG template, the same on screen and on paper."""

from dataclasses import dataclass, replace

from ctg.templatetags.affichage import avec_unite, montant, nombre
from evaluation.bilan import LigneIndicateur

LARGEUR, HAUTEUR = 260, 120
GAUCHE, DROITE, HAUT, BAS = 18, 18, 24, 34  # below: a label, then the years
CHASSE, CORPS = 5.2, 9.5  # of a label: width of a character, height


@dataclass(frozen=True, slots=True)
class Marque:
    """A point; `etiquette` is the number written beside it, at `y_etiquette`, from its `ancre` on."""

    x: str
    y: str
    annee: int
    texte: str
    etiquette: str = ""
    y_etiquette: str = ""
    ancre: str = "middle"


@dataclass(frozen=True, slots=True)
class Courbe:
    """`annees`: (x, year, what is missing: « absente » where it should be known, « a_venir », or nothing)."""

    titre: str
    description: str
    valeurs: tuple[Marque, ...]
    cibles: tuple[Marque, ...]
    traits_valeurs: tuple[str, ...]
    trait_cibles: str
    annees: tuple[tuple[str, int, str], ...]
    depart: str
    traits_depart: tuple[tuple[str, str], ...]  # from where to where: it stops beside a label
    ruptures: tuple[tuple[str, str], ...]  # (x, words): a vertical mark between two years


def courbe(indicateur: LigneIndicateur, annee: int | None = None) -> Courbe | None:
    """`annee`: the last one that could be known, where it is not said by all. None where there is nothing to draw: no numeric value at all. Missing years leave a gap, never a zero."""
    connues = [point.valeur for point in indicateur.serie if point.valeur is not None]
    if not connues:
        return None
    cibles = [point.cible for point in indicateur.serie if point.cible is not None]
    bornes = [*connues, *cibles, *([indicateur.depart] if indicateur.depart is not None else [])]
    bas, haut = min(bornes), max(bornes)
    etendue = (haut - bas) or 1
    pas = (LARGEUR - GAUCHE - DROITE) / max(len(indicateur.serie) - 1, 1)

    def x(rang: float) -> str:
        return f"{max(GAUCHE + rang * pas, 4):.1f}"

    def y(valeur) -> str:
        return f"{HAUTEUR - BAS - float((valeur - bas) / etendue) * (HAUTEUR - HAUT - BAS):.1f}"

    def marque(rang: int, point, value, *, au_dessus: bool, etiquetee: bool = True) -> Marque:
        ancre = "start" if rang == 0 else "end" if rang == len(indicateur.serie) - 1 else "middle"
        return Marque(
            x(rang),
            y(value),
            point.annee,
            avec_unite(value, indicateur.unite),
            _nombre(value, indicateur.unite) if etiquetee else "",
            f"{float(y(value)) + (-7 if au_dessus else 13):.1f}",
            ancre,
        )

    dernieres = [i for i, p in enumerate(indicateur.serie) if p.cible is not None][-1:]
    valeurs = tuple(
        # On the side that the target leaves free.
        marque(i, p, p.valeur, au_dessus=p.cible is None or p.valeur >= p.cible)
        for i, p in enumerate(indicateur.serie)
        if p.valeur is not None
    )
    marques_cibles = tuple(
        marque(i, p, p.cible, au_dessus=p.valeur is None or p.cible > p.valeur, etiquetee=i in dernieres)
        for i, p in enumerate(indicateur.serie)
        if p.cible is not None
    )
    valeurs, marques_cibles = _sans_rencontre(valeurs, marques_cibles)
    depart = y(indicateur.depart) if indicateur.depart is not None else ""
    absentes = ", ".join(
        str(p.annee) for p in indicateur.serie if p.valeur is None and (annee is None or p.annee <= annee)
    )
    dites = ", ".join(f"{m.annee} : {m.texte}" for m in valeurs)
    visees = ", ".join(f"{m.annee} : {m.texte}" for m in marques_cibles) or "aucune"
    return Courbe(
        titre=f"{indicateur.intitule}, par année",
        description=f"Valeurs : {dites}. Cibles : {visees}."
        + (f" Sans valeur : {absentes}." if absentes else "")
        + (
            f" Départ : {avec_unite(indicateur.depart, indicateur.unite)}."
            if indicateur.depart is not None
            else ""
        )
        + _dire(indicateur.ruptures),
        valeurs=valeurs,
        cibles=marques_cibles,
        traits_valeurs=tuple(
            " ".join(f"{m.x},{m.y}" for m in suite)
            for suite in _suites(valeurs, {rupture.annee for rupture in indicateur.ruptures})
        ),
        trait_cibles=" ".join(f"{m.x},{m.y}" for m in marques_cibles),
        annees=tuple(
            (
                x(i),
                p.annee,
                "" if p.valeur is not None else "a_venir" if annee and p.annee > annee else "absente",
            )
            for i, p in enumerate(indicateur.serie)
        ),
        depart=depart,
        traits_depart=_traits_depart(depart, (*valeurs, *marques_cibles)),
        ruptures=tuple(
            (x(rupture.annee - indicateur.serie[0].annee - 0.5), f"Rupture de série en {rupture.annee}")
            for rupture in indicateur.ruptures
        ),
    )


def _nombre(valeur, unite: str) -> str:
    """As everywhere beside the chart; its unit is said once."""
    return montant(valeur).removesuffix("\u00a0€") if unite == "€" else nombre(valeur)


def _sans_rencontre(valeurs: tuple[Marque, ...], cibles: tuple[Marque, ...]):
    """Without the labels that would be written over another: the latest values come first, the table has them all."""
    ecrites: list[Marque] = []

    def garder(marque: Marque) -> Marque:
        if any(_se_rencontrent(marque, autre) for autre in ecrites):
            return replace(marque, etiquette="")
        if marque.etiquette:
            ecrites.append(marque)
        return marque

    gardees = [garder(marque) for marque in (*reversed(valeurs), *reversed(cibles))]
    return tuple(reversed(gardees[: len(valeurs)])), tuple(reversed(gardees[len(valeurs) :]))


def _se_rencontrent(a: Marque, b: Marque) -> bool:
    (debut_a, fin_a), (debut_b, fin_b) = _etendue(a), _etendue(b)
    return debut_a < fin_b and debut_b < fin_a and abs(float(a.y_etiquette) - float(b.y_etiquette)) < CORPS


def _etendue(marque: Marque) -> tuple[float, float]:
    """From where to where its label is written."""
    largeur = len(marque.etiquette) * CHASSE
    debut = float(marque.x) - {"start": 0, "middle": largeur / 2, "end": largeur}[marque.ancre]
    return debut, debut + largeur


def _traits_depart(depart: str, marques: tuple[Marque, ...]) -> tuple[tuple[str, str], ...]:
    """The level of the beginning, all along the chart but where a label is written over it."""
    if not depart:
        return ()
    # A label stands on its `y_etiquette`: its letters are above.
    ecrites = sorted(
        _etendue(marque)
        for marque in marques
        if marque.etiquette and -2 <= float(marque.y_etiquette) - float(depart) <= CORPS
    )
    traits, debut = [], float(GAUCHE)
    for gauche, droite in [*ecrites, (LARGEUR - DROITE + 2, 0)]:
        if debut < gauche - 2:
            traits.append((f"{debut:.1f}", f"{gauche - 2:.1f}"))
        debut = max(debut, droite + 2)
    return tuple(traits)


def _suites(valeurs: tuple[Marque, ...], ruptures: set[int]) -> list[list[Marque]]:
    """A line joins consecutive years of one definition: it stops at a gap and at a break."""
    suites: list[list[Marque]] = []
    for marque in valeurs:
        suit = suites and marque.annee - suites[-1][-1].annee == 1 and marque.annee not in ruptures
        if suit:
            suites[-1].append(marque)
        else:
            suites.append([marque])
    return [suite for suite in suites if len(suite) > 1]


def _dire(ruptures) -> str:
    return "".join(f" Rupture de série en {r.annee} : remplace {r.code}." for r in ruptures)
