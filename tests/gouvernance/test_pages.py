"""Pages of the meetings and of the decisions: what is found, said, counted, and how many queries it takes."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gouvernance.models import Decision, Reunion

G = "/dijon-2024/gouvernance/"
LISTE = f"{G}decisions/"
HIER = timezone.localdate() - datetime.timedelta(days=1)


@pytest.fixture
def vide(db):
    for decision in Decision.objects.order_by("-pk"):
        decision.delete()
    Reunion.objects.all().delete()


def numeros(response):
    return [decision.numero for decision, _ in response.context["lignes"]]


@pytest.mark.parametrize(
    ("q", "attendu"),
    [
        ("creche eveil", ["2027-01-D01"]),
        ("L'ÉVEIL", ["2027-01-D01"]),
        ("2027-01-d02", ["2027-01-D02"]),
        ("introuvable", []),
    ],
)
def test_search_ignores_accents_case_and_apostrophes(client_de, vide, reunir, decider, q, attendu):
    reunion = reunir(is_anterieure=True)
    decider(reunion, "Ouvrir une crèche d’éveil, ou la crèche de l’éveil")
    decider(reunion, "Autre chose")

    assert numeros(client_de("lecteur").get(LISTE, {"q": q})) == attendu


def test_filters_show_what_they_say(client_de, vide, dijon, reunir, decider, zoe, service):
    comite = dijon.instances_gouvernance.get(slug="comite-de-suivi")
    suivi = reunir("2026-06-01", instance_gouvernance=comite, is_anterieure=True)
    un = decider(reunir("2025-06-01", is_anterieure=True), responsable=zoe, echeance=HIER)
    deux = decider(suivi, service=service, etat="faite", echeance=HIER)
    client = client_de("copil")
    for filtre, attendu in (
        ({"instance": suivi.instance_gouvernance_id}, deux),
        ({"annee": 2025}, un),
        ({"etat": "faite"}, deux),
        ({"responsable": zoe.pk}, un),
        ({"service": service.pk}, deux),
        ({"en_retard": "on"}, un),
    ):
        response = client.get(LISTE, filtre)
        assert numeros(response) == [attendu.numero], filtre
        assert "<strong>1</strong> décision</p>" in response.content.decode()
    assert client.get(LISTE).context["totaux"] == {"toutes": 2, "ouvertes": 1, "en_retard": 1}


@pytest.mark.parametrize(
    ("tri", "attendu"),
    [
        ("", ["2027-02-D01", "2027-01-D01", "2024-01-D01"]),
        ("numero", ["2024-01-D01", "2027-01-D01", "2027-02-D01"]),
        ("echeance", ["2027-01-D01", "2024-01-D01", "2027-02-D01"]),
        ("responsable", ["2024-01-D01", "2027-02-D01", "2027-01-D01"]),
        ("etat", ["2027-02-D01", "2027-01-D01", "2024-01-D01"]),
        ("__class__", ["2027-02-D01", "2027-01-D01", "2024-01-D01"]),
    ],
)
def test_orders(client_de, vide, reunir, decider, zoe, service, tri, attendu):
    decider(reunir("2027-01-01", is_anterieure=True), echeance="2027-02-01", etat="faite")
    decider(reunir("2027-02-01", is_anterieure=True), responsable=zoe)
    decider(
        reunir("2024-05-01", is_anterieure=True), echeance="2027-03-01", etat="abandonnee", service=service
    )

    assert numeros(client_de("copil").get(LISTE, {"tri": tri} if tri else {})) == attendu


def test_empty_states_say_what_to_do(client_de, vide, reunir, decider):
    client = client_de("cooperation")
    assert "Aucune décision n’est encore notée." in client.get(LISTE).content.decode()
    page = client.get(G).content.decode()
    assert "Aucune réunion n’est prévue." in page
    assert "Aucune réunion n’est encore notée." in page
    assert "Aucune décision n’est encore notée." in client.get("/dijon-2024/").content.decode()

    decision = decider()

    assert "Aucune décision ne correspond." in client.get(LISTE, {"q": "rien"}).content.decode()
    decision.delete()
    assert "Ajoutez ce qui a été décidé" in client.get(decision.reunion.get_absolute_url()).content.decode()


def test_a_long_list_is_cut_in_pages_that_keep_the_filters(client_de, vide, reunir, decider):
    reunion = reunir("2027-01-01", is_anterieure=True)
    for _ in range(51):
        decider(reunion)
    client = client_de("copil")

    page = client.get(LISTE, {"etat": "a_faire"})
    assert (len(numeros(page)), page.context["paginator"].count) == (50, 51)
    assert "etat=a_faire&amp;page=2" in page.content.decode()
    assert numeros(client.get(LISTE, {"etat": "a_faire", "page": 2})) == ["2027-01-D01"]


def test_the_page_of_a_meeting_tells_its_decisions_to_every_role(client_de, reunir, decider, zoe, dijon):
    reunion = reunir("2024-06-01", compte_rendu="Ce qui s’est dit", lieu="Hôtel de ville", is_anterieure=True)
    ancienne = decider(reunion, "Ouvrir une crèche", echeance=HIER, responsable=zoe)
    decider(reunion, "Ouvrir deux crèches", remplace=ancienne, label=dijon.labels.first())
    late = decider(reunion, "Écrire le rapport", echeance=HIER)

    page = client_de("lecteur").get(reunion.get_absolute_url()).content.decode()

    assert "Ce qui s’est dit" not in page  # minutes are read once distributed
    for texte in ("2024-01-D01", "Zoé Martin", "Remplacée par", "Annule et remplace"):
        assert texte in page
    assert page.count("en retard") == 1
    assert page.index(f'id="{late.ancre}"') < page.index("en retard")
    assert "Le chargé de coopération note les réunions" in page
    assert "/modifier/" not in page


def test_the_first_page_shows_next_and_latest_meetings(client_de, vide, reunir):
    passee = reunir(str(HIER))
    future = reunir(str(HIER + datetime.timedelta(days=30)))
    context = client_de("lecteur").get(G).context

    assert (list(context["prochaines"]), list(context["dernieres"])) == ([future], [passee])


def test_the_dashboard_shows_the_five_latest_decisions_and_says_what_is_late(
    client_de, vide, reunir, decider
):
    ancienne, recente = (reunir(date, is_anterieure=True) for date in ("2024-01-05", "2024-06-01"))
    for rang in range(4):
        decider(ancienne, f"Ancienne {rang}")
    for rang in range(3):
        decider(recente, f"Récente {rang}", echeance=HIER if rang == 1 else None)

    page = client_de("copil").get("/dijon-2024/").content.decode()
    panneau = page[page.index('id="p-decisions"') :]

    assert panneau.count('"code">2024-02-D') == 3
    assert panneau.count('"code">2024-01-D') == 2
    assert "Ancienne 3" in panneau
    assert "Ancienne 1" not in panneau
    assert "1 décision en retard</a>" in panneau
    assert panneau.index("Récente 1") < panneau.index("Récente 2")
    assert panneau.count("Récente 1") == 1


def test_what_is_of_the_demonstration_says_so(client_de):
    reunion = Reunion.objects.get(annee=2025, rang=1)

    page = client_de("lecteur").get(reunion.get_absolute_url()).content.decode()

    assert page.count("Source : DONNÉES DE DÉMONSTRATION") == 1 + reunion.decisions.count()
    assert "réunions, décisions et compléments affichés sont inventés" in page


@pytest.mark.parametrize(
    "adresse", [LISTE, G, f"{G}instances/copil/?annee=2027", "/dijon-2024/", "{reunion}", "{historique}"]
)
def test_pages_ask_as_many_queries_for_1_as_for_3(
    client_de, vide, dijon, reunir, decider, zoe, service, adresse
):
    client, label = client_de("cooperation"), dijon.labels.first()
    reunion = reunir("2027-01-01")
    url = adresse.format(
        reunion=reunion.get_absolute_url(), historique=f"{reunion.get_absolute_url()}historique/"
    )
    nombres, precedente = [], None
    client.get("/aide/")  # the first page of a session writes when it began
    for nb in (1, 2):
        for _ in range(nb):
            precedente = decider(reunion, responsable=zoe, label=label, remplace=precedente)
            decider(reunion, service=service)
            decider(reunir("2027-03-01"), responsable=zoe)
        if nb == 1:
            precedente = decider(reunion, responsable=zoe, label=label, remplace=precedente)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        nombres.append(len(queries))

    assert nombres[0] == nombres[1]


def test_the_history_of_a_meeting_tells_its_decisions_too(client_de, reunir, decider):
    reunion = reunir("2027-06-01")
    decision = decider(reunion, "Ouvrir une crèche")
    decision.etat = "faite"
    decision.save()
    decision.delete()

    page = client_de("caf").get(f"{reunion.get_absolute_url()}historique/").content.decode()

    for texte in (
        "Réunion — Ajout",
        "Décision D01 — Ajout",
        "<del>à faire</del>",
        "Décision D01 — Suppression",
    ):
        assert texte in page


@pytest.mark.parametrize("modele", ["reunion", "decision"])
def test_the_admin_reads_and_writes_nothing(client_de, modele):
    client, objet = client_de("admin"), {"reunion": Reunion, "decision": Decision}[modele].objects.first()
    url = f"/admin/gouvernance/{modele}/"

    assert client.get(url).status_code == client.get(f"{url}{objet.pk}/change/").status_code == 200
    assert client.get(f"{url}add/").status_code == 403
    assert client.post(f"{url}{objet.pk}/change/", {}).status_code == 403
    assert client.post(f"{url}{objet.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("adresse", "phrase"),
    [
        ("/dijon-2024/moyens/?annee=abc", "Cette année n’existe pas"),
        ("/dijon-2024/gouvernance/instances/copil/?annee=1999", "Cette année n’est pas de la convention"),
    ],
)
def test_a_year_that_is_not_understood_is_said(client_de, adresse, phrase):
    client = client_de("cooperation")

    assert phrase in client.get(adresse).content.decode()
    assert phrase not in client.get(adresse.partition("?")[0]).content.decode()


@pytest.mark.parametrize("q", ["%25", "_", "'", "’"])
def test_signs_without_a_word_find_nothing(client_de, q):
    for liste in ("structures", "fiches"):
        page = client_de("cooperation").get(f"/dijon-2024/{liste}/?q={q}").content.decode()
        assert "<strong>0</strong>" in page


def test_the_export_says_the_label_the_point_and_what_replaces_what(
    client_de, vide, dijon, reunir, inscrire, decider
):
    ctg, reunion = dijon.labels.get(nom="CTG"), reunir("2027-01-01")
    ancienne = decider(reunion, "Peindre", point=inscrire(reunion, "Petite enfance"), label=ctg)
    decider(reunir("2027-02-01"), "Repeindre", remplace=ancienne)

    response = client_de("cooperation").get(LISTE, {"export": "csv", "tri": "numero"})
    titres, *lignes = csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";")

    voulus = ("Numéro", "Prise pour", "Point de l’ordre du jour", "Annule et remplace", "Remplacée par")
    assert [tuple(dict(zip(titres, ligne, strict=True))[titre] for titre in voulus) for ligne in lignes] == [
        ("2027-01-D01", "CTG", "Petite enfance", "", "2027-02-D01"),
        ("2027-02-D01", "", "", "2027-01-D01", ""),
    ]
