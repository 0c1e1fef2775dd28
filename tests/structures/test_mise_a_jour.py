"""The line of an annexe keeps the text as signed; the page, the list and the search of the structure say today's fact."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ctg.models import Avenant, Organisme
from structures.inscriptions import annuler, changer
from structures.mise_a_jour import reporter
from structures.models import Inscription, Structure
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
LISTE = "/dijon-2024/structures/"
NEUFS = {"nom": "Crèche des Lilas", "adresse": "3 rue des Lilas, 21 240 Talant", "gestionnaire": "VYV"}


@pytest.fixture
def ligne():
    return Inscription.objects.get(structure__code="a2-01")


@pytest.fixture
def page(ligne):
    return f"{LISTE}{ligne.structure_id}/"


def avenant(dijon, jour, numero=1):
    return Avenant.objects.create(convention=dijon, numero=numero, date_effet=jour)


def saisie(client, page, **champs):
    """The form of the line, an avenant in force."""
    avant = formulaire(client.get(f"{page}inscription/"))
    return avant | {"action": "changer", "numero": "1", "date_effet": "2026-06-01"} | champs


def test_the_page_shows_before_and_after_then_the_structure_follows(client_de, ligne, page):
    client = client_de("cooperation")
    data = saisie(client, page, **NEUFS)

    relue = client.post(f"{page}inscription/", data)

    assert [(e.titre, e.avant, e.apres) for e in relue.context["ecarts"]] == [
        ("nom", "Multi-accueil Balzac", "Crèche des Lilas"),
        ("adresse", "25 Rue Balzac, 21000 Dijon", "3 rue des Lilas, 21240 Talant"),
        ("gestionnaire", "Ville de Dijon", "VYV"),
    ]
    assert 'id="id_reporter" value="1" checked' in relue.content.decode()
    assert not Avenant.objects.exists()
    assert formulaire(relue)["nom"] == "Crèche des Lilas"

    client.post(f"{page}inscription/", data | {"relu": relue.context["relu"], "reporter": "1"})

    structure = Structure.objects.get(pk=ligne.structure_id)
    assert (structure.nom, structure.adresse, structure.code_postal, structure.commune) == (
        "Crèche des Lilas",
        "3 rue des Lilas",
        "21240",
        "Talant",
    )
    assert structure.gestionnaire.nom == "VYV"
    assert structure.source == "Annexe 2 ; Avenant n° 1"
    assert "avenant" in structure.historique.latest().history_change_reason.casefold()
    ligne.refresh_from_db()
    assert ligne.nom == "Multi-accueil Balzac"


def test_what_is_not_wanted_is_left_and_the_page_of_the_structure_offers_it(client_de, ligne, page):
    client = client_de("cooperation")
    data = saisie(client, page, nom="Crèche des Lilas")
    relu = client.post(f"{page}inscription/", data).context["relu"]

    suite = client.post(f"{page}inscription/", data | {"relu": relu}, follow=True).content.decode()

    assert Structure.objects.get(pk=ligne.structure_id).nom == "Multi-accueil Balzac"
    assert "La ligne en vigueur de l’annexe dit autre chose" in suite
    suite = client.post(f"{page}inscription/", {"action": "reporter"}, follow=True).content.decode()
    assert "<h1>Crèche des Lilas</h1>" in suite
    assert "dit autre chose" not in suite


def test_what_was_read_again_otherwise_is_shown_again(client_de, page):
    client = client_de("cooperation")
    data = saisie(client, page, nom="Crèche des Lilas")
    relu = client.post(f"{page}inscription/", data).context["relu"]

    encore = client.post(f"{page}inscription/", data | {"relu": relu, "nom": "Crèche du Lac"})

    assert [e.apres for e in encore.context["ecarts"]] == ["Crèche du Lac"]
    assert not Avenant.objects.exists()


def test_a_gestionnaire_that_is_not_known_is_said_and_left(client_de, ligne, page):
    client = client_de("cooperation")
    data = saisie(client, page, gestionnaire="Association du Lac")

    relue = client.post(f"{page}inscription/", data)
    assert "aucun organisme ne s’appelle « Association du Lac »" in relue.content.decode()
    client.post(f"{page}inscription/", data | {"relu": relue.context["relu"], "reporter": "1"})

    structure = Structure.objects.get(pk=ligne.structure_id)
    assert structure.gestionnaire.nom == "Ville de Dijon"
    assert "Mettre la fiche à jour" not in client.get(page).content.decode()
    Organisme.objects.create(nom="Association du Lac")
    assert "Mettre la fiche à jour" in client.get(page).content.decode()


def test_an_avenant_to_come_is_announced_and_changes_nothing_yet(client_de, dijon, ligne, page):
    demain = timezone.localdate() + datetime.timedelta(days=1)
    suite = changer(ligne.pk, avenant(dijon, demain), {"nom": "Crèche des Lilas"})

    lue = client_de("lecteur").get(page).content.decode()

    assert "nom « Crèche des Lilas »" in lue
    assert "<h1>Multi-accueil Balzac</h1>" in lue
    with pytest.raises(ValidationError, match="n’est pas en vigueur aujourd’hui"):
        reporter(suite.pk, au=timezone.localdate())


def test_both_names_are_found_in_the_list_and_the_search(client_de, dijon, ligne):
    def trouves(mots):
        lus = client_de("lecteur").get(LISTE, {"q": mots}).context["object_list"]
        return [structure.code for structure in lus]

    suite = changer(ligne.pk, avenant(dijon, datetime.date(2026, 6, 1)), {"nom": "Crèche des Lilas"})
    assert trouves("creche lilas") == trouves("accueil balzac") == ["a2-01"]  # signed, not yet followed
    reporter(suite.pk, au=datetime.date(2026, 6, 1))
    assert trouves("creche lilas") == trouves("accueil balzac") == ["a2-01"]
    annuler(suite.pk, motif="Erreur")
    assert trouves("creche lilas") == []


def test_what_the_avenant_does_not_change_is_left(dijon, ligne):
    Structure.objects.filter(pk=ligne.structure_id).update(adresse="25 bis rue Balzac")
    suite = changer(ligne.pk, avenant(dijon, datetime.date(2026, 6, 1)), {"nom": "Crèche des Lilas"})

    reporter(suite.pk, au=datetime.date(2026, 6, 1))

    structure = Structure.objects.get(pk=ligne.structure_id)
    assert (structure.nom, structure.adresse) == ("Crèche des Lilas", "25 bis rue Balzac")


def test_undone_the_structure_says_what_it_said(dijon, ligne):
    avant = Structure.objects.values("nom", "adresse", "code_postal", "commune", "gestionnaire", "source")
    avant = avant.get(pk=ligne.structure_id)
    suite = changer(ligne.pk, avenant(dijon, datetime.date(2026, 6, 1)), NEUFS)
    reporter(suite.pk, au=datetime.date(2026, 6, 1))

    assert annuler(suite.pk, motif="Mauvaise structure")

    structure = Structure.objects.filter(pk=ligne.structure_id)
    assert structure.values(*avant).get() == avant
    ligne.refresh_from_db()
    assert (ligne.date_fin, ligne.motif_fin) == (None, "")
    assert not Inscription.objects.filter(pk=suite.pk).exists()
    assert (
        structure.get().historique.latest().history_change_reason == "Changement annulé : Mauvaise structure"
    )


def test_undone_after_the_structure_was_changed_since_it_keeps_what_it_says(dijon, ligne):
    suite = changer(ligne.pk, avenant(dijon, datetime.date(2026, 6, 1)), NEUFS)
    reporter(suite.pk, au=datetime.date(2026, 6, 1))
    structure = Structure.objects.get(pk=ligne.structure_id)
    structure.nom = "Crèche du Lac"
    structure.rectifier("Coquille")
    structure.save()

    assert not annuler(suite.pk, motif="Erreur")

    structure.refresh_from_db()
    assert structure.nom == "Crèche du Lac"
