"""Several pages of one account on one form: none erases what another holds."""

import pytest

from ctg.models import Brouillon
from ctg.onglets import reunir
from fiches.models import FicheProjet
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
MODIFIER = "/dijon-2024/fiches/PE-1/modifier/"


@pytest.fixture
def client(client_de):
    return client_de("cooperation")


def ouvrir(client):
    return formulaire(client.get(MODIFIER))


def taper(client, page, **champs):
    """As the script sends it: the whole form, and the names of what changed."""
    page |= {name.replace("__", "-"): valeur for name, valeur in champs.items()}
    modifies = " ".join(name.replace("__", "-") for name in champs)
    data = page | {"modifies": modifies, "brouillon": "1"}
    response = client.post(MODIFIER, data, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 200


def test_two_tabs_are_put_together_and_saved_from_a_third(client):
    une, autre = ouvrir(client), ouvrir(client)
    taper(client, une, constat="Du premier onglet")
    taper(client, autre, publics="Du second onglet")

    troisieme = ouvrir(client)
    client.post(MODIFIER, troisieme)

    fiche = FicheProjet.objects.get(code="PE-1")
    assert (fiche.constat, fiche.publics) == ("Du premier onglet", "Du second onglet")
    assert not Brouillon.objects.exists()


def test_saving_one_tab_leaves_the_draft_of_the_other(client):
    une, autre = ouvrir(client), ouvrir(client)
    taper(client, une, constat="Du premier onglet")
    client.post(MODIFIER, autre | {"publics": "Enregistré par le second"})

    rendu = ouvrir(client)
    client.post(MODIFIER, rendu)

    fiche = FicheProjet.objects.get(code="PE-1")
    assert (fiche.constat, fiche.publics) == ("Du premier onglet", "Enregistré par le second")


def test_a_tab_that_goes_on_after_it_was_given_back_elsewhere_is_not_erased(client):
    une = ouvrir(client)
    taper(client, une, constat="Première phrase.")
    troisieme = ouvrir(client)
    taper(client, une, constat="Première phrase. Deuxième phrase.")
    client.post(MODIFIER, troisieme | {"publics": "Des familles"})

    assert ouvrir(client)["constat"] == "Première phrase. Deuxième phrase."


def test_the_same_text_typed_twice_is_shown_both_ways(client):
    une, autre = ouvrir(client), ouvrir(client)
    taper(client, une, constat="Une première façon de le dire")
    taper(client, autre, constat="Une seconde façon de le dire")

    page = client.get(MODIFIER)

    assert formulaire(page)["constat"] == "Une seconde façon de le dire"
    assert "Une première façon de le dire" in page.content.decode()


def test_new_rows_of_two_tabs_are_both_kept(client):
    fiche = FicheProjet.objects.get(code="PE-1")
    nb = fiche.etapes.count()
    une, autre = ouvrir(client), ouvrir(client)
    taper(client, une, **{f"etapes__{nb}__intitule": "Étape du premier onglet"})
    taper(
        client,
        autre,
        **{f"etapes__{nb}__intitule": "Étape du second onglet", "etapes__0__intitule": "Renommée"},
    )

    client.post(MODIFIER, ouvrir(client))

    intitules = list(fiche.etapes.order_by("ordre").values_list("intitule", flat=True))
    assert intitules[-2:] == ["Étape du premier onglet", "Étape du second onglet"]
    assert ("Renommée" in intitules, len(intitules)) == (True, nb + 2)


def test_a_page_that_takes_over_holds_its_rows_once(client):
    fiche = FicheProjet.objects.get(code="PE-1")
    nb = fiche.etapes.count()
    taper(client, ouvrir(client), **{f"etapes__{nb}__intitule": "Étape"})
    taper(client, ouvrir(client), **{f"etapes__{nb}__intitule": "Étape plus précise"})

    assert Brouillon.objects.count() == 1
    client.post(MODIFIER, ouvrir(client))
    assert fiche.etapes.filter(intitule__startswith="Étape").values_list("intitule", flat=True)[0]
    assert fiche.etapes.count() == nb + 1


def test_a_page_where_nothing_changed_leaves_no_draft(client):
    taper(client, ouvrir(client))

    assert not Brouillon.objects.exists()


def test_a_box_that_one_tab_unticks_is_unticked():
    donnees, remplaces = reunir([({"a": ["on"], "b": ["x"]}, {"b": "1"}), ({"b": ["avant"]}, {"a": "2"})])

    assert (donnees, remplaces) == ({"b": ["x"]}, [])


def test_a_row_added_since_the_other_tab_was_opened_is_added():
    debut = {
        "e-TOTAL_FORMS": ["2"],
        "e-INITIAL_FORMS": ["1"],
        "e-0-id": ["4"],
        "e-0-t": ["A"],
        "e-1-id": [""],
        "e-1-t": ["N"],
    }
    suite = {
        "e-TOTAL_FORMS": ["2"],
        "e-INITIAL_FORMS": ["2"],
        "e-0-id": ["4"],
        "e-0-t": ["A"],
        "e-1-id": ["5"],
        "e-1-t": ["B bis"],
    }

    donnees, _ = reunir([(debut, {"e-1-t": "1"}), (suite, {"e-1-t": "2"})])

    assert (donnees["e-TOTAL_FORMS"], donnees["e-INITIAL_FORMS"]) == (["3"], ["2"])
    assert [donnees[f"e-{n}-t"] for n in range(3)] == [["A"], ["B bis"], ["N"]]


def test_of_one_field_typed_in_two_tabs_the_later_text_is_shown_and_the_other_named(client):
    une = ouvrir(client)
    taper(client, une, publics="Du premier onglet")
    autre = ouvrir(client)
    taper(client, autre, publics="Du second, plus tard")
    # The first tab goes on elsewhere: it sends its old text again, with what it typed now.
    data = une | {"constat": "Ailleurs", "modifies": "publics@600000 constat@0", "brouillon": "1"}
    client.post(MODIFIER, data, headers={"X-Requested-With": "fetch"})

    page = client.get(MODIFIER)
    assert page.context["form"]["publics"].value() == "Du second, plus tard"
    assert page.context["form"]["constat"].value() == "Ailleurs"
    assert page.context["brouillon"].remplaces == [("publics", "Du premier onglet")]
    assert set(page.context["brouillon"].modifies) == {"publics", "constat"}
