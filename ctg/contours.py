"""Outlines of quartiers: a GeoJSON file (RFC 7946) read within bounds, and matched to quartiers by name."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from ctg.emprises import est_en_france, sont_inverses
from ctg.recherche import normalise

TAILLE_MAX = 2_000_000  # bytes of a file
POINTS_MAX = 20_000  # of all the outlines of a file: a page draws them all
DECIMALES = 6  # a tenth of a metre
POLYGONES = ("Polygon", "MultiPolygon")

PAS_GEOJSON = "Ce fichier n’est pas un GeoJSON : exportez les quartiers au format GeoJSON (FeatureCollection), en WGS 84."
TROP_GROS = (
    "Ce fichier dépasse 2\u202fMo : simplifiez les contours, ou gardez les seuls quartiers de la commune."
)
TROP_DE_POINTS = "Ces contours ont plus de 20\u202f000 points : simplifiez-les (au mètre près, cela suffit)."
HORS_BORNES = (
    "ses coordonnées ne sont pas des longitudes et des latitudes (du Lambert 93 ?) : reprojetez le fichier en WGS 84 "
    "(EPSG:4326)"
)
INVERSEES = "latitude et longitude semblent inversées : en GeoJSON, la longitude vient en premier"
AILLEURS = "elle n’est pas en France : vérifiez le système de coordonnées du fichier, et reprojetez-le en WGS 84 (EPSG:4326)"
PAS_POLYGONE = "ce n’est pas une surface : il faut un polygone (Polygon ou MultiPolygon)"
ANNEAU = "son tour n’est pas fermé : il faut au moins quatre points, dont le dernier est le premier"


@dataclass(frozen=True, slots=True)
class Zone:
    """One surface of a file. `rang`: its place there; `noms`: what its properties call it, by property."""

    rang: int
    noms: dict[str, str]
    contour: dict


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """Which surface is which quartier. `inconnus`: names of surfaces that no quartier has."""

    propriete: str
    trouves: tuple[tuple[int, str, dict], ...]  # (key of the quartier, name in the file, outline)
    inconnus: tuple[str, ...]
    sans_contour: tuple[str, ...]  # quartiers that the file does not hold


def lire_contours(octets: bytes) -> list[Zone]:
    """The surfaces of a file. Raises ValidationError, with a sentence a fault."""
    if len(octets) > TAILLE_MAX:
        raise ValidationError(TROP_GROS)
    try:
        lu = json.loads(octets.decode("utf-8-sig"), parse_constant=_refuser)
    except (ValueError, RecursionError):
        raise ValidationError(PAS_GEOJSON) from None
    objets = _objets(lu)
    zones, fautes = [], []
    for rang, objet in enumerate(objets, start=1):
        try:
            zones.append(_zone(rang, objet))
        except ValidationError as error:
            fautes += [f"Zone n°\u00a0{rang}{_dit(objet)} : {message}." for message in error.messages]
    if fautes:
        raise ValidationError(fautes[:20])
    if sum(nb_points(zone.contour) for zone in zones) > POINTS_MAX:
        raise ValidationError(TROP_DE_POINTS)
    return zones


def valider_contour(contour) -> None:
    """A polygon in longitudes and latitudes, as `lire_contours` gives it. Raises ValidationError."""
    if _contour(contour) != contour:
        raise ValidationError("Ce contour n’est pas un polygone GeoJSON.")


def rapprocher(zones: Iterable[Zone], quartiers: dict[str, int]) -> Rapprochement:
    """By the property that names most quartiers, accents and case aside. Raises ValidationError.

    `quartiers`: {name: key}.
    """
    zones, connus = list(zones), {normalise(nom): (nom, cle) for nom, cle in quartiers.items()}
    comptes = Counter(p for zone in zones for p, nom in zone.noms.items() if normalise(nom) in connus)
    if not comptes:
        raise ValidationError(
            "Aucune zone de ce fichier ne porte le nom d’un quartier. Noms attendus : "
            f"{', '.join(quartiers)}. Noms lus : {', '.join(_noms_lus(zones)) or 'aucun'}."
        )
    propriete = max(sorted(comptes), key=comptes.__getitem__)
    trouves, inconnus = {}, []
    for zone in zones:
        nom = zone.noms.get(propriete, "")
        if (cle := normalise(nom)) not in connus:
            inconnus.append(nom or f"zone n°\u00a0{zone.rang}, sans nom")
        elif cle in trouves:
            raise ValidationError(f"Deux zones s’appellent « {nom} » : réunissez-les en une seule.")
        else:
            trouves[cle] = (connus[cle][1], nom, zone.contour)
    manquent = tuple(nom for cle, (nom, _) in connus.items() if cle not in trouves)
    return Rapprochement(propriete, tuple(trouves.values()), tuple(inconnus), manquent)


def nb_points(contour: dict) -> int:
    polygones = contour["coordinates"] if contour["type"] == "MultiPolygon" else [contour["coordinates"]]
    return sum(len(anneau) for polygone in polygones for anneau in polygone)


def _refuser(constante: str):
    raise ValueError(constante)  # NaN and Infinity are no JSON


def _objets(lu) -> list:
    if isinstance(lu, dict) and lu.get("type") == "Feature":
        return [lu]
    if not (isinstance(lu, dict) and lu.get("type") == "FeatureCollection"):
        raise ValidationError(PAS_GEOJSON)
    objets = lu.get("features")
    if not isinstance(objets, list):
        raise ValidationError(PAS_GEOJSON)
    if not objets:
        raise ValidationError("Ce fichier ne contient aucune zone.")
    return objets


def _zone(rang: int, objet) -> Zone:
    if not isinstance(objet, dict) or objet.get("type") != "Feature":
        raise ValidationError("ce n’est pas un objet GeoJSON (Feature)")
    proprietes = objet.get("properties") or {}
    if not isinstance(proprietes, dict):
        raise ValidationError("ses propriétés ne se lisent pas")
    noms = {nom: valeur for nom, valeur in proprietes.items() if isinstance(valeur, str) and valeur.strip()}
    return Zone(rang, noms, _contour(objet.get("geometry")))


def _contour(geometrie) -> dict:
    """The same in two dimensions, its rings closed, rounded. Raises ValidationError."""
    if not isinstance(geometrie, dict) or geometrie.get("type") not in POLYGONES:
        raise ValidationError(PAS_POLYGONE)
    coordonnees = geometrie.get("coordinates")
    lire = _polygone if geometrie["type"] == "Polygon" else _polygones
    return {"type": geometrie["type"], "coordinates": lire(coordonnees)}


def _polygones(coordonnees) -> list:
    if not isinstance(coordonnees, list) or not coordonnees:
        raise ValidationError(PAS_POLYGONE)
    return [_polygone(polygone) for polygone in coordonnees]


def _polygone(anneaux) -> list:
    if not isinstance(anneaux, list) or not anneaux:
        raise ValidationError(PAS_POLYGONE)
    return [_anneau(anneau) for anneau in anneaux]


def _anneau(points) -> list:
    if not isinstance(points, list):
        raise ValidationError(PAS_POLYGONE)
    lus = [_point(point) for point in points]
    if len(lus) < 4 or lus[0] != lus[-1]:
        raise ValidationError(ANNEAU)
    if not all(est_en_france(latitude, longitude) for longitude, latitude in lus):
        raise ValidationError(INVERSEES if sont_inverses(lus) else AILLEURS)
    return lus


def _point(point) -> list[float]:
    if not isinstance(point, list) or len(point) < 2:
        raise ValidationError(PAS_POLYGONE)
    longitude, latitude = point[:2]
    for valeur, borne in ((longitude, 180), (latitude, 90)):
        nombre = isinstance(valeur, int | float) and not isinstance(valeur, bool)
        if not (nombre and abs(valeur) <= borne):
            raise ValidationError(HORS_BORNES)
    return [round(float(longitude), DECIMALES), round(float(latitude), DECIMALES)]


def _dit(objet) -> str:
    """The first name that a faulty feature bears, for who looks for it in the file."""
    proprietes = objet.get("properties") if isinstance(objet, dict) else None
    noms = (
        [v for v in (proprietes or {}).values() if isinstance(v, str) and v.strip()]
        if isinstance(proprietes, dict)
        else []
    )
    return f" (« {noms[0][:60]} »)" if noms else ""


def _noms_lus(zones: list[Zone]) -> list[str]:
    return [next(iter(zone.noms.values()))[:60] for zone in zones if zone.noms][:20]
