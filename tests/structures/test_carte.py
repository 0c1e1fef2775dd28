"""The map: the same filters and the same structures as the list, in words too."""

import datetime

import pytest
from django.test import override_settings

from ctg.fonds import FONDS
from ctg.models import Quartier
from structures.carte import NB_FORMES, collect_carte
from structures.models import Inscription, Structure, TypeStructure
from tests.ctg.test_contours import CARRE

URL = "/dijon-2024/structures/carte/"
AU = datetime.date(2026, 1, 1)
LISTE = "/dijon-2024/structures/"


def codes(response):
    carte = response.context["carte"]
    return {lieu.structure.code for lieu in (*carte.lieux, *carte.sans_coordonnees)}


@pytest.mark.parametrize("filtre", [{}, {"annexe": "2 bis"}, {"q": "talant"}, {"gestionnaire": "aucun"}])
def test_the_map_shows_what_the_list_shows(client_de, filtre):
    client = client_de("lecteur")
    liste = client.get(LISTE, filtre | {"export": "geojson"}).json()

    assert codes(client.get(URL, filtre)) == {objet["id"] for objet in liste["features"]} != set()


def test_the_script_reads_the_geojson_of_the_same_filters(client_de):
    client = client_de("lecteur")
    points = client.get(URL, {"annexe": "2 bis", "q": "rue"}).context["points"]
    reponse = client.get(points)

    assert reponse["Content-Type"] == "application/geo+json"
    assert {o["id"] for o in reponse.json()["features"]} == codes(
        client.get(URL, {"annexe": "2 bis", "q": "rue"})
    )


def test_list_and_map_lead_to_one_another_with_their_filters(client_de):
    client = client_de("lecteur")

    assert (
        f'href="{URL}?annexe=2&amp;q=rue"' in client.get(LISTE, {"annexe": "2", "q": "rue"}).content.decode()
    )
    assert (
        f'href="{LISTE}?annexe=2&amp;q=rue"' in client.get(URL, {"annexe": "2", "q": "rue"}).content.decode()
    )


def test_structures_without_coordinates_are_counted_and_named(client_de, dijon):
    for structure in Structure.objects.of_convention(dijon):
        structure.situer(None, None, "")
        structure.save()
    page = client_de("lecteur").get(URL).content.decode()

    assert "0 structure située ; sans coordonnées : 58." in page
    assert "Sans coordonnées : 58" in page
    assert "L’ARCHIPEL" in page
    assert "data-montrer" not in page


def test_every_line_has_what_its_mark_is_drawn_and_named_by(client_de):
    page = client_de("lecteur").get(URL, {"q": "archipel"}).content.decode()

    [ligne] = [bloc for bloc in page.split("<li ")[1:] if bloc.startswith("data-lieu=")]
    assert 'data-nom="L’ARCHIPEL, Centre social, annexe 2 bis"' in ligne
    assert "forme-creuse" in ligne
    assert '<use href="#forme-' in ligne
    assert "data-montrer" in ligne


def test_each_type_keeps_its_shape_whatever_is_filtered(client_de, dijon):
    toutes = collect_carte(dijon, Structure.objects.for_list(dijon, au=AU))
    quelques = collect_carte(
        dijon, Structure.objects.for_list(dijon, au=AU).filter(type_structure__code="centre-social")
    )

    formes = {ligne.type: ligne.forme for ligne in toutes.legende}
    assert len(set(formes.values())) == len(formes) <= NB_FORMES
    assert [(ligne.type, ligne.forme, ligne.nb) for ligne in quelques.legende] == [
        ("Centre social", formes["Centre social"], 9)
    ]
    assert sum(ligne.nb for ligne in toutes.legende) == len(toutes.lieux)


def test_the_mark_tells_the_annexe_of_the_day(dijon):
    inscription = Inscription.objects.get(convention=dijon, structure__code="a2-01")
    inscription.date_fin = datetime.date(2025, 6, 1)
    inscription.save()
    lieux = {}
    for jour in (datetime.date(2025, 1, 1), AU):
        carte = collect_carte(dijon, Structure.objects.for_list(dijon, au=jour))
        lieux[jour.year] = {lieu.structure.code: lieu for lieu in carte.lieux}

    assert [lieux[annee]["a2-01"].annexes for annee in (2025, 2026)] == [("Annexe 2",), ()]
    assert (lieux[2026]["a2-02"].is_creux, lieux[2026]["a2b-03"].is_creux) == (False, True)


def test_without_a_background_nothing_outside_is_named(client_de):
    page = client_de("lecteur").get(URL).content.decode()

    assert "data-fond" not in page
    assert "Sans fond de carte" in page


def test_a_background_comes_with_its_credit(client_de):
    with override_settings(CARTE_FOND=FONDS["ign"]):
        page = client_de("lecteur").get(URL).content.decode()

    assert 'data-fond="https://data.geopf.fr/wmts?' in page
    assert 'data-credit="© IGN – Géoplateforme"' in page
    assert "Sans fond de carte" not in page


def test_outlines_are_asked_only_where_there_are_some(client_de):
    client = client_de("lecteur")
    assert "data-contours" not in client.get(URL).content.decode()

    gresilles = Quartier.objects.get(nom="Grésilles")
    gresilles.contour, gresilles.source_contour = {"type": "Polygon", "coordinates": [CARRE]}, "x"
    gresilles.save()
    page = client.get(URL).content.decode()
    assert 'data-contours="/dijon-2024/quartiers/contours.geojson"' in page
    assert "contour d’un quartier" in page


def test_an_unknown_filter_shows_nothing_and_says_why(client_de):
    page = client_de("lecteur").get(URL, {"type": "999999"}).content.decode()

    assert "Un filtre n’est pas reconnu" in page
    assert "Aucune structure ne correspond." in page


@pytest.mark.parametrize("nb", [3, 100])
def test_query_count_is_constant(client_de, dijon, nb, django_assert_num_queries):
    genre = TypeStructure.objects.get(code="eaje")
    for rang in range(nb):
        structure = Structure.objects.create(
            territoire=dijon.territoire, code=f"x-{rang}", nom=f"Essai {rang}", type_structure=genre
        )
        Inscription.objects.create(
            convention=dijon, structure=structure, annexe="2", ordre=rang, rubrique="x", nom="x"
        )
    client = client_de("cooperation")
    client.get("/aide/")  # the first page of a session writes when it began

    # session, account, mandates, convention, 3 perimeters, structures, inscriptions, agréments, shapes, outlines, 3 choices
    with django_assert_num_queries(16):
        client.get(URL)
