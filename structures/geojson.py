"""Structures for a map: GeoJSON (RFC 7946), longitude first. One without coordinates is there, at no place."""

import datetime
import json
from collections.abc import Iterable

from structures.models import Structure

TYPE = "application/geo+json"


def ecrire_geojson(structures: Iterable[Structure], au: datetime.date | None = None) -> bytes:
    """`au`: the other day than today of which they were read."""
    collection = {"type": "FeatureCollection", "features": [_objet(structure) for structure in structures]}
    if au is not None:
        collection["au"] = au.isoformat()
    return json.dumps(collection, ensure_ascii=False).encode()


def _objet(structure: Structure) -> dict:
    point = None
    if structure.latitude is not None:
        point = {"type": "Point", "coordinates": [float(structure.longitude), float(structure.latitude)]}
    return {
        "type": "Feature",
        "id": structure.code,
        "geometry": point,
        "properties": {
            "nom": structure.nom_lu,
            "type": str(structure.type_structure),
            "sous_type": structure.get_sous_type_display(),
            "gestionnaire": structure.gestionnaire_lu,
            "quartier": str(structure.quartier or ""),
            "annexes": [inscription.annexe for inscription in structure.inscriptions.all()],
            "adresse": structure.adresse_lue,
            "source": structure.source,
            "source_complements": structure.source_complements,
            "source_coordonnees": structure.source_coordonnees,
        },
    }
