"""Heavy pages read the copy of the database, all that is written or asked about rights is in the database itself."""

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError, connection, connections

from ctg import replique
from ctg.models import Mandat, Utilisateur
from ctg.replique import ALIAS, COOKIE, EcritureMiddleware, lire_ailleurs
from ctg.sauvegarde.services import restaurer, sauvegarder
from evaluation.models import Campagne, Fabrication
from fiches.models import FicheProjet

ICI, LA_BAS = "Écrit dans la base", "Lu dans la copie"
RECHERCHE = "/dijon-2024/recherche/?q=constellation"


@pytest.fixture
def copie(donnees_partagees, ailleurs, tmp_path, monkeypatch):
    """A copy that is late: PE-1 has another title there than in the database."""
    sauvegarder(tmp_path / "s.zip", storage=FileSystemStorage(tmp_path / "fichiers"))
    base = ailleurs()
    restaurer(tmp_path / "s.zip", connection=base, storage=FileSystemStorage(tmp_path / "la-bas"))
    for nom, titre in (("default", ICI), (base.alias, LA_BAS)):
        fiche = FicheProjet.objects.using(nom).get(code="PE-1", date_fin=None)
        FicheProjet.objects.using(nom).filter(pk=fiche.pk).update(
            intitule=f"{titre} constellation", recherche=f"{titre.lower()} constellation"
        )
    monkeypatch.setattr(replique, "_muette", {"jusqu_a": 0.0})
    monkeypatch.setitem(connections.settings, ALIAS, connections.settings[base.alias])
    setattr(connections._connections, ALIAS, base)
    alias, base.alias = base.alias, ALIAS
    yield base
    base.alias = alias
    delattr(connections._connections, ALIAS)


def dit(page) -> tuple[bool, bool]:
    """Whether the page says what the database has, and what the copy has."""
    texte = page.content.decode()
    return ICI in texte, LA_BAS in texte


@pytest.mark.parametrize(
    "adresse", [RECHERCHE, "/dijon-2024/evaluation/2025/tableau/", "/dijon-2024/fiches/?export=csv"]
)
def test_heavy_pages_read_the_copy_and_the_others_the_database(copie, client_de, adresse):
    client = client_de("cooperation")
    assert dit(client.get(adresse)) == (False, True)
    assert dit(client.get("/dijon-2024/fiches/PE-1/")) == (True, False)
    assert dit(client.get("/dijon-2024/fiches/")) == (True, False)


def test_who_has_just_written_reads_it(copie, client_de):
    client = client_de("cooperation")
    reponse = EcritureMiddleware(lambda request: client.get("/aide/"))(client.post("/").wsgi_request)
    assert reponse.cookies[COOKIE]["max-age"] == replique.RETARD
    assert reponse.cookies[COOKIE]["httponly"]
    client.cookies[COOKIE] = "1"
    assert dit(client.get(RECHERCHE)) == (True, False)


def test_a_right_that_was_removed_is_refused_at_once(copie, client_de, compte):
    client = client_de("lecteur")
    assert client.get(RECHERCHE).status_code == 200
    Mandat.objects.filter(utilisateur=compte("lecteur")).delete()
    assert Mandat.objects.using(ALIAS).filter(utilisateur=compte("lecteur").pk).exists()
    assert client.get(RECHERCHE).status_code == 404


def test_what_is_written_inside_goes_to_the_database(copie, dijon):
    with lire_ailleurs():
        campagne = Campagne.objects.get(convention=dijon, annee=2025)
        assert campagne._state.db == ALIAS
        campagne.consigne = "Écrit"
        campagne.save()
        assert Utilisateur.objects.first()._state.db == "default"
        assert Fabrication.objects.db == "default"
    assert Campagne.objects.get(pk=campagne.pk).consigne == "Écrit"
    assert Campagne.objects.using(ALIAS).get(pk=campagne.pk).consigne == ""


def test_a_copy_that_does_not_answer_is_done_without(copie, client_de, monkeypatch):
    essais = []

    def muette():
        essais.append(1)
        raise OperationalError("connection refused")

    client = client_de("cooperation")
    copie.ensure_connection = muette
    assert dit(client.get(RECHERCHE)) == (True, False)
    assert dit(client.get(RECHERCHE)) == (True, False)
    assert len(essais) == 1  # not asked again at each page


def test_without_a_copy_nothing_changes(client_de, db):
    assert ALIAS not in connections.settings
    client = client_de("cooperation")
    assert client.get(RECHERCHE).status_code == 200
    client.post("/dijon-2024/vues/", {})
    assert COOKIE not in client.cookies
    assert connection.alias == "default"
