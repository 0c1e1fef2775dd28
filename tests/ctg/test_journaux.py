"""Logs hold no name, no address, no token, nothing that was typed; what goes wrong is still found in them."""

import io
import json
import logging
import os
import subprocess
import sys

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.test import Client
from django.urls import URLPattern, get_resolver

from ctg.invitations import jeton_invitation
from ctg.journaux import Discret, DiscretJson, nettoyer
from ctg.models import Personne
from ctg.signalement import alleger
from tests.test_settings import ROOT, SECRET, run

CORPS = "constat confidentiel"
ADRESSE = "zoe.secret@exemple.fr"
SECRETS = (CORPS, ADRESSE, "zoe.secret", "Zoé Secret", "mot-de-passe-secret")


@pytest.fixture
def journal():
    """What the application's handler writes."""
    [handler] = [h for h in logging.root.handlers if isinstance(h.formatter, Discret)]
    avant, niveau = handler.setStream(sortie := io.StringIO()), logging.root.level
    logging.root.setLevel(logging.DEBUG)
    yield sortie
    logging.root.setLevel(niveau)
    handler.setStream(avant)


@pytest.fixture
def client_500():
    return Client(raise_request_exception=False)


def rien_de(journal, *secrets):
    texte = journal.getvalue()
    assert texte, "nothing was logged: the test proves nothing"
    assert [secret for secret in (*SECRETS, *secrets) if secret in texte] == []
    return texte


def test_a_false_invitation_shows_no_token(db, client, compte, journal):
    jeton = jeton_invitation(compte("lecteur"))
    faux = f"{jeton}x"

    assert client.get(f"/compte/invitation/{faux}/").status_code == 404
    assert client.post(f"/compte/invitation/{faux}/", {"new_password1": SECRETS[-1]}).status_code == 404

    assert "/compte/invitation/[jeton]/" in rien_de(journal, jeton, jeton.split(":")[0])


def test_a_page_not_found_shows_no_query_and_no_address(client, compte, journal):
    client.force_login(compte("lecteur"))

    assert client.get(f"/dijon-2024/{ADRESSE}/", {"q": CORPS, "jeton": ADRESSE}).status_code == 404

    assert "/dijon-2024/[adresse]/" in rien_de(journal)


def test_a_refusal_shows_nothing_of_the_form(client, compte, journal):
    client.force_login(compte("lecteur"))
    data = {"prenom": "Zoé Secret", "email": ADRESSE, "nom": CORPS}

    assert client.post(f"/dijon-2024/personnes/ajouter/?de={ADRESSE}", data).status_code == 403

    assert "/dijon-2024/personnes/ajouter/" in rien_de(journal)


def test_a_forged_form_shows_nothing_of_what_it_held(db, journal):
    client = Client(enforce_csrf_checks=True)
    url = "http://testserver/compte/connexion/"
    referer = f"https://ailleurs.exemple/?jeton={ADRESSE}"

    response = client.post(
        url,
        {"login": ADRESSE, "password": SECRETS[-1]},
        headers={"referer": referer, "origin": f"https://{ADRESSE}"},
    )

    assert response.status_code == 403
    assert "/compte/connexion/" in rien_de(journal)


def test_a_failed_login_shows_neither_the_address_nor_the_password(db, client, compte, journal):
    for email in (ADRESSE, compte("lecteur").email):
        client.post("/compte/connexion/", {"login": email, "password": SECRETS[-1]})
    logging.getLogger("ctg").info("something else")

    rien_de(journal, compte("lecteur").email)


@pytest.mark.parametrize("erreur", [ValueError, IntegrityError, KeyError])
def test_an_error_shows_where_and_nothing_of_what_was_typed(compte, monkeypatch, journal, erreur, client_500):
    """The messages of PostgreSQL repeat whole rows."""

    def save(self, *args, **kwargs):
        try:
            raise DatabaseError(f"Failing row contains ({self.nom}, {self.email})")
        except DatabaseError as cause:
            raise erreur(f"{self.prenom} {self.nom} {self.email}") from cause

    monkeypatch.setattr(Personne, "save", save)
    client_500.force_login(compte("cooperation"))
    data = {"prenom": "Zoé Secret", "email": ADRESSE, "nom": CORPS}
    data |= {"fonctions-TOTAL_FORMS": 0, "fonctions-INITIAL_FORMS": 0, "envoi": ""}

    assert client_500.post("/dijon-2024/personnes/ajouter/", data).status_code == 500

    texte = rien_de(journal)
    assert "Internal Server Error: /dijon-2024/personnes/ajouter/" in texte
    assert "ctg/views/personnes.py" in texte
    assert f"{erreur.__module__}.{erreur.__name__}\n" in texte
    assert texte.index("DatabaseError\n") < texte.index("… puis :") < texte.index(f"{erreur.__name__}\n")


def test_an_error_of_the_installation_keeps_its_message(journal):
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        logging.getLogger("ctg").exception("no database")

    assert "OperationalError: connection refused" in journal.getvalue()


@pytest.mark.parametrize(
    ("ligne", "attendu"),
    [
        ('"GET /a/?q=Zoé HTTP/1.1" 200', '"GET /a/?[…] HTTP/1.1" 200'),
        ("à zoe+ctg@mairie.exemple.fr.", "à [adresse]."),
        ("/x/zoe%40exemple.fr/", "/x/[adresse]/"),
        ("Not Found: /compte/invitation/court/", "Not Found: /compte/invitation/[jeton]/"),
        ("WzEyLCJhYmMiXQ:1tK9aB:xyz-abc_DEF0123456789", "[jeton]"),
        ("/dijon-2024/structures/petite-enfance-et-parentalite-2024/", None),
        ("ctg.views.personnes.PersonneEditView ?", None),
    ],
)
def test_what_a_line_hides_and_what_it_keeps(ligne, attendu):
    assert nettoyer(ligne) == (ligne if attendu is None else attendu)


def test_every_address_with_a_token_is_hidden(compte):
    jeton = jeton_invitation(compte("lecteur"))
    routes = [r for r in _routes(get_resolver()) if ":jeton>" in r or ":token>" in r or ":key>" in r]

    assert [r for r in routes if jeton in nettoyer(f"Not Found: /{r.replace('<str:jeton>', jeton)}")] == []
    assert routes == ["compte/invitation/<str:jeton>/"]  # another one: give it a line above


def _routes(resolver, prefixe=""):
    for pattern in resolver.url_patterns:
        route = prefixe + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern, route)


def test_every_handler_of_the_process_is_discreet():
    """Django's own would print, or mail, whole requests; gunicorn's whole addresses."""
    code = (
        "import logging, sys; logging.getLogger('gunicorn.error').addHandler(logging.StreamHandler())\n"
        "import django; django.setup()\n"
        "from ctg.journaux import Discret\n"
        "tous = {'': logging.root, **logging.root.manager.loggerDict}\n"
        "print([(nom, h) for nom, l in tous.items() for h in getattr(l, 'handlers', ())"
        " if not isinstance(h.formatter, Discret) and not isinstance(h, logging.NullHandler)])"
    )
    env = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "SECRET_KEY": SECRET}
    env["DJANGO_SETTINGS_MODULE"] = "ctg.settings"

    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )

    assert result.stdout.strip() == "[]", result.stderr


def ligne_json(journal_de, *args, **kwargs):
    sortie = io.StringIO()
    handler = logging.StreamHandler(sortie)
    handler.setFormatter(DiscretJson())
    logger = logging.getLogger("essai-json")
    logger.propagate = False
    logger.handlers.clear()
    logger.addHandler(handler)
    journal_de(logger)(*args, **kwargs)
    [ligne] = sortie.getvalue().splitlines()
    return ligne, json.loads(ligne)


def test_as_json_an_event_is_one_line_without_a_name():
    ligne, lu = ligne_json(lambda log: log.warning, "Refusé\r\n2026 INFO faux : %s", ADRESSE)
    assert (lu["niveau"], lu["source"]) == ("WARNING", "essai-json")
    assert lu["message"] == "Refusé\r\n2026 INFO faux : [adresse]"
    assert lu["date"].endswith("+00:00")
    assert ADRESSE not in ligne


def test_as_json_a_traceback_says_where_and_not_what():
    try:
        raise IntegrityError(CORPS)
    except IntegrityError:
        ligne, lu = ligne_json(lambda log: log.exception, "Échec", extra={"status_code": 500})
    assert "test_journaux.py" in lu["trace"]
    assert "IntegrityError" in lu["trace"]
    assert lu["statut"] == 500
    assert CORPS not in ligne


def test_what_is_told_elsewhere_holds_nobody():
    event = {
        "level": "error",
        "user": {"email": ADRESSE},
        "breadcrumbs": [{"message": CORPS}],
        "extra": {"x": CORPS},
        "server_name": "machine",
        "contexts": {"runtime": {"name": "CPython"}, "autre": {"x": CORPS}},
        "request": {
            "url": f"http://ctg/dijon-2024/{ADRESSE}/?q={CORPS}",
            "method": "POST",
            "data": CORPS,
            "headers": {"Cookie": "mot-de-passe-secret"},
        },
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "value": CORPS,
                    "stacktrace": {"frames": [{"function": "f", "vars": {"nom": "Zoé Secret"}}]},
                }
            ]
        },
    }

    dit = json.dumps(alleger(event), ensure_ascii=False)

    assert [secret for secret in (*SECRETS, "machine") if secret in dit] == []
    assert "ValueError" in dit
    assert '"function": "f"' in dit
    assert "http://ctg/dijon-2024/[adresse]/?[…]" in dit


def test_telling_elsewhere_asks_for_its_package():
    code = "import sys; sys.modules['sentry_sdk'] = None\nimport ctg.settings"
    resultat = run(code, SECRET_KEY=SECRET, SENTRY_DSN="http://cle@127.0.0.1:9/1")
    assert resultat.returncode != 0
    assert "SENTRY_DSN demande le paquet sentry-sdk" in resultat.stderr
