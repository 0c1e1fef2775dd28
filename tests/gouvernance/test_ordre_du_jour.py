"""The agenda: points in order, « suites données » that nobody writes, what a point may name, who reads it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ctg.models import Document
from fiches.models import FicheProjet
from gouvernance.models import PointOrdreDuJour, Reunion
from gouvernance.ordre_du_jour import collect_ordre_du_jour, collect_suites
from gouvernance.services import deplacer_point, enregistrer_point, supprimer
from tests.navigation import formulaire

JOUR = datetime.date(2027, 6, 1)


def intitules(reunion):
    return [place.point.intitule for place in collect_ordre_du_jour(reunion, au=JOUR).places]


@pytest.fixture
def trois(reunir, inscrire):
    reunion = reunir()
    return reunion, [inscrire(reunion, nom) for nom in ("Un", "Deux", "Trois")]


def test_points_come_last_and_trade_places(trois):
    reunion, (un, deux, trois_) = trois
    assert intitules(reunion) == ["Un", "Deux", "Trois"]

    assert deplacer_point(trois_, monter=True)
    assert intitules(reunion) == ["Un", "Trois", "Deux"]
    assert deplacer_point(un, monter=False)
    assert intitules(reunion) == ["Trois", "Un", "Deux"]
    assert not deplacer_point(trois_, monter=True)
    assert not deplacer_point(deux, monter=False)
    assert intitules(reunion) == ["Trois", "Un", "Deux"]
    assert all(ligne.ordre for ligne in un.historique.all())


def test_a_point_begins_when_those_before_it_end(reunir, inscrire):
    reunion = reunir(heure_debut=datetime.time(14, 0))
    inscrire(reunion, "Un", duree=10)
    inscrire(reunion, "Deux")
    inscrire(reunion, "Trois", duree=45)

    ordre = collect_ordre_du_jour(reunion, au=JOUR)

    assert [place.debut for place in ordre.places] == [datetime.time(14, 0), datetime.time(14, 10), None]
    assert (ordre.duree, ordre.nb_sans_duree) == (55, 1)


def test_suites_are_the_open_decisions_of_the_instance_before_the_meeting(dijon, reunir, decider, compte):
    suivi = dijon.instances_gouvernance.get(slug="comite-de-suivi")
    avant, ici = reunir("2027-01-05"), reunir("2027-06-01")
    ouverte = decider(avant, "Ouverte", echeance=datetime.date(2027, 3, 1))
    en_cours = decider(avant, "En cours", etat="en_cours")
    decider(avant, "Faite", etat="faite")
    remplacee = decider(avant, "Remplacée")
    decider(avant, "Remplaçante", etat="abandonnee", remplace=remplacee)
    decider(ici, "De cette réunion")
    decider(reunir("2027-09-01"), "D’après")
    decider(reunir("2027-01-07", instance_gouvernance=suivi), "D’une autre instance")

    miennes = [
        (d, retard)
        for d, retard in collect_suites(ici, au=JOUR, lecteur=compte("cooperation"))
        if d.reunion.annee == 2027
    ]

    assert miennes == [(ouverte, True), (en_cours, False)]


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"intitule": ""}, "vide|intitulé"),
        ({"duree": 0}, "entre 1 et 600"),
        ({"duree": 601}, "entre 1 et 600"),
        ({"rapporteur": True, "fonction_rapporteur": "la direction"}, "pas les deux"),
        ({"label": True}, "n’est pas de cette convention"),
    ],
)
def test_the_service_says_what_is_wrong_with_a_point(inscrire, zoe, ailleurs, champs, message):
    objets = {"rapporteur": zoe, "label": ailleurs["label"]}

    with pytest.raises(ValidationError, match=message):
        inscrire(**{nom: objets[nom] if v is True else v for nom, v in champs.items()})


def test_the_database_refuses_two_points_at_one_place(trois):
    reunion, (un, _, _) = trois

    with pytest.raises(IntegrityError), transaction.atomic():
        PointOrdreDuJour.objects.create(reunion=reunion, intitule="Encore", ordre=un.ordre)


def test_documents_and_fiches_of_a_point_are_of_its_convention(dijon, inscrire, ailleurs):
    autre = ailleurs["instance_gouvernance"].convention
    document = Document.objects.create(convention=autre, nature="reference", ordre=1, titre="Ailleurs")

    with pytest.raises(ValidationError, match="de cette convention"):
        inscrire(documents=[document])
    assert not PointOrdreDuJour.objects.filter(intitule="Bilan de l’année").exists()

    point = inscrire(
        fiches=[FicheProjet.objects.get(code="PE-1")], documents=Document.objects.filter(convention=dijon)[:2]
    )
    assert (point.fiches.count(), point.documents.count()) == (1, 2)


def test_a_decision_is_on_a_point_of_its_own_meeting(reunir, inscrire, decider):
    point, autre = inscrire(), reunir("2027-03-01")

    with pytest.raises(ValidationError, match="n’est pas de l’ordre du jour"):
        decider(autre, point=point)
    decider(point.reunion, point=point)
    with pytest.raises(ValidationError, match="Rien n’est supprimé"):
        supprimer(point)


def test_by_the_pages(client_de, reunir):
    client, reunion = client_de("cooperation"), reunir()
    url = f"{reunion.get_absolute_url()}points/ajouter/"
    for nom in ("Un", "Deux"):
        page = client.get(url)
        client.post(url, formulaire(page) | {"intitule": nom, "duree": "10"})
    un, deux = reunion.points.order_by("ordre")
    base = "/dijon-2024/gouvernance/points/"

    response = client.post(f"{base}{deux.pk}/deplacer/", {"sens": "monter"})
    assert response["Location"].endswith(f"#point-{deux.pk}")
    assert intitules(reunion) == ["Deux", "Un"]
    client.post(f"{base}{un.pk}/supprimer/")
    assert intitules(reunion) == ["Deux"]
    page = client.get(f"{base}{deux.pk}/modifier/")
    client.post(f"{base}{deux.pk}/modifier/", formulaire(page) | {"intitule": "Deuxième"})
    assert intitules(reunion) == ["Deuxième"]
    refus = client.post(url, formulaire(client.get(url)) | {"intitule": "", "texte": "Longuement dit"})
    assert "Longuement dit" in refus.content.decode()
    assert intitules(reunion) == ["Deuxième"]


def test_two_people_on_one_point_lose_nothing(client_de, inscrire):
    point, client = inscrire(intitule="Commun"), client_de("cooperation")
    url = f"/dijon-2024/gouvernance/points/{point.pk}/modifier/"
    ouverte = formulaire(client.get(url))
    point.intitule = "Écrit entre-temps"
    enregistrer_point(point)

    page = client.post(url, ouverte | {"intitule": "Le mien"}).content.decode()

    assert "Écrit entre-temps" in page
    assert "Le mien" in page
    point.refresh_from_db()
    assert point.intitule == "Écrit entre-temps"


@pytest.mark.parametrize(("nb", "attendu"), [(1, 1), (4, 4)])
def test_an_agenda_asks_the_same_queries_whatever_its_length(
    reunir, inscrire, django_assert_num_queries, nb, attendu
):
    reunion = Reunion.objects.get(pk=reunir().pk)
    for _ in range(nb):
        inscrire(reunion, fiches=[FicheProjet.objects.get(code="PE-1")])

    with django_assert_num_queries(5):
        ordre = collect_ordre_du_jour(reunion, au=JOUR)
        assert (
            sum(fiche.code == "PE-1" for place in ordre.places for fiche in place.point.fiches.all())
            == attendu
        )
