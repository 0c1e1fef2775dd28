"""Who takes part in what: matrix, drawing, movements, what waits for a name, exports."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ctg.models import Convention, Mandat, Organisme
from fiches.models import FicheProjet, Implication
from gouvernance.acteurs import collect_acteurs, comparer
from gouvernance.graphe import dessiner
from gouvernance.models import InstanceGouvernance, Membre

URL = "/dijon-2024/acteurs/"


def fiche(code="PE-1"):
    return FicheProjet.objects.get(code=code)


@pytest.fixture
def maison(dijon):
    organisme = Organisme.objects.create(nom="Éclaireurs de l’Ouche")
    Implication.objects.create(fiche=fiche(), organisme=organisme, role="partenaire")
    Implication.objects.create(fiche=fiche(), organisme=organisme, role="financeur")
    return organisme


def acteur(page, nom):
    return next((a for a in page.context["montres"].acteurs if a.nom == nom), None)


@pytest.mark.parametrize("nom", ["cooperation", "caf", "copil", "lecteur", "petite-enfance"])
def test_whoever_reads_the_convention_reads_its_actors(client_de, maison, nom):
    page = client_de(nom).get(URL)

    assert acteur(page, maison.nom).liens == {fiche().pk: ["financeur", "partenaire"]}
    assert "Éclaireurs de l’Ouche, PE-1 : financeur, partenaire" in page.content.decode()


def test_the_pilot_and_the_signataires_are_there(client_de):
    page = client_de("cooperation").get(URL)
    ville = acteur(page, "Ville de Dijon")

    assert ville.is_signataire
    assert "pilote" in ville.liens[fiche().pk]
    assert all(a.liens or a.is_signataire or a.sieges for a in page.context["montres"].acteurs)


def test_filters_by_words_without_accents_by_role_and_by_axe(client_de, maison):
    client = client_de("cooperation")

    assert [a.nom for a in client.get(URL, {"q": "eclaireurs OUCHE"}).context["montres"].acteurs] == [
        maison.nom
    ]
    financeurs = client.get(URL, {"role": "financeur"})
    assert acteur(financeurs, maison.nom).liens == {fiche().pk: ["financeur"]}
    assert all(a.roles == {"financeur"} for a in financeurs.context["montres"].acteurs)
    jeunesse = client.get(URL, {"axe": "Jeunesse"})
    assert acteur(jeunesse, maison.nom) is None
    assert {c.axe for c in jeunesse.context["montres"].colonnes} == {"Jeunesse"}
    assert "Aucun acteur ne correspond" in client.get(URL, {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("annee", ["1999", "abcd", "20255", "²025"])
def test_a_year_that_is_not_of_the_convention_is_said(client_de, annee):
    page = client_de("cooperation").get(URL, {"annee": annee})

    assert "n’est pas de la convention" in page.content.decode()


def test_seats_and_fiches_are_those_of_the_year(client_de, dijon, maison):
    instance = InstanceGouvernance.objects.filter(convention=dijon).first()
    Membre.objects.create(
        instance_gouvernance=instance,
        ordre=90,
        qualite=Membre.objects.first().qualite,
        fonction="Un siège",
        organisme=Organisme.objects.create(nom="Arrivé en 2026"),
        date_effet=datetime.date(2026, 3, 1),
    )
    Membre.objects.create(
        instance_gouvernance=instance,
        ordre=91,
        qualite=Membre.objects.first().qualite,
        fonction="Un autre",
        organisme=Organisme.objects.create(nom="Parti en 2025"),
        date_fin=datetime.date(2025, 12, 31),
    )
    avant, apres = collect_acteurs(dijon, 2025), collect_acteurs(dijon, 2026)

    assert comparer(avant, apres).arrives == ("Arrivé en 2026",)
    assert comparer(avant, apres).partis == ("Parti en 2025",)
    page = client_de("cooperation").get(URL, {"annee": "2026"}).content.decode()
    assert "Arrivés : Arrivé en 2026." in page
    assert "Depuis" not in client_de("cooperation").get(URL, {"annee": "2024"}).content.decode()


def test_what_nobody_coordinates_is_said(client_de, compte):
    Mandat.objects.filter(utilisateur=compte("petite-enfance")).update(date_fin=timezone.localdate())
    page = client_de("cooperation").get(URL)

    assert "PE – Petite enfance" in " ".join(page.context["a_nommer"].axes_sans)
    assert page.context["a_nommer"].quartiers_sans
    assert "Donner un mandat" in page.content.decode()
    assert "Donner un mandat" not in client_de("copil").get(URL).content.decode()


def test_the_export_is_what_is_shown_and_holds_no_formula(client_de, maison):
    Organisme.objects.filter(pk=maison.pk).update(nom="=1+1 éclaireurs")
    response = client_de("cooperation").get(
        URL, {"export": "csv", "q": "eclaireurs", "axe": "Petite enfance"}
    )

    titres, rang = csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";")
    assert titres[:4] == ["Acteur", "Signataire", "Siège", "PE-1"]
    assert rang[0] == "'=1+1 éclaireurs"
    assert rang[3] == "financeur, partenaire"


def test_the_drawing_has_a_line_for_each_actor_and_fiche(dijon, maison):
    acteurs = collect_acteurs(dijon, 2026)
    graphe = dessiner(acteurs)

    assert len(graphe.traits) == sum(len(a.liens) for a in acteurs.acteurs)
    assert len(graphe.fiches) == 15
    assert {p.nom for p in graphe.acteurs} == {a.nom for a in acteurs.acteurs if a.liens}
    assert dessiner(acteurs.filtrer(texte="zzz")) is None


def test_the_page_costs_the_same_whatever_the_number_of_actors(client_de, maison):
    client = client_de("cooperation")
    client.get(URL)

    def nb():
        with CaptureQueriesContext(connection) as requetes:
            client.get(URL)
        return len(requetes)

    avant = nb()
    for numero in range(40):
        Implication.objects.create(
            fiche=fiche("PE-2"), organisme=Organisme.objects.create(nom=f"Acteur {numero}"), role="associe"
        )
    assert nb() == avant


def test_another_convention_shows_its_own(client_de, dijon, compte, maison):
    autre = Convention.objects.create(territoire=dijon.territoire, slug="autre-2030", intitule="Autre")
    Mandat.objects.create(utilisateur=compte("cooperation"), role="charge_cooperation", convention=autre)

    page = client_de("cooperation").get("/autre-2030/acteurs/")

    assert page.status_code == 200
    assert maison.nom not in page.content.decode()
    assert client_de("copil").get("/autre-2030/acteurs/").status_code == 404


def test_a_day_asks_for_its_year(client_de):
    client = client_de("cooperation")

    assert client.get("/dijon-2024/acteurs/", {"au": "2025-03-01"}).context["annee"] == 2025
    assert client.get("/dijon-2024/acteurs/", {"au": "2025-03-01", "annee": "2024"}).context["annee"] == 2024
