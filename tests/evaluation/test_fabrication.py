"""Long documents: made once by a worker, followed, given up, kept a day, and for whoever may read what they hold."""

import datetime
import re

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ctg.anonymisation import anonymiser
from ctg.models import Convention, Personne
from ctg.pdf import suivre, write_pdf
from ctg.sujets import sujet_de
from evaluation.edition import Edition
from evaluation.enums import Recette, StatutFabrication
from evaluation.fabrication import AbandonneeError, demander, fabriquer
from evaluation.models import Avancement, Fabrication
from evaluation.reports import collect_bilan
from evaluation.views import fabrications
from fiches.models import FicheProjet
from tests.evaluation.outils import qui, travailler

pytestmark = pytest.mark.django_db
TABLEAU = "/dijon-2024/evaluation/2025/tableau/xlsx/"


@pytest.fixture(autouse=True)
def fichiers(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sans_attendre(monkeypatch, file_d_attente):
    """A request that finds no file says so at once."""
    monkeypatch.setattr(fabrications, "PATIENCE", 0)


@pytest.fixture
def preparer(dijon):
    """preparer() is the row of the live table of 2025, that no worker has."""

    def ajouter(nom="cooperation", **champs):
        now = timezone.now()
        contenu = collect_bilan(dijon, 2025, now=now)
        fabrication, is_a_lancer = demander(dijon, Recette.TABLEAU, Edition(contenu), user=qui(nom), now=now)
        assert is_a_lancer
        for champ, valeur in champs.items():
            setattr(fabrication, champ, valeur)
        fabrication.save()
        return fabrication

    return ajouter


def adresse(page) -> str:
    return re.search(r'href="(/dijon-2024/evaluation/documents/[0-9a-f]{64}/)"', page.content.decode())[1]


def test_the_page_says_how_far_it_is_then_the_address_gives_the_file(client_de, sans_attendre):
    client = client_de("cooperation")

    page = client.get(TABLEAU)
    etat = client.get(f"{adresse(page)}etat/").json()

    assert (page.status_code, etat["statut"]) == (202, "en_attente")
    assert "Votre document se prépare" in page.content.decode()
    assert client.get(adresse(page)).status_code == 202
    travailler()
    assert client.get(f"{adresse(page)}etat/").json() == {
        "statut": "prete",
        "pourcentage": 100,
        "dit": "Votre document est prêt.",
    }
    for url in (adresse(page), TABLEAU):
        fichier = client.get(url)
        assert fichier.status_code == 200
        assert 'filename="tableau-recapitulatif-dijon-2024-2025.xlsx"' in fichier["Content-Disposition"]
        assert b"".join(fichier.streaming_content).startswith(b"PK")


def test_what_many_ask_for_is_made_once(client_de, sans_attendre):
    for _ in range(3):
        for nom in ("cooperation", "petite-enfance"):
            client_de(nom).get(TABLEAU)

    assert (Fabrication.objects.count(), DBTaskResult.objects.count()) == (1, 1)


def test_what_changed_is_another_document(client_de, sans_attendre):
    client = client_de("cooperation")
    client.get(TABLEAU)
    avancement = Avancement.objects.filter(annee=2025).first()
    avancement.realisations = "Autre chose"
    avancement.save()

    client.get(TABLEAU)

    assert Fabrication.objects.count() == 2


def test_it_holds_what_the_person_may_read_and_no_more(client_de, sans_attendre):
    """The Caf does not read entries under way: another content, another document."""
    url = TABLEAU.replace("2025", "2026")
    adresses = {adresse(client_de(nom).get(url)) for nom in ("cooperation", "caf")}

    contenus = list(Fabrication.objects.order_by("pk").values_list("edition", flat=True))
    assert len(adresses) == 2
    assert ["Saisie en cours, pas encore soumise." in contenu for contenu in contenus] == [False, True]


def test_nobody_else_has_it_by_its_address(client_de, sans_attendre):
    url = adresse(client_de("cooperation").get(TABLEAU))
    travailler()

    for nom in ("caf", "copil", "lecteur", "petite-enfance"):
        for suite in ("", "etat/"):
            assert client_de(nom).get(f"{url}{suite}").status_code == 404
        assert client_de(nom).post(f"{url}annuler/").status_code == 404
    assert client_de("cooperation").get(url).status_code == 200


def test_who_asked_gives_it_up_and_the_worker_makes_nothing(client_de, sans_attendre):
    client = client_de("cooperation")
    page = client.get(TABLEAU, headers={"referer": "http://testserver/dijon-2024/fiches/"})
    assert 'href="http://testserver/dijon-2024/fiches/"' in page.content.decode()
    url = adresse(page)
    client_de("petite-enfance").get(TABLEAU)
    client_de("petite-enfance").post(f"{url}annuler/")
    assert client_de("petite-enfance").get(url).status_code == 404
    assert client_de("cooperation").get(url).status_code == 202  # who still waits loses nothing

    client = client_de("cooperation")
    reponse = client.post(f"{url}annuler/", {"retour": "https://ailleurs.example/"})
    travailler()

    assert reponse["Location"] == "/dijon-2024/evaluation/bilans/"
    assert not Fabrication.objects.exists()
    assert client.get(url).status_code == 404


def test_given_up_in_the_middle_it_stops(preparer, monkeypatch):
    fabrication = preparer(recette=Recette.BILAN)

    def render(document, edition):
        Fabrication.objects.all().delete()
        return write_pdf("<html lang='fr'><title>Un</title><body><p>Un</p></body></html>")

    monkeypatch.setattr("evaluation.documents.Document.render", render)
    fabriquer(fabrication.pk)

    assert default_storage.listdir("")[0] == []


def test_steps_go_forward_and_what_follows_them_stops_the_document():
    dits = []
    with suivre(lambda pourcentage, mots: dits.append((pourcentage, mots))):
        write_pdf("<html lang='fr'><title>Un</title><body><p>Un</p></body></html>")
    write_pdf("<html lang='fr'><title>Deux</title><body><p>Deux</p></body></html>")

    pourcentages = [pourcentage for pourcentage, _ in dits]
    assert pourcentages == sorted(pourcentages)
    assert (pourcentages[0], pourcentages[-1]) == (5, 95)
    assert "Mise en page, page 1" in [mots for _, mots in dits]

    def refuser(pourcentage, mots):
        raise AbandonneeError

    with pytest.raises(AbandonneeError), suivre(refuser):
        write_pdf("<html lang='fr'><title>Trois</title><body><p>Trois</p></body></html>")


def test_a_failure_is_said_and_the_next_request_tries_again(client_de, sans_attendre, monkeypatch):
    client = client_de("cooperation")
    url = adresse(client.get(TABLEAU))
    with monkeypatch.context() as casse:
        casse.setattr("evaluation.documents.Document.render", lambda document, edition: 1 / 0)
        travailler()

    page = client.get(url)
    assert page.status_code == 503
    assert "La préparation a échoué." in page.content.decode()
    assert client.get(f"{url}etat/").json()["statut"] == "echouee"
    assert client.get(TABLEAU).status_code == 202
    travailler()
    assert client.get(TABLEAU).status_code == 200


def test_without_a_worker_the_page_says_so_after_a_minute(client_de, sans_attendre, preparer):
    fabrication = preparer()
    url, dits = f"/dijon-2024/evaluation/documents/{fabrication.cle}/etat/", []
    for age in (0, 61):
        fabrication.date_signe = timezone.now() - datetime.timedelta(seconds=age)
        fabrication.save()
        dits.append(client_de("cooperation").get(url).json()["dit"])

    assert ["peut-être arrêté" in dit for dit in dits] == [False, True]


def test_an_anonymisation_deletes_what_was_made(preparer):
    fabriquer(preparer().pk)
    personne = Personne.objects.get(utilisateur=qui("lecteur"))

    anonymiser(sujet_de(personne=personne), au=timezone.localdate(), forcer=True)

    assert not Fabrication.objects.exists()


def test_what_a_dead_worker_had_is_taken_again_once(client_de, sans_attendre, preparer):
    ancienne = timezone.now() - datetime.timedelta(minutes=3)
    fabrication = preparer(statut=StatutFabrication.EN_COURS, date_signe=ancienne)
    url = f"/dijon-2024/evaluation/documents/{fabrication.cle}/"

    for _ in range(3):
        client_de("cooperation").get(f"{url}etat/")
    assert DBTaskResult.objects.count() == 1
    travailler()

    assert client_de("cooperation").get(url).status_code == 200


def test_a_worker_that_is_told_twice_makes_it_once(preparer, monkeypatch):
    fabrication, faites = preparer(), []
    monkeypatch.setattr(
        "evaluation.documents.Document.render", lambda document, edition: faites.append(1) or b"octets"
    )

    for _ in range(2):
        fabriquer(fabrication.pk)

    assert faites == [1]


def test_it_is_kept_a_day_and_its_content_no_longer_than_its_making(
    preparer, client_de, django_capture_on_commit_callbacks
):
    fabrication = preparer()
    fabriquer(fabrication.pk)
    fabrication.refresh_from_db()
    assert (fabrication.edition, default_storage.exists(fabrication.fichier.name)) == ("", True)
    fabrication.date_demande -= datetime.timedelta(days=1, minutes=1)
    fabrication.save()

    with django_capture_on_commit_callbacks(execute=True):
        client_de("cooperation").get(TABLEAU)

    assert not default_storage.exists(fabrication.fichier.name)
    assert not Fabrication.objects.filter(pk=fabrication.pk).exists()


def test_an_address_of_another_convention_is_not_found(preparer, dijon, client_de, sans_attendre):
    fabrication = preparer()
    slug = Convention.objects.create(territoire=dijon.territoire, slug="autre", intitule="Une autre").slug
    fabrication.demandeurs.add(qui("admin"))
    client = client_de("admin")

    assert client.get(f"/dijon-2024/evaluation/documents/{fabrication.cle}/").status_code == 202
    assert client.get(f"/{slug}/evaluation/documents/{fabrication.cle}/").status_code == 404


@pytest.mark.parametrize(("signes", "statut"), [(0, 200), (80_000, 202)])
def test_a_fiche_comes_at_once_unless_there_is_very_much_of_it(client_de, sans_attendre, signes, statut):
    fiche = FicheProjet.objects.get(code="PE-1")
    for champ in ("constat", "description", "publics", "territoire"):
        setattr(fiche, champ, "mot " * (signes // 16))
    fiche.save()

    page = client_de("cooperation").get("/dijon-2024/evaluation/2025/fiches/PE-1/pdf/")

    assert page.status_code == statut
    if statut == 202:
        assert Fabrication.objects.get().nom == "fiche-PE-1-dijon-2024-2025.pdf"
        travailler()
        page = client_de("cooperation").get(adresse(page))
    assert b"".join(page).startswith(b"%PDF")
