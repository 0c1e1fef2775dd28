"""The registry: search, filters, scope, a constant number of queries."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ctg.models import Convention, Decoupage, Emboitement, Quartier, Territoire
from structures.models import Agrement, Inscription, Structure, TypeStructure

URL = "/dijon-2024/structures/"


def noms(response):
    return [structure.nom for structure in response.context["page_obj"].object_list]


@pytest.mark.parametrize(
    ("q", "attendu"),
    [
        ("l'archipel", ["L’ARCHIPEL"]),
        ("L’ARCHIPEL", ["L’ARCHIPEL"]),
        ("archipel", ["L’ARCHIPEL"]),
        ("micro-creche colombiere", ["Micro- crèche la Colombière"]),
        ("COLOMBIÈRE crèche", ["Micro- crèche la Colombière"]),
        ("talant", ["Grande crèche La pouponnière", "Petite crèche La pouponnière"]),
        ("casi dijon", ["Extrascolaire Bourroches CASI", "Périscolaire Bourroches CASI"]),
        ("introuvable", []),
    ],
)
def test_search_ignores_accents_case_and_apostrophes(client_de, q, attendu):
    assert noms(client_de("lecteur").get(URL, {"q": q})) == attendu


@pytest.mark.parametrize(
    ("filtre", "nb"),
    [({"annexe": "2"}, 44), ({"annexe": "2 bis"}, 14), ({"gestionnaire": "aucun"}, 16), ({}, 58)],
)
def test_filters_count_what_they_show(client_de, filtre, nb):
    response = client_de("copil").get(URL, filtre)

    assert response.context["paginator"].count == nb
    assert f"<strong>{nb}</strong> structures" in response.content.decode()


def test_filters_by_type_gestionnaire_and_quartier(client_de, dijon):
    client = client_de("copil")
    structure = Structure.objects.get(code="a2-29")

    for champ, objet in (
        ("type", structure.type_structure),
        ("gestionnaire", structure.gestionnaire),
        ("quartier", structure.quartier),
    ):
        found = client.get(URL, {champ: objet.pk}).context["page_obj"].object_list
        field = "type_structure" if champ == "type" else champ
        assert structure in found
        assert {getattr(s, field) for s in found} == {objet}


@pytest.mark.parametrize("nb", [3, 300])
def test_list_query_count_is_constant(client_de, dijon, nb, django_assert_num_queries):
    type_structure = TypeStructure.objects.get(code="eaje")
    for rang in range(nb):
        structure = Structure.objects.create(
            territoire=dijon.territoire, code=f"x-{rang}", nom=f"Essai {rang}", type_structure=type_structure
        )
        Inscription.objects.create(
            convention=dijon, structure=structure, annexe="2", ordre=rang, rubrique="x", nom="x"
        )
    client = client_de("cooperation")
    client.get("/aide/")  # the first page of a session writes when it began

    # session, account, mandates, convention, 3 perimeters, totals, count, page, inscriptions, agréments, 3 choices,
    # structures that wait for a line
    with django_assert_num_queries(18):
        client.get(URL)


def test_detail_shows_the_line_as_signed_and_what_is_missing(client_de):
    page = client_de("lecteur").get(f"{URL}{Structure.objects.get(code='a2b-01').pk}/").content.decode()

    assert "COMMUNE DE DIJON" in page
    assert "une structure ou un gestionnaire" in page
    assert page.count("à compléter") >= 4


def test_a_line_without_a_gestionnaire_says_so_with_its_heading(client_de):
    inscription = Inscription.objects.exclude(rubrique="").filter(gestionnaire="").first()
    page = client_de("lecteur").get(f"{URL}{inscription.structure_id}/").content.decode()

    assert f"non précisé sur cette ligne du texte (rubrique «\u00a0{inscription.rubrique}\u00a0»)" in page
    assert '<dt>Gestionnaire</dt><dd><span class="a-completer"' not in page[page.index("comme signé") :]


def test_detail_names_the_neighbours_of_the_same_address(client_de):
    response = client_de("lecteur").get(f"{URL}{Structure.objects.get(code='a2-09').pk}/")

    assert [voisine.nom for voisine in response.context["voisines"]] == ["RPE Fontaine d’Ouche"]


def test_a_structure_of_another_convention_is_not_found(client_de, dijon):
    autre = Structure.objects.create(
        territoire=Territoire.objects.create(nom="Ailleurs"),
        code="z",
        nom="Ailleurs",
        type_structure=TypeStructure.objects.first(),
    )

    assert client_de("cooperation").get(f"{URL}{autre.pk}/").status_code == 404


def test_constraints(dijon):
    structure = Structure.objects.get(code="a2-01")
    autres = {"territoire": dijon.territoire, "type_structure": structure.type_structure, "nom": "x"}

    def refuse(nom, creer):
        with pytest.raises(IntegrityError, match=nom), transaction.atomic():
            creer()

    refuse(
        "structure_code_unique|structures_structure.territoire_id",
        lambda: Structure.objects.create(code="a2-01", **autres),
    )
    refuse(
        "structure_coordonnees_completes", lambda: Structure.objects.create(code="q", latitude=47, **autres)
    )
    refuse(
        "structure_coordonnees_completes",
        lambda: Structure.objects.create(code="q", latitude=97, longitude=5, **autres),
    )
    refuse(
        "structure_code_postal_cinq_chiffres",
        lambda: Structure.objects.create(code="q", code_postal="2100A", **autres),
    )
    refuse(
        "inscription_unique_en_vigueur|structures_inscription.convention_id",
        lambda: Inscription.objects.create(
            convention=dijon, structure=structure, annexe="2 bis", ordre=1, rubrique="x", nom="x"
        ),
    )
    refuse(
        "inscription_annexe_connue",
        lambda: Inscription.objects.create(
            convention=Convention.objects.create(territoire=dijon.territoire, slug="a", intitule="a"),
            structure=structure,
            annexe="3",
            ordre=1,
            rubrique="x",
            nom="x",
        ),
    )
    refuse("agrement_nature_connue", lambda: Agrement.objects.create(structure=structure, nature="autre"))


def test_other_pages_of_a_convention_keep_a_constant_number_of_queries(client_de, dijon):
    """Gouvernance and documents: the whole page once, whatever it lists."""
    client = client_de("lecteur")
    for url, most in (
        (
            "/dijon-2024/gouvernance/",
            23,
        ),  # among them: whose decisions this person reads, the days of the avenants
        ("/dijon-2024/documents/", 10),
        ("/dijon-2024/demarches/", 15),
    ):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        assert len(queries) <= most, url


def test_the_geojson_holds_what_the_filters_show(client_de, dijon):
    sans = Structure.objects.get(code="a2-01")
    sans.latitude = sans.longitude = None
    sans.save()
    response = client_de("copil").get(URL, {"annexe": "2", "export": "geojson"})
    objets = {objet["id"]: objet for objet in response.json()["features"]}

    assert response["Content-Type"] == "application/geo+json"
    assert len(objets) == 44
    assert objets["a2-01"]["geometry"] is None
    situee = Structure.objects.get(code="a2-02")
    assert objets["a2-02"]["geometry"] == {
        "type": "Point",
        "coordinates": [float(situee.longitude), float(situee.latitude)],
    }
    assert objets["a2-02"]["properties"]["annexes"] == ["2"]
    assert objets["a2-02"]["properties"]["nom"] == situee.nom


def test_the_page_says_the_secteur_of_each_other_cut(client_de, dijon):
    structure = Structure.objects.get(code="a2-01")
    structure.quartier = Quartier.objects.get(decoupage__is_reference=True, nom="Grésilles")
    structure.save()
    decoupage = Decoupage.objects.get(code="secteurs-pe")
    secteur = Quartier.objects.create(decoupage=decoupage, nom="Secteur Nord-Est", ordre=1, source="x")
    page = f"{URL}{structure.pk}/"
    assert "Secteur Nord-Est" not in client_de("lecteur").get(page).content.decode()

    Emboitement.objects.create(decoupage=decoupage, secteur=secteur, quartier=structure.quartier)

    assert "Secteur Nord-Est" in client_de("lecteur").get(page).content.decode()


def test_the_list_says_the_annexe_of_the_day(client_de, dijon):
    """A line that ended, one to come, one that another succeeds tomorrow: never two annexes at once."""
    demain = timezone.localdate() + datetime.timedelta(days=1)
    hier = timezone.localdate() - datetime.timedelta(days=1)
    Inscription.objects.filter(structure__code="a2-01").update(date_fin=hier)
    change = Inscription.objects.get(structure__code="a2-02")
    Inscription.objects.filter(pk=change.pk).update(date_fin=demain)
    suite = Inscription.objects.get(pk=change.pk)
    suite.pk, suite._state.adding = None, True
    suite.annexe, suite.date_effet, suite.date_fin = "2 bis", demain, None
    suite.save()

    lignes = {s.code: s.annexes_du_jour for s in Structure.objects.for_list(dijon, au=timezone.localdate())}
    assert lignes["a2-01"] == f"sortie le {hier:%d/%m/%Y}"
    assert lignes["a2-02"] == "Annexe 2"
    objets = client_de("copil").get(URL, {"export": "geojson"}).json()["features"]
    assert {o["id"]: o["properties"]["annexes"] for o in objets}["a2-02"] == ["2"]
    page = client_de("copil").get(f"{URL}{change.structure_id}/").content.decode()
    assert "Annexe 2 bis, à partir du" in page
    assert "Inscriptions passées" not in page
