"""Files of outlines: what is read, what is refused, and the sentence that says what to do."""

import json

import pytest
from django.core.exceptions import ValidationError

from ctg.contours import lire_contours, nb_points, rapprocher, valider_contour

CARRE = [[5.0, 47.3], [5.1, 47.3], [5.1, 47.4], [5.0, 47.4], [5.0, 47.3]]
QUARTIERS = {"Toison d’Or": 1, "Grésilles": 2, "Centre–ville": 3}


def zone(nom="Grésilles", coordonnees=None, type_geometrie="Polygon", **proprietes):
    geometrie = {"type": type_geometrie, "coordinates": [CARRE] if coordonnees is None else coordonnees}
    return {"type": "Feature", "geometry": geometrie, "properties": {"nom": nom, **proprietes}}


def fichier(*zones) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(zones)}).encode()


def refus(octets: bytes) -> str:
    with pytest.raises(ValidationError) as refuse:
        lire_contours(octets)
    return " ".join(refuse.value.messages)


MAUVAIS = {
    "vide": (b"", "n’est pas un GeoJSON"),
    "texte": (b"nom;contour\nA;B", "n’est pas un GeoJSON"),
    "tronqué": (fichier(zone())[:-20], "n’est pas un GeoJSON"),
    "cp1252": ('{"type": "Grésilles"}'.encode("cp1252"), "n’est pas un GeoJSON"),
    "binaire": (b"PK\x03\x04\x00\x00", "n’est pas un GeoJSON"),
    "autre JSON": (b'{"quartiers": []}', "n’est pas un GeoJSON"),
    "liste": (b"[1, 2]", "n’est pas un GeoJSON"),
    "TopoJSON": (b'{"type": "Topology", "objects": {}}', "n’est pas un GeoJSON"),
    "features absentes": (b'{"type": "FeatureCollection"}', "n’est pas un GeoJSON"),
    "profond": (b"[" * 200_000, "n’est pas un GeoJSON"),
    "NaN": (fichier(zone()).replace(b"47.3", b"NaN"), "n’est pas un GeoJSON"),
    "aucune zone": (fichier(), "ne contient aucune zone"),
    "pas un objet": (fichier(3), "Zone n°\u00a01 : ce n’est pas un objet GeoJSON"),
    "propriétés": (fichier(zone() | {"properties": [1]}), "ses propriétés ne se lisent pas"),
    "sans géométrie": (fichier(zone() | {"geometry": None}), "il faut un polygone"),
    "point": (fichier(zone(type_geometrie="Point", coordonnees=[5, 47])), "il faut un polygone"),
    "ligne": (fichier(zone(type_geometrie="LineString", coordonnees=CARRE)), "il faut un polygone"),
    "polygone vide": (fichier(zone(coordonnees=[])), "il faut un polygone"),
    "anneau en texte": (fichier(zone(coordonnees=["abc"])), "il faut un polygone"),
    "point en texte": (fichier(zone(coordonnees=[["ab", "cd", "ef", "ab"]])), "il faut un polygone"),
    "trois points": (fichier(zone(coordonnees=[[[5, 47], [5, 48], [5, 47]]])), "n’est pas fermé"),
    "pas fermé": (fichier(zone(coordonnees=[CARRE[:-1]])), "n’est pas fermé"),
    "Lambert 93": (
        fichier(zone(coordonnees=[[[x * 1e5, y * 1e5] for x, y in CARRE]])),
        "reprojetez le fichier en WGS 84 (EPSG:4326)",
    ),
    "latitude 91": (
        fichier(zone(coordonnees=[[[5, 91], *CARRE[1:-1], [5, 91]]])),
        "longitudes et des latitudes",
    ),
    "coordonnée en texte": (fichier(zone(coordonnees=[[["5", "47"]] * 4])), "longitudes et des latitudes"),
    "coordonnée booléenne": (fichier(zone(coordonnees=[[[True, 47]] * 4])), "longitudes et des latitudes"),
    "inversées": (
        fichier(zone(coordonnees=[[[y, x] for x, y in CARRE]])),
        "latitude et longitude semblent inversées",
    ),
    "au large de l’Afrique": (
        fichier(zone(coordonnees=[[[x - 5, y - 47.3] for x, y in CARRE]])),
        "elle n’est pas en France",
    ),
    "nombre immense": (
        fichier(zone()).replace(b"47.4", b"1" + b"0" * 400),
        "longitudes et des latitudes",
    ),
    "trop gros": (b" " * 2_000_001, "dépasse 2\u202fMo"),
    "trop de points": (
        fichier(zone(coordonnees=[[[5.0, 47.3]] + [[5.1, 47.4]] * 20_000 + [[5.0, 47.3]]])),
        "plus de 20\u202f000 points",
    ),
}


@pytest.mark.parametrize("nom", MAUVAIS)
def test_a_bad_file_is_refused_with_a_sentence(nom):
    octets, phrase = MAUVAIS[nom]

    assert phrase in refus(octets)


def test_a_fault_names_its_zone_and_all_are_said():
    dit = refus(
        fichier(zone(), zone("Montchapet", coordonnees=[]), zone("Maladière", coordonnees=[CARRE[:2]]))
    )

    assert "Zone n°\u00a02 (« Montchapet »)" in dit
    assert "Zone n°\u00a03 (« Maladière »)" in dit


def test_what_is_read_is_a_polygon_in_two_dimensions_rounded():
    trois = [[x + 0.123456789, y, 240] for x, y in CARRE]

    [lue] = lire_contours(b"\xef\xbb\xbf" + fichier(zone("Grésilles", [trois], code=7)))

    assert lue.noms == {"nom": "Grésilles"}
    assert lue.contour["coordinates"][0][0] == [5.123457, 47.3]
    assert nb_points(lue.contour) == 5
    valider_contour(lue.contour)


def test_a_multipolygon_and_a_lone_feature_are_read():
    seul = json.dumps(zone(coordonnees=[[CARRE], [CARRE]], type_geometrie="MultiPolygon")).encode()

    [lue] = lire_contours(seul)

    assert (lue.contour["type"], nb_points(lue.contour)) == ("MultiPolygon", 10)


def test_zones_are_matched_by_name_without_accents_or_case():
    zones = lire_contours(
        fichier(
            zone("A12", libelle="TOISON D'OR"),
            zone("A13", libelle="gresilles"),
            zone("A14", libelle="Centre-Ville"),
        )
    )

    trouve = rapprocher(zones, QUARTIERS)

    assert trouve.propriete == "libelle"
    assert [(cle, nom) for cle, nom, _ in trouve.trouves] == [
        (1, "TOISON D'OR"),
        (2, "gresilles"),
        (3, "Centre-Ville"),
    ]
    assert (trouve.inconnus, trouve.sans_contour) == ((), ())


def test_what_is_not_known_and_what_is_missing_are_listed():
    trouve = rapprocher(lire_contours(fichier(zone("Grésilles"), zone("Talant"), zone(" "))), QUARTIERS)

    assert trouve.inconnus == ("Talant", "zone n°\u00a03, sans nom")
    assert trouve.sans_contour == ("Toison d’Or", "Centre–ville")


@pytest.mark.parametrize(
    ("zones", "phrase"),
    [
        ([zone("Talant")], "Noms attendus : Toison d’Or, Grésilles, Centre–ville. Noms lus : Talant."),
        ([zone("")], "Noms lus : aucun."),
        ([zone("Grésilles"), zone("GRESILLES")], "Deux zones s’appellent « GRESILLES »"),
    ],
)
def test_names_that_say_nothing_or_twice_the_same_are_refused(zones, phrase):
    with pytest.raises(ValidationError) as refuse:
        rapprocher(lire_contours(fichier(*zones)), QUARTIERS)

    assert phrase in refuse.value.messages[0]
