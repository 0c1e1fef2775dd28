"""One search over a convention: what it finds, for whom, and what it never says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctg.models import Document, Personne
from fiches.models import FicheProjet
from gouvernance.models import Decision
from structures.models import Structure, TypeStructure

ADRESSE = "/dijon-2024/recherche/"


@pytest.fixture
def trouver(client_de):
    """trouver("copil", "étoile") is {rubrique: titles}."""

    def chercher(nom, query):
        page = client_de(nom).get(ADRESSE, {"q": query})
        assert page.status_code == 200
        return {r.rubrique.code: [t.titre for t in r.trouvailles] for r in page.context["resultats"]}

    return chercher


def test_each_kind_is_found_without_accents(trouver, dijon):
    fiche = FicheProjet.objects.get(code="PE-1")
    assert fiche.titre in trouver("copil", "ACCOMPAGNER l'enfant arrivee")["fiches"]
    assert any(
        "Fontaine d’Ouche" in titre for titre in trouver("copil", "rpe fontaine d ouche")["structures"]
    )
    assert "indicateurs" in trouver("copil", "PE-1-01")
    assert trouver("copil", "comite de pilotage")["instances"] == ["Comité de pilotage"]
    document = Document.objects.filter(convention=dijon).first()
    assert document.titre in trouver("copil", document.titre)["documents"]
    assert trouver("copil", "PREFECTURE")["acteurs"] == ["Préfecture de la Côte-d’Or"]
    assert "Comité de pilotage" in trouver("copil", "copil")["instances"]
    assert "Lancement de la convention" in trouver("copil", "2025-01")["reunions"]
    assert "Généralisation aux cinq RPE" in trouver("cooperation", "generalisation")["etapes"]
    assert "etapes" not in trouver("copil", "generalisation")  # read in the bilans
    assert "Cité éducative" in " ".join(trouver("copil", "cite educative")["demarches"])
    assert any("Toison" in nom for nom in trouver("copil", "toison")["quartiers"])
    decision = Decision.objects.filter(reunion__convention=dijon).first()
    [mot] = [max(decision.texte.rstrip(".").split(), key=len)]
    assert "decisions" in trouver("copil", mot)


def test_each_result_leads_to_its_page(client_de):
    client = client_de("cooperation")
    for query in ("petite enfance", "comite", "ville", "guichet", "convention", "PE-1-01"):
        for resultat in client.get(ADRESSE, {"q": query}).context["resultats"]:
            urls = [t.url for t in resultat.trouvailles if t.url.startswith("/")]
            for url in (*urls, *filter(None, [resultat.suite])):
                assert client.get(url).status_code == 200, url


def test_people_are_found_by_those_who_see_them(trouver, dijon):
    Personne.objects.create(convention=dijon, prenom="Zélie", nom="Quémeneur")
    assert trouver("cooperation", "quemeneur") == {"personnes": ["Zélie Quémeneur"]}
    assert trouver("copil", "quemeneur") == {}


def test_internal_notes_are_not_found(trouver):
    FicheProjet.objects.filter(code="PE-1").update(notes_internes="zibeline")
    fiche = FicheProjet.objects.get(code="PE-1")
    fiche.save()
    for nom in ("cooperation", "caf", "copil"):
        assert trouver(nom, "zibeline") == {}


@pytest.mark.parametrize("query", ["", " ", "%", "_", "’’", "\x00", "x" * 5000, "<script>alert(1)</script>"])
def test_what_holds_no_word_or_no_match_finds_nothing(trouver, query):
    assert trouver("copil", query) == {}


def test_what_was_typed_is_text(client_de):
    page = client_de("copil").get(ADRESSE, {"q": "<b>zibeline</b>"}).content.decode()
    assert "<b>zibeline" not in page
    assert "Rien ne correspond." in page


def test_the_others_are_one_link_away(client_de):
    page = client_de("copil").get(ADRESSE, {"q": "dijon"})
    structures = next(r for r in page.context["resultats"] if r.rubrique.code == "structures")
    assert len(structures.trouvailles) == 8 < structures.nb
    liste = client_de("copil").get(structures.suite)
    assert liste.context["paginator"].count == structures.nb


def test_another_convention_is_not_searched(client_de, dijon):
    assert client_de("copil").get("/autre/recherche/", {"q": "enfant"}).status_code == 404


def test_queries_do_not_grow_with_what_is_found(client_de):
    client = client_de("cooperation")
    nbs = []
    for query in ("étoile", "de"):
        client.get(ADRESSE, {"q": query})
        with CaptureQueriesContext(connection) as queries:
            client.get(ADRESSE, {"q": query})
        nbs.append(len(queries))
    assert nbs[1] <= nbs[0] + 20  # one list of rows for each kind that is found, whatever their number


def test_the_name_of_an_axe_finds_its_fiches(client_de):
    client = client_de("cooperation")

    page = client.get("/dijon-2024/fiches/", {"q": "Petite ENFANCE"})

    codes = [fiche.code for fiche in page.context["page_obj"].object_list]
    assert {"PE-1", "PE-2", "PE-3", "PE-4", "PE-5"} <= set(codes)
    assert len(codes) == len(set(codes))
    assert "JEU-1" not in codes
    assert "PE-4" in client.get("/dijon-2024/recherche/", {"q": "petite enfance"}).content.decode()


def test_who_keeps_the_registry_finds_a_structure_that_waits_for_a_line(trouver, dijon):
    Structure.objects.create(
        territoire=dijon.territoire,
        code="x-1",
        nom="Ferme des Tilleuls",
        type_structure=TypeStructure.objects.get(code="eaje"),
    )

    assert trouver("cooperation", "tilleuls")["structures"] == ["Ferme des Tilleuls"]
    assert "structures" not in trouver("copil", "tilleuls")
