"""Open data known by their headings alone: places in EAJE (Caf), population by age (Insee).

The names of the columns are those of the producers as we know them (docs/adr/0021): a file whose headings differ is read
like any other, and one says which column is which.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError

from ctg.imports.fichiers import LigneLue, TableauLu
from ctg.lecture_xlsx import ClasseurError
from ctg.nombres import ecrire_nombre
from ctg.recherche import normalise
from evaluation.enums import CumulSerie, NatureSerie, SituationObservation
from evaluation.veille.formes import borner, en_long
from evaluation.veille.lieux import Lieu, Lieux
from evaluation.veille.valeurs import NON_DIFFUSEE, lire_valeur

CODES = frozenset(
    [
        "codgeo",
        "com",
        "depcom",
        "code commune",
        "code insee",
        "code insee commune",
        "code de la commune",
        "numero commune",
        "numero de commune",
        "num com",
        "numcom",
    ]
)
NOMS = frozenset(
    [
        "libgeo",
        "libcom",
        "commune",
        "nom commune",
        "nom de la commune",
        "nom com",
        "nomcom",
        "libelle commune",
    ]
)
ANNEES = frozenset(["annee", "millesime", "date reference", "date de reference", "date ref", "dtref"])
PLACES = frozenset(
    [
        "nombre de places eaje",
        "nombre de places en eaje",
        "nombre de places offertes en eaje",
        "nb places eaje",
        "nb de places eaje",
        "nb pl eaje",
        "nbpla eaje",
        "places eaje",
        "places en eaje",
    ]
)
COUVERTURE = frozenset(
    ["taux de couverture eaje", "taux couverture eaje", "taux de couv eaje", "txcouv eaje", "tauxcouv eaje"]
)
_AVEC_ANNEE = re.compile(r"(.+?) ((?:19|20)[0-9]{2})")
_INSEE = re.compile(r"P([0-9]{2})_POP(0002|0305|0610|1117|1824)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SerieType:
    """What a series of this producer is, where it is added with one click."""

    code: str
    intitule: str
    unite: str
    definition: str
    nature: str = NatureSerie.EFFECTIF
    cumul: str = CumulSerie.SOMME


@dataclass(frozen=True, slots=True)
class Colonne:
    """`annee`: said by the heading; empty, it is in a column of its own."""

    rang: int
    serie: str
    annee: str = ""


@dataclass(frozen=True, slots=True)
class Modele:
    """A known shape. `colonnes(titres)` gives the figures, or nothing where it is another file."""

    code: str
    nom: str
    theme: str
    producteur: str
    licence: str
    lien: str
    attendu: str
    series: tuple[SerieType, ...]

    def colonnes(self, titres: Sequence[str]) -> list[Colonne]:
        return _COLONNES[self.code](titres)


def _de_la_caf(titres: Sequence[str]) -> list[Colonne]:
    trouvees, noms = [], {"caf-places-eaje": PLACES, "caf-couverture-eaje": COUVERTURE}
    lus = [normalise(titre) for titre in titres]
    a_une_annee = any(lu in ANNEES for lu in lus)
    for rang, lu in enumerate(lus):
        avec = _AVEC_ANNEE.fullmatch(lu)
        nom, annee = (avec[1], avec[2]) if avec else (lu, "")
        for serie, connus in noms.items():
            if nom in connus and (annee or a_une_annee):
                trouvees.append(Colonne(rang, serie, annee))
    return trouvees


def _de_l_insee(titres: Sequence[str]) -> list[Colonne]:
    trouvees = []
    for rang, titre in enumerate(titres):
        if lu := _INSEE.fullmatch(titre.strip()):
            bande = lu[2] or ""
            serie = f"insee-pop-{int(bande[:2])}-{int(bande[2:])}" if bande else "insee-pop"
            trouvees.append(Colonne(rang, serie, f"20{lu[1]}"))
    return trouvees


def _tranche(debut: int, fin: int) -> SerieType:
    return SerieType(
        f"insee-pop-{debut}-{fin}",
        f"Population de {debut} à {fin} ans",
        "habitants",
        f"Habitants de {debut} à {fin} ans révolus, au recensement de la population.",
    )


MODELES = (
    Modele(
        "caf-eaje",
        "Places en EAJE (Caf)",
        "Petite enfance",
        "Cnaf",
        "Licence Ouverte (Etalab)",
        "https://data.caf.fr",
        "une ligne par commune, avec son code ou son nom ; une colonne « Année » (ou « Date de référence ») et une colonne "
        "« Nombre de places EAJE » ou « Taux de couverture EAJE » ; ou une colonne par année : « Places EAJE 2022 »",
        (
            SerieType(
                "caf-places-eaje",
                "Places en EAJE",
                "places",
                "Places offertes dans les établissements d’accueil du jeune enfant.",
            ),
            SerieType(
                "caf-couverture-eaje",
                "Places en EAJE pour 100 enfants de moins de 3 ans",
                "%",
                "Places en EAJE rapportées aux enfants de moins de 3 ans.",
                NatureSerie.TAUX,
                CumulSerie.MOYENNE,
            ),
        ),
    ),
    Modele(
        "insee-age",
        "Population par âge (Insee)",
        "Population",
        "Insee",
        "Licence Ouverte (Etalab)",
        "https://www.insee.fr",
        "une ligne par commune (colonne CODGEO) ou par Iris (colonne IRIS), une colonne par tranche d’âge : P21_POP0002, "
        "P21_POP0305, P21_POP0610, P21_POP1117, P21_POP1824, et P21_POP pour le total ; les autres colonnes sont laissées",
        (
            SerieType("insee-pop", "Population", "habitants", "Habitants, au recensement de la population."),
            *(_tranche(*bornes) for bornes in ((0, 2), (3, 5), (6, 10), (11, 17), (18, 24))),
        ),
    ),
)
_COLONNES = {"caf-eaje": _de_la_caf, "insee-age": _de_l_insee}


@dataclass(slots=True)
class Reconnu:
    """A file of a known producer, row by row. `dit`: what was left aside or added up, to be told."""

    modele: Modele
    tableau: TableauLu
    series: tuple[str, ...]
    dit: list[str] = field(default_factory=list)


def reconnaitre(tableau: TableauLu, lieux: Lieux) -> Reconnu | None:
    """None: not one of these. Raises ClasseurError."""
    lus = [normalise(titre) for titre in tableau.titres]
    iris = next((rang for rang, lu in enumerate(lus) if lu == "iris"), None)
    codes = [iris] if iris is not None else [rang for rang, lu in enumerate(lus) if lu in CODES]
    noms = [] if iris is not None else [rang for rang, lu in enumerate(lus) if lu in NOMS]
    if not codes and not noms:
        return None
    for modele in MODELES:
        if colonnes := modele.colonnes(tableau.titres):
            annee = next((rang for rang, lu in enumerate(lus) if lu in ANNEES), None)
            return _lire(modele, tableau, lieux, colonnes, [*codes, *noms], annee, par_iris=iris is not None)
    return None


def _lire(modele, tableau, lieux, colonnes, reperes, annee, *, par_iris: bool) -> Reconnu:
    gardees: list[tuple[LigneLue, Lieu]] = []
    ailleurs = 0
    for ligne in tableau.lignes:
        try:
            lieu = lieux.trouver(*(ligne.cellules[rang] for rang in reperes))
        except ValidationError as error:
            raise ClasseurError(f"Ligne {ligne.numero} : {error.messages[0]}") from error
        if lieu is None:
            ailleurs += 1
        else:
            gardees.append((ligne, lieu))
    if not gardees:
        raise ClasseurError(
            f"Ce fichier est reconnu ({modele.nom}), et aucune de ses lignes n’est de votre territoire. Ajoutez le code Insee "
            "de la ville, des quartiers ou des territoires de comparaison dans « Territoires et codes », puis redéposez-le."
        )
    dit = [f"Fichier reconnu : {modele.nom}."]
    if ailleurs:
        dit.append(
            f"{ailleurs} ligne{'s' if ailleurs > 1 else ''} d’autres territoires {'sont laissées' if ailleurs > 1 else 'est laissée'} de côté."
        )
    lignes = list(_figures(gardees, tableau, colonnes, annee))
    borner(lignes)
    if par_iris:
        lignes, nb = _additionner(lignes)
        dit.append(
            f"{nb} Iris sont additionnés par quartier : vérifiez que chaque quartier a tous les siens."
        )
    series = tuple(dict.fromkeys(colonne.serie for colonne in colonnes))
    return Reconnu(modele, en_long(tableau, lignes), series, dit)


def _figures(gardees, tableau, colonnes: Sequence[Colonne], annee: int | None) -> Iterator[LigneLue]:
    for ligne, lieu in gardees:
        for colonne in colonnes:
            if not ligne.cellules[colonne.rang].strip() and colonne.rang not in ligne.fautes:
                continue
            periode = colonne.annee or (ligne.cellules[annee] if annee is not None else "")
            yield LigneLue(
                ligne.numero,
                (colonne.serie, "", lieu.nom, periode, ligne.cellules[colonne.rang]),
                {4: ligne.fautes[colonne.rang]} if colonne.rang in ligne.fautes else {},
                {4: tableau.titres[colonne.rang]},
            )


def _additionner(lignes: Sequence[LigneLue]) -> tuple[list[LigneLue], int]:
    """Iris of one quartier, added up; one of them withheld, the sum is withheld."""
    sommes: dict[tuple[str, ...], LigneLue] = {}
    for ligne in lignes:
        cle = ligne.cellules[:4]
        deja = sommes.get(cle)
        sommes[cle] = ligne if deja is None else _ajouter(deja, ligne)
    return list(sommes.values()), len({ligne.numero for ligne in lignes})


def _ajouter(une: LigneLue, autre: LigneLue) -> LigneLue:
    lues = []
    for ligne in (une, autre):
        try:
            lues.append(lire_valeur(ligne.cellules[4]))
        except ValidationError:
            return ligne  # refused in the preview, under its own row
    if any(lue is not None and lue[0] == SituationObservation.SECRET for lue in lues):
        valeur = NON_DIFFUSEE
    else:
        valeur = ecrire_nombre(sum((lue[1] for lue in lues if lue is not None), Decimal(0)))
    return LigneLue(une.numero, (*une.cellules[:4], valeur), une.fautes | autre.fautes, une.origines)
