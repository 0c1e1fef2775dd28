"""Where a structure stands, by hand: rights, faults, two people, history, and a source that stays true."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ctg.models import Brouillon
from structures import positions
from structures.doublons import reunir_structures
from structures.models import PropositionPosition, Structure
from tests.navigation import formulaire

POSITION = {"latitude": "47,32167", "longitude": "5,04147", "source_coordonnees": "Relevée sur place"}
LATITUDE, LONGITUDE = Decimal("47.32167"), Decimal("5.04147")


@pytest.fixture
def structure(db):
    return Structure.objects.get(code="a2-02")


@pytest.fixture
def url(structure):
    return f"/dijon-2024/structures/{structure.pk}/placer/"


def lire(client, url) -> dict:
    """The form that places; that which takes off the map says its action."""
    lu = formulaire(client.get(url))
    lu.pop("action", None)
    return lu


def proposition(structure, libelle="12 Rue X 21000 Dijon", **autres):
    valeurs = {"adresse_demandee": "12 rue X", "latitude": LATITUDE, "longitude": LONGITUDE, "score": "0.5"}
    return PropositionPosition.objects.create(structure=structure, libelle=libelle, **valeurs | autres)


def vider(structure):
    structure.situer(None, None, "")
    structure.save()


def test_a_structure_is_placed_with_its_source_and_its_history(client_de, structure, url):
    client = client_de("cooperation")
    page = client.post(url, lire(client, url) | POSITION, follow=True).content.decode()

    structure.refresh_from_db()
    assert (structure.latitude, structure.longitude) == (LATITUDE, LONGITUDE)
    assert "a changé de place : 47,32167 ; 5,04147." in page
    assert "Coordonnées : Relevée sur place" in page
    assert "hors coordonnées : DONNÉES DE DÉMONSTRATION" in page
    derniere = structure.historique.latest()
    assert (derniere.history_user.email, derniere.latitude) == ("cooperation@demo.invalid", LATITUDE)
    [ancienne] = positions.precedentes(structure)
    assert (ancienne.latitude, ancienne.source) == (Decimal("47.32396"), "DONNÉES DE DÉMONSTRATION")
    assert ancienne.par == "Compte cooperation"


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("latitude", "91", "Une latitude est entre −90 et 90 degrés."),
        ("longitude", "-181", "Une longitude est entre −180 et 180 degrés."),
        ("latitude", "0", "Ce point n’est pas en France"),
        ("latitude", "abc", "n’est pas un nombre"),
        ("latitude", "", "obligatoire"),
        ("latitude", "47,1234567", "plus de 5 décimales"),
        ("source_coordonnees", "", "obligatoire"),
    ],
)
def test_a_bad_position_is_refused_and_what_was_typed_stays(client_de, structure, url, champ, valeur, phrase):
    client = client_de("cooperation")
    reponse = client.post(url, lire(client, url) | POSITION | {champ: valeur})

    page = reponse.content.decode()
    assert phrase in page
    assert 'value="5,04147"' in page or 'value="47,32167"' in page
    structure.refresh_from_db()
    assert structure.latitude == Decimal("47.32396")


def test_two_people_who_place_it_differently_are_told(client_de, structure, url):
    client = client_de("cooperation")
    ouvert = lire(client, url)
    positions.placer(
        structure.pk, latitude=Decimal("47.3"), longitude=Decimal("5.1"), source="Une autre personne"
    )
    page = client.post(url, ouvert | POSITION).content.decode()

    assert "a écrit ici, pendant que vous écriviez" in page
    structure.refresh_from_db()
    assert structure.latitude == Decimal("47.3")


def test_what_is_typed_is_kept_as_a_draft(client_de, url):
    client = client_de("cooperation")
    client.post(url, lire(client, url) | POSITION | {"brouillon": "1"})

    assert Brouillon.objects.get(adresse=url).donnees["latitude"] == ["47,32167"]
    assert 'value="47,32167"' in client.get(url).content.decode()


def test_a_structure_leaves_the_map_and_its_place_is_still_read(client_de, structure, url):
    client = client_de("cooperation")
    page = client.post(url, {"action": "retirer"}, follow=True).content.decode()

    structure.refresh_from_db()
    assert (structure.latitude, structure.longitude, structure.source_coordonnees) == (None, None, "")
    assert "Sa position était 47,32396 ; 5,0162" in page
    assert "Où elle était avant" in page
    assert "rien n’est changé" in client.post(url, {"action": "retirer"}, follow=True).content.decode()


def test_another_door_that_moves_it_does_not_leave_the_source_behind(structure):
    positions.placer(structure.pk, latitude=LATITUDE, longitude=LONGITUDE, source="Relevée sur place")
    ailleurs = Structure.objects.get(pk=structure.pk)
    ailleurs.nom = ailleurs.nom
    ailleurs.save()
    assert Structure.objects.get(pk=structure.pk).source_coordonnees == "Relevée sur place"

    ailleurs.latitude = Decimal("47.4")
    ailleurs.save()
    assert Structure.objects.get(pk=structure.pk).source_coordonnees == ""


def test_the_same_words_said_again_of_another_place_stay(structure):
    for latitude in (LATITUDE, Decimal("47.4")):
        positions.placer(structure.pk, latitude=latitude, longitude=LONGITUDE, source="Vue sur la carte")

    assert Structure.objects.get(pk=structure.pk).source_coordonnees == "Vue sur la carte"


def test_the_service_asks_for_a_source_and_the_database_for_coordinates(structure):
    with pytest.raises(ValidationError, match="Dites d’où vient cette position"):
        positions.placer(structure.pk, latitude=LATITUDE, longitude=LONGITUDE, source=" ")
    vider(structure)
    with pytest.raises(IntegrityError, match="structure_source_de_coordonnees"), transaction.atomic():
        Structure.objects.filter(pk=structure.pk).update(source_coordonnees="x")


def test_a_proposition_is_accepted_with_its_source(client_de, structure):
    vider(structure)
    attend = proposition(structure)
    client = client_de("cooperation")
    page = client.get("/dijon-2024/structures/a-placer/").content.decode()
    assert "12 Rue X 21000 Dijon" in page
    assert "Ressemblance 50\u202f%" in page

    client.post(f"/dijon-2024/structures/propositions/{attend.pk}/", {"action": "accepter"})
    structure.refresh_from_db()
    attend.refresh_from_db()
    assert (structure.latitude, attend.statut) == (LATITUDE, "acceptee")
    assert structure.source_coordonnees == "Base adresse nationale : 12 Rue X 21000 Dijon, vérifiée à la main"


def test_a_refusal_is_kept_and_can_be_undone(client_de, structure):
    vider(structure)
    attend = proposition(structure)
    client, adresse = client_de("cooperation"), f"/dijon-2024/structures/propositions/{attend.pk}/"

    page = client.post(adresse, {"action": "refuser"}, follow=True).content.decode()
    assert "est refusée" in page
    assert "Annuler ce refus" in page
    assert Structure.objects.get(pk=structure.pk).latitude is None
    page = client.post(adresse, {"action": "remettre"}, follow=True).content.decode()
    assert "attend de nouveau" in page
    assert "C’est là" in page
    assert list(attend.historique.order_by("history_id").values_list("statut", flat=True)) == [
        "en_attente",
        "refusee",
        "en_attente",
    ]


def test_a_proposition_is_answered_once_and_never_moves_what_was_placed(client_de, structure):
    attend = proposition(structure)
    client, adresse = client_de("cooperation"), f"/dijon-2024/structures/propositions/{attend.pk}/"

    assert (
        "a déjà des coordonnées" in client.post(adresse, {"action": "accepter"}, follow=True).content.decode()
    )
    positions.refuser(attend.pk)
    assert "n’attend plus" in client.post(adresse, {"action": "refuser"}, follow=True).content.decode()
    positions.remettre(attend.pk)
    with pytest.raises(ValidationError, match="n’est pas refusée"):
        positions.remettre(attend.pk)


def test_what_left_the_map_may_be_accepted_again(structure):
    vider(structure)
    attend = proposition(structure)
    positions.accepter(attend.pk)
    positions.retirer(structure.pk)

    attend.refresh_from_db()
    assert attend.statut == "en_attente"


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"score": "1.001"}, "proposition_score_entre_0_et_1"),
        ({"latitude": 91}, "proposition_coordonnees_possibles"),
        ({"statut": "peut-etre"}, "proposition_statut_connu"),
    ],
)
def test_constraints_of_a_proposition(structure, champs, contrainte):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        proposition(structure, **champs)


def test_one_proposition_an_address_and_one_accepted(structure):
    proposition(structure, statut="acceptee")
    with pytest.raises(IntegrityError), transaction.atomic():
        proposition(structure)
    with pytest.raises(IntegrityError), transaction.atomic():
        proposition(structure, libelle="Ailleurs", statut="acceptee")


def test_the_list_to_place_tells_who_has_no_address(client_de, dijon):
    reponse = client_de("cooperation").get("/dijon-2024/structures/a-placer/")

    noms = {ligne["structure"].nom for ligne in reponse.context["sans_adresse"]}
    assert "CCAS" in noms
    assert reponse.context["nb"] == Structure.objects.of_convention(dijon).filter(latitude=None).count() == 8


def test_when_all_are_placed_the_list_says_so(client_de, dijon):
    for structure in Structure.objects.of_convention(dijon).filter(latitude=None):
        positions.placer(structure.pk, latitude=LATITUDE, longitude=LONGITUDE, source="x")

    page = client_de("cooperation").get("/dijon-2024/structures/a-placer/").content.decode()
    assert "Toutes les structures sont placées." in page


@pytest.fixture
def deux(dijon, structure, compte):
    """A structure of the registry and the same typed twice, with a way to make them one."""
    doublon = Structure.objects.create(
        territoire=dijon.territoire, code="double", nom="Double", type_structure=structure.type_structure
    )
    return doublon, lambda: reunir_structures(structure.pk, doublon.pk, user=compte("cooperation"))


def test_a_merge_takes_the_position_with_its_source(structure, deux):
    doublon, reunir = deux
    vider(structure)
    proposition(structure)
    proposition(doublon)
    positions.placer(doublon.pk, latitude=LATITUDE, longitude=LONGITUDE, source="Relevée sur place")
    reunir()

    structure.refresh_from_db()
    assert (structure.latitude, structure.source_coordonnees) == (LATITUDE, "Relevée sur place")
    assert structure.propositions.count() == 1


def test_a_merge_that_keeps_its_position_keeps_its_source(structure, deux):
    doublon, reunir = deux
    positions.placer(doublon.pk, latitude=LATITUDE, longitude=LONGITUDE, source="Relevée sur place")
    reunir()

    structure.refresh_from_db()
    assert (str(structure.latitude), structure.source_coordonnees) == ("47.32396", "")


def test_a_structure_that_no_annexe_names_yet_is_placed_too(client_de, deux):
    doublon, _ = deux
    client, adresse = client_de("cooperation"), f"/dijon-2024/structures/{doublon.pk}/placer/"
    client.post(adresse, lire(client, adresse) | POSITION)

    assert Structure.objects.get(pk=doublon.pk).latitude == LATITUDE
