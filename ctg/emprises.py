"""Where a commune of a French convention may be: what is out of there is a slip, most often latitude for longitude."""

from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError

# {territory: (south, north, west, east)} in WGS 84, the land rounded outwards to the degree. Where its systems of
# coordinates are used, in the EPSG registry: 2154 (métropole), 5490 (Antilles), 2972 (Guyane), 2975 (La Réunion),
# 4471 (Mayotte), 4467 (Saint-Pierre-et-Miquelon).
EMPRISES = {
    "métropole": (41, 52, -6, 10),
    "Antilles": (14, 19, -64, -60),
    "Guyane": (2, 6, -55, -51),
    "La Réunion": (-22, -20, 55, 56),
    "Mayotte": (-14, -12, 44, 46),
    "Saint-Pierre-et-Miquelon": (46, 48, -57, -56),
}
INVERSEES = "Latitude et longitude semblent inversées : échangez-les."
AILLEURS = "Ce point n’est pas en France : vérifiez la latitude et la longitude, en degrés (par exemple 47,32167 et 5,04147)."
Nombre = Decimal | float | int


def est_en_france(latitude: Nombre, longitude: Nombre) -> bool:
    return any(
        sud <= latitude <= nord and ouest <= longitude <= est for sud, nord, ouest, est in EMPRISES.values()
    )


def verifier_position(latitude: Nombre, longitude: Nombre) -> None:
    """Raises ValidationError with what to do."""
    if est_en_france(latitude, longitude):
        return
    raise ValidationError(INVERSEES if est_en_france(longitude, latitude) else AILLEURS, code="position")


def sont_inverses(points: Iterable[tuple[Nombre, Nombre]]) -> bool:
    """Points (longitude, latitude) that would all be in France the other way round."""
    return all(est_en_france(premier, second) for premier, second in points)
