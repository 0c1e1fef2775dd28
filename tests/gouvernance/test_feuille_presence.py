"""Who came: a line for each person who holds a seat, a seat counted once, and those who came without one."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ctg.anonymisation import anonymiser
from ctg.models import Fonction, Organisme, Personne
from ctg.sujets import sujet_de
from gouvernance.compte_rendu import composer
from gouvernance.feuille_presence import collect_feuille
from gouvernance.models import Invite, MandatMembre, Membre, Presence
from gouvernance.services import enregistrer_reunion, noter_invites, noter_presences
from tests.navigation import formulaire

JOUR = datetime.date(2026, 2, 3)
CAF = 5  # the order of the seat of the Caf, for the CTG


@pytest.fixture
def siege(copil):
    return Membre.objects.get(instance_gouvernance=copil, ordre=CAF)


@pytest.fixture
def paul(dijon, siege):
    """Titulaire, since before the meeting."""
    paul = Personne.objects.create(convention=dijon, prenom="Paul", nom="Durand")
    caf = Organisme.objects.get(nom="Caf de la Côte-d’Or")
    Fonction.objects.create(personne=paul, intitule="président de la Caf", organisme=caf)
    MandatMembre.objects.create(membre=siege, personne=paul)
    return paul


@pytest.fixture
def zoe_supplee(zoe, siege):
    MandatMembre.objects.create(membre=siege, personne=zoe, qualite="suppleant")
    return zoe


@pytest.fixture
def reunion(reunir):
    return reunir(str(JOUR), compte_rendu="Dit")


def lignes(reunion, ordre=CAF):
    [siege] = [s for s in collect_feuille(reunion).sieges if s.membre.ordre == ordre]
    return siege.lignes


def noter(reunion, siege, *presences):
    noter_presences(
        reunion, [Presence(reunion=reunion, membre=siege, personne=p, etat=e) for p, e in presences]
    )


def compte(reunion, nom=None):
    [compte] = [c for c in collect_feuille(reunion).comptes if (c.label and c.label.nom) == nom]
    return compte.nb_sieges, compte.nb_presents, compte.nb_representes, compte.nb_excuses, compte.nb_absents


def test_a_seat_has_a_line_for_each_person_who_holds_it_that_day_titulaires_first(
    reunir, siege, zoe_supplee, paul, dijon
):
    parti = Personne.objects.create(convention=dijon, nom="Parti")
    MandatMembre.objects.create(membre=siege, personne=parti, date_fin=JOUR)
    abel = Personne.objects.create(convention=dijon, nom="Abel")
    MandatMembre.objects.create(membre=siege, personne=abel, qualite="suppleant")

    assert [(ligne.personne, ligne.is_suppleant) for ligne in lignes(reunir(str(JOUR)))] == [
        (paul, False),
        (abel, True),
        (zoe_supplee, True),
    ]
    veille = lignes(reunir("2026-02-02"))
    assert {ligne.personne for ligne in veille} == {paul, abel, zoe_supplee, parti}
    assert [ligne.personne for ligne in lignes(reunir(str(JOUR)), ordre=6)] == [None]


@pytest.mark.parametrize(
    ("titulaire", "suppleant", "attendu"),
    [
        ("present", "present", (1, 0, 0, 0)),
        ("excuse", "present", (1, 0, 0, 0)),
        ("absent", "excuse", (0, 0, 1, 0)),
        ("absent", "absent", (0, 0, 0, 1)),
    ],
)
def test_a_seat_counts_once_whoever_came_for_it(
    reunion, siege, paul, zoe_supplee, titulaire, suppleant, attendu
):
    avant = compte(reunion)[0]
    noter(reunion, siege, (paul, titulaire), (zoe_supplee, suppleant))

    assert compte(reunion) == (avant, *attendu)
    assert compte(reunion, "CTG")[1:] == attendu
    assert compte(reunion, "Cité éducative")[1:] == (0, 0, 0, 0)


def test_the_minutes_name_who_came(reunion, siege, paul, zoe_supplee, copil):
    seul = Membre.objects.get(instance_gouvernance=copil, ordre=7)
    noter(reunion, siege, (paul, "excuse"), (zoe_supplee, "present"))
    noter_presences(reunion, [Presence(reunion=reunion, membre=seul, nom="Ali Benali", etat="present")])
    noter_invites(reunion, [Invite(reunion=reunion, nom="Ada Roux", fonction="géomètre")])

    assert composer(reunion, au=JOUR).splitlines() == [
        "**Présents**",
        "- Zoé Martin (en suppléance), la Présidence et la direction de la Caf ou leurs représentants pour la CTG",
        "- Ali Benali, le Conseil Départemental pour la Cité éducative",
        "**Excusés**",
        "- Paul Durand, président de la Caf",
        "**Autres personnes présentes**",
        "- Ada Roux, géomètre",
    ]
    assert compte(reunion)[1:] == (2, 0, 0, 0)  # she is counted with no seat


def test_who_does_not_hold_the_seat_is_not_noted_for_it(reunion, siege, zoe):
    with pytest.raises(ValidationError, match="ne tient pas ce siège le jour"):
        noter(reunion, siege, (zoe, "present"))


def test_what_was_noted_stays_when_the_mandate_or_the_day_moves(reunion, siege, paul):
    noter(reunion, siege, (paul, "present"))
    MandatMembre.objects.update(date_fin="2026-01-01")

    assert [(ligne.personne, ligne.etat) for ligne in lignes(reunion)] == [(paul, "present")]
    noter(reunion, siege, (paul, "excuse"))
    assert lignes(reunion)[0].etat == "excuse"


def test_the_database_holds_the_rules_of_attendance(reunion, siege, paul, copil):
    noter(reunion, siege, (paul, "present"))
    autre = Membre.objects.get(instance_gouvernance=copil, ordre=6)

    for contrainte, champs in (
        ("presence_unique_par_personne|personne_id", {"membre": siege}),
        ("presence_nommee_une_fois", {"membre": autre, "nom": "Ali Benali"}),
    ):
        with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
            Presence.objects.create(reunion=reunion, personne=paul, etat="present", **champs)


def test_the_same_person_is_not_twice_among_the_others(reunion):
    noter_invites(reunion, [Invite(reunion=reunion, nom="Ada Roux")])

    with pytest.raises(ValidationError, match="déjà parmi les autres personnes"):
        noter_invites(reunion, [Invite(reunion=reunion, nom="Ada Roux", fonction="experte")])
    with pytest.raises(IntegrityError, match="invite_nomme"), transaction.atomic():
        Invite.objects.create(reunion=reunion, nom="")


@pytest.mark.parametrize(("annee", "compte_"), [(2026, 11), (2027, 12)])
def test_the_presidence_of_the_caf_counts_the_year_of_the_renewal_only(reunir, copil, annee, compte_):
    reunion = reunir(f"{annee}-02-03")
    assert compte(reunion)[0] == compte_

    presidence = Membre.objects.get(instance_gouvernance=copil, ordre=12)
    noter_presences(reunion, [Presence(reunion=reunion, membre=presidence, etat="present")])
    assert compte(reunion)[:2] == (compte_, int(annee == 2027))  # noted before: it is still read
    assert lignes(reunion, ordre=12)[0].etat == "present"


# The pages -----------------------------------------------------------------------------------------------


def test_by_its_page(client_de, reunion, siege, paul, zoe_supplee, copil):
    client, url = client_de("cooperation"), f"{reunion.get_absolute_url()}presences/"
    page = client.get(url)
    lu = page.content.decode()
    assert lu.index("Paul Durand") < lu.index("Zoé Martin")
    assert "président de la Caf" in lu
    seul = Membre.objects.get(instance_gouvernance=copil, ordre=7)
    champs = {
        f"s{siege.pk}p{paul.pk}-etat": "excuse",
        f"s{siege.pk}p{zoe_supplee.pk}-etat": "present",
        f"s{seul.pk}-nom": "Ali Benali",
        "in0-nom": "Ada Roux",
        "in0-fonction": "géomètre",
    }

    suite = client.post(url, formulaire(page) | champs, follow=True).content.decode()

    assert "2\u00a0sièges présents ou représentés, 1\u00a0autre personne." in suite
    for dit in ("Zoé Martin (en suppléance)", "Ali Benali, le Conseil", "Ada Roux, géomètre"):
        assert dit in suite
    assert set(reunion.presences.values_list("personne__nom", "nom", "etat")) == {
        ("Durand", "", "excuse"),
        ("Martin", "", "present"),
        (None, "Ali Benali", "present"),
    }
    conduite = client.get(f"{reunion.get_absolute_url()}conduite/").content.decode()
    assert "Zoé Martin (en suppléance)" in conduite

    ada = reunion.invites.get()
    client.post(url, formulaire(client.get(url)) | {f"i{ada.pk}-fonction": "experte"})
    ada.refresh_from_db()
    assert str(ada) == "Ada Roux, experte"
    client.post(url, formulaire(client.get(url)) | {f"i{ada.pk}-nom": "", f"s{seul.pk}-etat": ""})
    assert not reunion.invites.exists()


def test_a_function_without_a_name_is_asked_and_kept(client_de, reunion):
    client, url = client_de("cooperation"), f"{reunion.get_absolute_url()}presences/"

    page = client.post(url, formulaire(client.get(url)) | {"in1-fonction": "géomètre"}).content.decode()

    assert "Écrivez le nom de cette personne" in page
    assert "géomètre" in page
    assert not reunion.invites.exists()


def test_one_added_by_somebody_else_meanwhile_stays(client_de, reunion):
    client, url = client_de("cooperation"), f"{reunion.get_absolute_url()}presences/"
    ouverte = formulaire(client.get(url))
    noter_invites(reunion, [Invite(reunion=reunion, nom="Ada Roux")])

    assert client.post(url, ouverte | {"in0-nom": "Lou Petit"}).status_code == 302

    assert set(reunion.invites.values_list("nom", flat=True)) == {"Ada Roux", "Lou Petit"}


def test_the_sheet_asks_the_same_queries_whoever_sits(reunion, siege, dijon):
    nombres = []
    for nom in ("Un", "Deux", "Trois"):
        personne = Personne.objects.create(convention=dijon, nom=nom)
        Fonction.objects.create(personne=personne, intitule="agent")
        MandatMembre.objects.create(membre=siege, personne=personne)
        noter(reunion, siege, (personne, "present"))
        reunion.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            assert collect_feuille(reunion).groupes()
        nombres.append(len(queries))

    assert len(set(nombres)) == 1


def test_whoever_is_made_anonymous_leaves_distributed_minutes_without_a_name(
    reunion, siege, zoe_supplee, mener
):
    noter(reunion, siege, (zoe_supplee, "present"))
    noter_invites(reunion, [Invite(reunion=reunion, nom="Zoé Martin", fonction="experte")])
    reunion.compte_rendu = composer(reunion, au=JOUR)
    enregistrer_reunion(reunion)
    mener(reunion, "diffuse")

    anonymiser(sujet_de(personne=zoe_supplee), au=timezone.localdate(), forcer=True)

    noms = str(collect_feuille(reunion).groupes())
    assert "Martin" not in noms
    assert "Personne n°" in noms
    reunion.refresh_from_db()
    assert "Martin" not in reunion.compte_rendu
