"""The network of the actors: its file reads back, its figures are those that one counts by hand."""

from io import BytesIO

import networkx as nx
import pytest

from gouvernance.acteurs import Acteur, Acteurs, Colonne
from gouvernance.reseau import ecrire_graphml, lire

COLONNES = (
    Colonne(1, "A-1", "Guichet", "Petite enfance", 1),
    Colonne(2, "A-2", "Relais", "Petite enfance", 1),
    Colonne(3, "B-1", "Jeunes", "Jeunesse", 2),
    Colonne(4, "B-2", "Sans personne", "Jeunesse", 2),
)


def acteurs(**liens):
    """acteurs(Ville=(1, 3)): who takes part in which fiche."""
    return Acteurs(
        2025,
        COLONNES,
        tuple(
            Acteur(("organisme", rang), nom, liens={pk: ["partenaire"] for pk in fiches})
            for rang, (nom, fiches) in enumerate(liens.items(), start=1)
        ),
    )


def test_what_is_read_of_it():
    lecture = lire(acteurs(Ville=(1, 2), Caf=(2,), Mission=(3,), Prefecture=(), Maison=(1,)))

    assert (lecture.nb_lies, lecture.nb_groupes) == (4, 2)  # Mission and B-1 stand apart
    assert lecture.relient == ()
    assert lecture.charnieres == ("Ville",)  # holds the Caf to the Maison
    assert lecture.sans_fiche == ("Prefecture",)
    assert lecture.fiches_seules == ("B-1",)
    assert lecture.fiches_sans_acteur == ("B-2",)


def test_who_joins_axes_comes_by_how_many():
    lecture = lire(acteurs(Caf=(1, 3), Ville=(1, 2, 3)))

    assert lecture.relient == (
        ("Caf", ("Petite enfance", "Jeunesse")),
        ("Ville", ("Petite enfance", "Jeunesse")),
    )
    assert lecture.nb_groupes == 1


def test_without_a_link_there_is_nothing_to_read():
    assert lire(acteurs(Ville=())) is None


def test_the_file_reads_back_with_its_names():
    tous = acteurs(**{"Caf & Cie <21> \x0b🙂": (1, 3)})

    graphe = nx.read_graphml(BytesIO(ecrire_graphml(tous)))

    assert graphe.nodes["organisme-1"]["label"] == "Caf & Cie <21> 🙂"
    assert graphe.nodes["organisme-1"]["genre"] == "acteur"
    assert graphe.nodes["fiche-3"] == {"label": "B-1 Jeunes", "genre": "fiche", "axe": "Jeunesse"}
    assert {frozenset(lien) for lien in graphe.edges} == {
        frozenset({"organisme-1", "fiche-1"}),
        frozenset({"organisme-1", "fiche-3"}),
    }
    assert graphe.edges["organisme-1", "fiche-1"]["roles"] == "partenaire"
    assert ecrire_graphml(tous) == ecrire_graphml(tous)


@pytest.mark.django_db
def test_the_page_says_it_and_gives_it(client_de):
    client = client_de("copil")

    page = client.get("/dijon-2024/acteurs/?annee=2025").content.decode()
    fichier = client.get("/dijon-2024/acteurs/?annee=2025&export=graphml")

    assert "Ce que dit le réseau" in page
    assert "export=graphml" in page
    assert fichier["Content-Type"] == "application/graphml+xml"
    assert 'filename="acteurs-2025-dijon-2024.graphml"' in fichier["Content-Disposition"]
    genres = nx.get_node_attributes(nx.read_graphml(BytesIO(fichier.content)), "genre").values()
    assert list(genres).count("fiche") == 15
