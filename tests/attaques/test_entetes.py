"""Headers of every answer, errors and files included; errors that show nothing but a reference that the log holds."""

import datetime
import io
import logging
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ctg.journaux import Discret
from ctg.models import Convention
from tests.matrice import TABLE, url_de

REFERENCE = re.compile(r"Référence à donner à l’administrateur : ([0-9a-f]{8})<")
TRACE = re.compile(r"Traceback|site-packages|/ctg/views|Exception|DEBUG|settings", re.IGNORECASE)


@pytest.fixture
def client_500(db):
    return Client(raise_request_exception=False)


@pytest.fixture
def journal():
    [handler] = [h for h in logging.root.handlers if isinstance(h.formatter, Discret)]
    avant = handler.setStream(sortie := io.StringIO())
    yield sortie
    handler.setStream(avant)


def casser(monkeypatch):
    def page(self, **kwargs):
        raise ValueError("secret de la panne")

    monkeypatch.setattr("ctg.views.pages.MentionsView.get_context_data", page)


def demander(quoi, client, monkeypatch, settings):
    if quoi == 400:
        return client.get("/mentions-legales/", headers={"host": "a b"})
    if quoi == 403:
        return client.get("/dijon-2024/parametres/")
    if quoi == 404:
        return client.get("/rien/")
    if quoi == 405:
        return client.put("/mentions-legales/")
    if quoi == 413:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        return client.post("/dijon-2024/fiches/PE-1/modifier/", {"constat": "é" * 1000})
    casser(monkeypatch)
    return client.get("/mentions-legales/")


def sur(response, *, https=False):
    entetes = response.headers
    politique = entetes["Content-Security-Policy"]
    assert "unsafe" not in politique
    if "sandbox" in politique:
        assert politique == "default-src 'none'; sandbox; frame-ancestors 'none'"
    else:
        for directive in (
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ):
            assert directive in politique
    assert entetes["X-Content-Type-Options"] == "nosniff"
    assert entetes["X-Frame-Options"] == "DENY"
    assert entetes["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert entetes["Cross-Origin-Opener-Policy"] == "same-origin"
    assert entetes["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in entetes["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in entetes
    assert ("Strict-Transport-Security" in entetes) is https


@pytest.mark.parametrize("quoi", [400, 403, 404, 405, 413, 500])
def test_errors_have_their_headers_a_french_page_and_a_reference_that_the_log_holds(
    client_500, compte, monkeypatch, settings, journal, quoi
):
    client_500.force_login(compte("lecteur" if quoi == 403 else "cooperation"))

    response = demander(quoi, client_500, monkeypatch, settings)

    assert response.status_code == quoi
    sur(response)
    page = response.content.decode()
    assert not TRACE.search(page)
    assert "secret de la panne" not in page
    if quoi != 405:
        assert '<html lang="fr">' in page
        assert f"[réf. {REFERENCE.search(page)[1]}]" in journal.getvalue()


def test_a_bad_host_is_refused_in_french(client_500, settings, journal):
    settings.ALLOWED_HOSTS = ["ctg.exemple.fr"]

    response = client_500.get("/compte/connexion/", headers={"host": "autre.exemple.fr"})

    assert response.status_code == 400
    sur(response)
    assert "Cette demande n’a pas pu être lue" in response.content.decode()
    assert f"[réf. {REFERENCE.search(response.content.decode())[1]}]" in journal.getvalue()


def test_a_bad_host_is_refused_before_one_is_sent_to_https(client_500, settings):
    """Django's own middleware of security is the one that refuses, and answers without its headers."""
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["ctg.exemple.fr"], True

    response = client_500.get("/", headers={"host": "autre.exemple.fr"})

    assert response.status_code == 400
    sur(response)


def test_each_request_has_its_own_reference(client_500):
    pages = [client_500.get("/rien-du-tout.php").content.decode() for _ in range(2)]

    assert len({REFERENCE.search(page)[1] for page in pages}) == 2


@pytest.mark.parametrize(
    "url", ["/healthz", "/compte/connexion/", "/static/ctg/ctg.css", "/static/rien.css", "/"]
)
def test_headers_without_a_session(client_500, url):
    sur(client_500.get(url))


def test_over_https_the_browser_is_told_to_stay(client_500, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000

    for url in ("/healthz", "/static/ctg/ctg.css", "/rien-du-tout.php", "/"):
        response = client_500.get(url, secure=True)
        sur(response, https=True)
        assert response["Strict-Transport-Security"] == "max-age=31536000"


LEGERS = (
    "ctg:home",
    "ctg:dashboard",
    "ctg:couleur",
    "evaluation:grille_cellule",
    "veille:liens",
    "session_prolonger",
)


@pytest.mark.parametrize("nom", LEGERS)
def test_headers_of_pages_and_of_what_they_ask_for(client_de, nom):
    sur(client_de("cooperation").get(url_de(nom, TABLE[nom].kwargs)))


@pytest.mark.parametrize(
    "nom", ["evaluation:tableau_csv", "structures:importer_modele", "structures:annexes_document"]
)
def test_a_download_is_no_page_of_ours(client_de, nom):
    response = client_de("cooperation").get(url_de(nom, TABLE[nom].kwargs))

    sur(response)
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.usefixtures("dessin_rapide")
def test_the_logo_is_an_image_or_nothing(client_de, dijon):
    dijon.logo.save("x.png", SimpleUploadedFile("x.png", b"<svg onload=alert(1)>"), save=False)
    Convention.objects.filter(pk=dijon.pk).update(
        logo=dijon.logo.name
    )  # no history: a file put there by hand

    response = client_de("lecteur").get("/dijon-2024/logo/")

    assert response["Content-Type"] in {"image/png", "image/jpeg"}
    assert "sandbox" in response["Content-Security-Policy"]
    sur(response)


def test_there_is_no_list_of_files_and_no_source(client_500):
    for url in (
        "/static/",
        "/static/ctg/",
        "/media/",
        "/.git/config",
        "/.env",
        "/var/db.sqlite3",
        "/static/../.env",
    ):
        assert client_500.get(url).status_code in {302, 404}, url
        assert client_500.get(url, follow=True).status_code in {200, 404}


@pytest.mark.parametrize(
    ("contact", "ligne"),
    [
        ("dpo@exemple.fr", "Contact: mailto:dpo@exemple.fr"),
        ("https://exemple.fr/contact", "Contact: https://exemple.fr/contact"),
        ("", None),
        ("La mairie, place de la Libération", None),
        ("dpo@exemple.fr\nContact: mailto:autre@exemple.fr", None),
    ],
)
def test_to_whom_a_fault_is_told(client_500, settings, contact, ligne):
    settings.CONTACT, settings.ADRESSE = contact, "https://ctg.exemple.fr"

    response = client_500.get("/.well-known/security.txt")

    assert response.status_code == (200 if ligne else 404)
    if ligne:
        lignes = response.content.decode().splitlines()
        assert lignes[0] == ligne
        assert "Canonical: https://ctg.exemple.fr/.well-known/security.txt" in lignes
        [fin] = [li.removeprefix("Expires: ") for li in lignes if li.startswith("Expires: ")]
        assert (
            timezone.now()
            < datetime.datetime.fromisoformat(fin)
            < timezone.now() + datetime.timedelta(days=365)
        )
