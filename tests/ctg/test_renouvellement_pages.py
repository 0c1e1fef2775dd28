"""The three steps: what is typed is kept, what is shown is what is created."""

import pytest

from ctg.models import Brouillon, Convention
from fiches.models import FicheProjet
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
BASE = "/dijon-2024/renouveler/"
IDENTITE = {
    "intitule": "Convention 2028-2031",
    "slug": "dijon-2028",
    "date_debut": "2028-01-01",
    "precision_debut": "annee",
    "numerotation": "par_axe",
}


@pytest.fixture
def client(client_de):
    return client_de("cooperation")


def premiere_etape(client, **champs):
    data = formulaire(client.get(BASE)) | IDENTITE | champs
    return client.post(BASE, data)


def deuxieme_etape(client, dijon, *codes):
    lignes = [
        f"fiches:{pk}"
        for pk in FicheProjet.objects.filter(convention=dijon, code__in=codes).values_list("pk", flat=True)
    ]
    return client.post(f"{BASE}contenu/", {"ligne": lignes, "option": ["texte"]})


def test_the_steps_lead_to_the_new_convention(client, dijon):
    assert premiere_etape(client)["Location"] == f"{BASE}contenu/"
    assert deuxieme_etape(client, dijon, "PE-1")["Location"] == f"{BASE}apercu/"
    page = client.get(f"{BASE}apercu/")
    assert not Convention.objects.filter(slug="dijon-2028").exists()

    response = client.post(f"{BASE}apercu/", {"confirmer": page.context["ouverture"].empreinte})

    assert response["Location"] == "/dijon-2028/reprise/"
    suite = Convention.objects.get(slug="dijon-2028")
    assert (suite.predecesseur, suite.intitule, suite.precision_debut) == (
        dijon,
        "Convention 2028-2031",
        "annee",
    )
    assert [fiche.code for fiche in suite.fiches.all()] == ["PE-1"]
    assert not Brouillon.objects.filter(adresse=f"{BASE}apercu/").exists()
    reste = client.get("/dijon-2028/reprise/").content.decode()
    assert "Signature" in reste
    assert "projet" in reste


def test_what_each_step_was_told_is_kept(client, dijon):
    premiere_etape(client)
    deuxieme_etape(client, dijon, "PE-1")

    assert client.get(BASE).context["form"]["intitule"].value() == "Convention 2028-2031"
    coches = {
        e.nom.partition(" ")[0]
        for s in client.get(f"{BASE}contenu/").context["sections"]
        for racine in s.elements
        for e in racine.tous()
        if e.is_coche
    }
    assert coches == {"PE", "PE-1"}


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"slug": "dijon-2024"}, "a déjà cette adresse"),
        ({"slug": "admin"}, "réservé"),
        ({"slug": "deux mots"}, "lettres"),
        ({"intitule": ""}, "obligatoire"),
        ({"date_debut": "2023-01-01"}, "commence après celle-ci"),
        ({"date_mi_parcours": "2020-01-01"}, "entre le début et la fin"),
        ({"date_fin": "2027-01-01", "precision_fin": "annee"}, "finit avant"),
    ],
)
def test_a_fault_is_said_and_nothing_is_lost(client, champs, dit):
    response = premiere_etape(client, **champs)

    assert response.status_code == 200
    assert dit in response.content.decode()
    assert response.context["form"]["numerotation"].value() == "par_axe"


def test_a_beginning_before_the_end_of_the_old_one_is_only_warned_of(client):
    data = formulaire(client.get(BASE)) | IDENTITE | {"date_debut": "2026-01-01"}

    page = client.post(BASE, data, follow=True).content.decode()

    assert "commence avant la fin de celle-ci" in page


def test_the_second_step_needs_the_first(client):
    assert client.get(f"{BASE}contenu/")["Location"] == BASE
    assert client.post(f"{BASE}apercu/", {"confirmer": "x"})["Location"] == BASE


def test_another_mark_than_what_was_shown_creates_nothing(client, dijon):
    premiere_etape(client)
    deuxieme_etape(client, dijon, "PE-1")

    page = client.post(f"{BASE}apercu/", {"confirmer": "autre"}).content.decode()

    assert "Quelque chose a changé depuis l’aperçu" in page
    assert not Convention.objects.filter(slug="dijon-2028").exists()


def test_giving_up_forgets_the_steps(client, dijon):
    premiere_etape(client)
    deuxieme_etape(client, dijon, "PE-1")

    assert client.post(f"{BASE}apercu/", {"abandonner": "1"})["Location"] == "/dijon-2024/"

    assert client.get(f"{BASE}apercu/")["Location"] == BASE


def test_keys_of_another_convention_take_nothing(client, dijon):
    premiere_etape(client)
    client.post(
        f"{BASE}contenu/", {"ligne": ["fiches:999999", "n’importe quoi", "axes:"], "mandat": ["0", "x"]}
    )

    apercu = client.get(f"{BASE}apercu/").context["ouverture"]

    assert {tableau.nom for tableau, _ in apercu.par_tableau} == {"niveaux", "labels"}


@pytest.mark.parametrize(("nom", "lu"), [("cooperation", True), ("lecteur", False)])
def test_the_dashboard_says_that_it_is_a_draft(client, client_de, compte, dijon, nom, lu):
    from ctg.models import Mandat

    suite = Convention.objects.create(
        territoire=dijon.territoire, slug="dijon-2028", intitule="La suite", predecesseur=dijon
    )
    role = {"cooperation": "charge_cooperation", "lecteur": "lecteur"}[nom]
    Mandat.objects.create(convention=suite, utilisateur=compte(nom), role=role)

    page = client_de(nom).get("/dijon-2028/").content.decode()

    assert "Cette convention est un projet" in page
    assert ("/dijon-2028/reprise/" in page) is lu
