"""The screens of the watch: what they say, and to whom."""

import re

import pytest
from django.urls import reverse

from ctg.models import Convention
from evaluation.models import NoteVeille, SerieSociale, Seuil
from fiches.models import Axe, FicheProjet
from tests.evaluation.veille.fichiers import csv, deposer, ecrites
from tests.structures.fichiers import confirmer

pytestmark = pytest.mark.django_db
VEILLE = "/dijon-2024/veille/"
LISENT_TOUT = ("cooperation", "caf", "referent", "quartier", "admin")
LISENT_LE_PUBLIC = ("copil", "lecteur", "signataire")


@pytest.mark.parametrize("nom", [*LISENT_TOUT, *LISENT_LE_PUBLIC])
def test_series_of_published_data_are_everybodys_and_the_others_the_teams(client_de, nom):
    client, tout = client_de(nom), nom in LISENT_TOUT

    liste = client.get(VEILLE).content.decode()
    page = client.get(f"{VEILLE}series/jeunes-suivis/")

    assert "Enfants de moins de 3 ans" in liste
    assert ("Jeunes de 16 à 25 ans" in liste) is tout
    assert page.status_code == (200 if tout else 403)
    assert ("dépasse 38" in liste) is tout  # alerts are the team's
    assert ("Notes des quartiers" in liste) is tout


@pytest.mark.parametrize("nom", LISENT_LE_PUBLIC)
def test_no_alert_and_no_note_on_the_page_of_a_public_series(client_de, nom):
    page = client_de(nom).get(f"{VEILLE}series/familles-monoparentales/").content.decode()

    assert "Part des familles monoparentales" in page
    assert "Seuils d’alerte" not in page
    assert "Des gardes en horaires décalés" not in page


def test_the_page_of_a_series_says_every_figure_its_source_and_its_coverage(client_de):
    page = client_de("caf").get(f"{VEILLE}series/scolarises-2-ans/").content.decode()

    assert "<title>Centre–ville, par année</title>" in page
    assert "Sans valeur\u00a0: 2024-2025" in page  # said to who does not see the drawing
    assert "8 sur 9" in page
    assert page.count("Source : producteur de démonstration") >= 3
    assert page.count("DONNÉES DE DÉMONSTRATION") >= 3


def test_withheld_and_missing_are_not_written_the_same(client_de):
    page = client_de("caf").get(f"{VEILLE}series/jeunes-suivis/").content.decode()

    [universite] = re.findall(r"<tr><th scope=.row.>Université</th>(.*?)</tr>", page, re.DOTALL)[:1]
    assert (universite.count("non diffusée"), universite.count("manquante")) == (5, 0)
    assert "2 non diffusés" in page

    page = client_de("caf").get(f"{VEILLE}series/scolarises-2-ans/").content.decode()
    [centre] = re.findall(r"<tr><th scope=.row.>Centre–ville</th>(.*?)</tr>", page, re.DOTALL)[:1]
    assert (centre.count("non diffusée"), centre.count("manquante")) == (0, 1)


@pytest.mark.parametrize(
    ("filtre", "attendues"),
    [
        ("q=MONOPARENTALES", {"familles-monoparentales"}),
        ("theme=Jeunesse", {"jeunes-suivis"}),
        ("q=%25", set()),
        ("producteur=producteur+de+d%C3%A9monstration&theme=Familles", {"familles-monoparentales"}),
    ],
)
def test_the_list_is_narrowed(client_de, filtre, attendues):
    page = client_de("cooperation").get(f"{VEILLE}?{filtre}")

    assert {serie.code for serie in page.context["series"]} == attendues


def test_the_axe_of_a_series_or_of_its_fiche_narrows_the_list(client_de, dijon):
    axe = Axe.objects.get(convention=dijon, code="PE")

    page = client_de("cooperation").get(f"{VEILLE}?axe={axe.pk}")

    assert {serie.code for serie in page.context["series"]} == {"enfants-moins-3", "places-pour-100"}


def test_the_list_leaves_as_a_table_of_what_is_shown(client_de):
    contenu = client_de("cooperation").get(f"{VEILLE}?export=csv&theme=Familles").content.decode("utf-8-sig")

    titres, ligne = contenu.strip().splitlines()
    assert titres.split(";")[:3] == ["Code", "Série", "Unité"]
    assert ligne.split(";")[0] == "familles-monoparentales"
    assert "9 sur 9" in ligne


def test_a_fiche_shows_the_series_of_its_own_and_of_its_axes(client_de):
    page = client_de("cooperation").get("/dijon-2024/fiches/PE-2/").content.decode()
    assert "Contexte : la veille sociale" in page
    assert "Places d’accueil pour 100 enfants" in page
    assert "(axe PE)" in page
    assert "elles ne mesurent pas l’effet de la fiche" in page

    page = client_de("cooperation").get("/dijon-2024/fiches/JEU-1/").content.decode()
    assert "Contexte : la veille sociale" not in page


def test_the_fiche_says_the_alert_of_a_series_of_its_axe_to_the_team_alone(client_de):
    assert "1 alerte" in client_de("caf").get("/dijon-2024/fiches/AVS-2/").content.decode()
    assert "1 alerte" not in client_de("lecteur").get("/dijon-2024/fiches/AVS-2/").content.decode()


def test_the_tree_shows_the_context_of_its_axes_today(client_de):
    page = client_de("lecteur").get("/dijon-2024/arbre/").content.decode()
    assert "Le contexte des axes" in page
    assert "Enfants de moins de 3 ans" in page

    assert (
        "Le contexte des axes"
        not in client_de("lecteur").get("/dijon-2024/arbre/?au=2025-03-01").content.decode()
    )


@pytest.mark.parametrize(("nom", "lit"), [("cooperation", True), ("caf", True), ("copil", False)])
def test_the_dashboard_of_the_team_says_the_alerts(client_de, nom, lit):
    page = client_de(nom).get("/dijon-2024/").content.decode()

    assert ("Grésilles, 2025" in page) is lit


def test_a_series_is_added_filled_watched_linked(client_de, dijon):
    client = client_de("cooperation")
    champs = {
        "intitule": "Naissances",
        "code": "naissances",
        "nature": "effectif",
        "unite": "naissances",
        "periode": "annee",
        "cumul": "somme",
    }
    client.post(f"{VEILLE}ajouter/", champs)
    serie = SerieSociale.objects.get(code="naissances")
    assert not serie.is_publique  # nobody asked for it

    page = deposer(client, csv(("Quartier", "2023", "2024"), ("Dijon", "10", "12")), serie="naissances")
    confirmer(client, page)
    assert ecrites(serie) == {("Dijon", "2023"): "10", ("Dijon", "2024"): "12"}

    seuil = {"portee": "ville", "nature": "hausse", "valeur": "15,5", "nb_periodes": "1"}
    client.post(f"{VEILLE}series/naissances/seuils/ajouter/", seuil)
    page = client.get(f"{VEILLE}series/naissances/").content.decode()
    assert "+20\u202f% depuis 2023" in page

    fiche = FicheProjet.objects.get(convention=dijon, code="JEU-1")
    client.post(f"{VEILLE}series/naissances/liens/", {"fiches": [fiche.pk]})
    assert list(serie.fiches.all()) == [fiche]
    assert SerieSociale.historique.filter(code="naissances").count() >= 2

    client.post(f"{VEILLE}series/naissances/seuils/{Seuil.objects.get(serie=serie).pk}/retirer/")
    assert not serie.seuils.exists()


def test_a_series_of_another_convention_is_not_found(client_de, dijon):
    autre = Convention.objects.create(territoire=dijon.territoire, slug="dijon-2028", intitule="La suivante")
    SerieSociale.objects.create(convention=autre, code="ailleurs", intitule="D’ailleurs", is_publique=True)

    assert client_de("cooperation").get(f"{VEILLE}series/ailleurs/").status_code == 404


def test_the_search_of_everything_finds_series_and_notes(client_de):
    page = client_de("caf").get("/dijon-2024/recherche/?q=monoparentales").content.decode()
    assert "/veille/series/familles-monoparentales/" in page

    assert (
        "Des gardes en horaires"
        in client_de("caf").get("/dijon-2024/recherche/?q=horaires+decales").content.decode()
    )
    assert (
        "horaires décalés"
        not in client_de("copil").get("/dijon-2024/recherche/?q=horaires+decales").content.decode()
    )


def test_an_empty_watch_says_how_to_begin(client_de):
    NoteVeille.objects.all().delete()
    for serie in SerieSociale.objects.all():
        serie.observations.all().delete()
        serie.delete()

    assert (
        "Commencez par « Séries prêtes à l’emploi »" in client_de("cooperation").get(VEILLE).content.decode()
    )
    assert "Aucune série ne vous est encore ouverte" in client_de("lecteur").get(VEILLE).content.decode()
    assert (
        "Aucune note n’est encore écrite"
        in client_de("quartier").get(reverse("veille:notes", args=["dijon-2024"])).content.decode()
    )
