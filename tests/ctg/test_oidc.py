"""Login by OpenID Connect, against a provider that runs here: a signed id_token, a signed userinfo, PKCE."""

import json
import logging
import threading
import time
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as reglages
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import IntegrityError, transaction

from ctg.models import IdentiteExterne, Mandat, Utilisateur
from tests.conftest import COMPTES_PAR_NOM
from tests.ctg.fournisseur_oidc import SUJET, Fournisseur
from tests.ctg.test_comptes import code_totp, entrer
from tests.test_settings import SECRET, run

pytestmark = pytest.mark.django_db
C = "/dijon-2024/"
DEPART, RETOUR = "/compte/oidc/", "/compte/oidc/retour/"


@pytest.fixture
def op(settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    cache.clear()
    with Fournisseur() as serveur:
        fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.01})
        fil.start()
        settings.OIDC_ACTIF = True
        settings.OIDC_OP_ISSUER = serveur.url
        settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{serveur.url}/authorize"
        settings.OIDC_OP_TOKEN_ENDPOINT = f"{serveur.url}/token"
        settings.OIDC_OP_USER_ENDPOINT = f"{serveur.url}/userinfo"
        settings.OIDC_OP_JWKS_ENDPOINT = f"{serveur.url}/jwks"
        settings.OIDC_RP_CLIENT_ID = "ctg"
        settings.OIDC_RP_CLIENT_SECRET = "secret-du-client"
        settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "ctg.oidc.OIDCBackend"]
        yield serveur
        serveur.shutdown()
        fil.join()


@pytest.fixture(autouse=True)
def _journal_muet(caplog):
    """No log names the person, whatever happened."""
    caplog.set_level(logging.DEBUG)
    yield
    journal = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    for secret in ("@", SUJET, "eyJ", "acces-", "secret-du-client"):
        assert secret not in journal


@pytest.fixture
def passer(client, op):
    """The whole way, from our login page and back."""

    def tour(**query):
        depart = client.get(DEPART, query)
        return client.get(RETOUR, op.autoriser(depart["Location"]))

    return tour


def entre(client, nom="copil"):
    return client.session.get("_auth_user_id") == str(Utilisateur.objects.get(email=COMPTES_PAR_NOM[nom]).pk)


def refuse(client, response):
    """Back to the login page, with a message that says what to do; the message is returned."""
    assert (response.status_code, response["Location"]) == (302, "/compte/connexion/")
    [message] = [m for m in get_messages(response.wsgi_request) if m.level_tag == "error"]
    assert "Demandez au chargé de coopération de votre convention une invitation" in str(message)
    assert "_auth_user_id" not in client.session
    assert str(message) in client.get("/compte/connexion/").content.decode()
    return str(message)


# Off -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [DEPART, RETOUR, f"{RETOUR}?code=a&state=b"])
def test_without_a_provider_these_addresses_lead_nowhere(client, url):
    assert reglages.OIDC_ACTIF is False
    assert client.get(url).status_code == 404
    assert "ProConnect" not in client.get("/compte/connexion/").content.decode()


ENV = {
    "SECRET_KEY": SECRET,
    "OIDC_RP_CLIENT_ID": "ctg",
    "OIDC_OP_ISSUER": "https://op.example",
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "https://op.example/authorize",
    "OIDC_OP_TOKEN_ENDPOINT": "https://op.example/token",
    "OIDC_OP_USER_ENDPOINT": "https://op.example/userinfo",
    "OIDC_OP_JWKS_ENDPOINT": "https://op.example/jwks",
}
ETAT = "from ctg import settings as s; print(s.OIDC_ACTIF, *s.AUTHENTICATION_BACKENDS)"
ALLAUTH = "allauth.account.auth_backends.AuthenticationBackend"


def test_the_environment_turns_it_on():
    assert run(ETAT, SECRET_KEY=SECRET).stdout.split() == ["False", ALLAUTH]
    assert run(ETAT, **ENV).stdout.split() == ["True", ALLAUTH, "ctg.oidc.OIDCBackend"]


@pytest.mark.parametrize("manque", [nom for nom in ENV if nom.startswith("OIDC_OP_") and "AUTHOR" not in nom])
def test_a_provider_described_by_half_is_refused(manque):
    result = run(ETAT, **ENV | {manque: ""})

    assert result.returncode != 0
    assert "OpenID Connect" in result.stderr


# In --------------------------------------------------------------------------------------------------


def test_the_login_page_offers_it_and_keeps_the_page_that_was_asked(client, op):
    page = client.get("/compte/connexion/?next=/dijon-2024/arbre/").content.decode()

    assert 'href="/compte/oidc/?next=%2Fdijon-2024%2Farbre%2F"' in page


def test_what_is_asked_of_the_provider(client, op):
    adresse = urlsplit(client.get(DEPART)["Location"])
    params = dict(parse_qsl(adresse.query))

    assert f"{adresse.scheme}://{adresse.netloc}{adresse.path}" == f"{op.url}/authorize"
    assert params["scope"] == "openid email given_name usual_name"
    assert params["response_type"] == "code"
    assert params["redirect_uri"] == f"http://testserver{RETOUR}"
    assert len(params["nonce"]) == len(params["state"]) == 32


def test_first_by_the_address_then_by_the_subject(client, op, passer):
    op.personne["email"] = COMPTES_PAR_NOM["copil"].upper()

    assert passer()["Location"] == "/"
    assert entre(client)
    identite = IdentiteExterne.objects.get()
    assert (identite.utilisateur.email, identite.emetteur, identite.sujet) == (
        COMPTES_PAR_NOM["copil"],
        op.url,
        SUJET,
    )
    assert client.get(C).status_code == 200

    client.post("/compte/deconnexion/")
    passer()
    assert entre(client)
    assert IdentiteExterne.objects.count() == 1


@pytest.mark.parametrize("email", ["nouvelle@dijon.example", COMPTES_PAR_NOM["cooperation"], None])
def test_a_changed_address_is_still_the_same_account(client, op, passer, email):
    passer()
    client.post("/compte/deconnexion/")
    op.personne["email"] = email

    passer()

    assert entre(client)
    assert Utilisateur.objects.get(pk=client.session["_auth_user_id"]).email == COMPTES_PAR_NOM["copil"]


def test_one_arrives_on_the_page_that_was_asked_and_nowhere_else(client, passer):
    assert passer(next="/dijon-2024/arbre/")["Location"] == "/dijon-2024/arbre/"
    client.post("/compte/deconnexion/")
    assert passer(next="https://evil.example/")["Location"] == "/"


def test_a_provider_that_does_not_sign_its_userinfo_is_read_too(client, op, passer):
    op.brut["/userinfo"] = (200, "application/json", json.dumps(op.personne))

    passer()

    assert entre(client)


def test_the_second_factor_is_still_asked(client, op, passer, compte):
    secret = generate_totp_secret()
    TOTP.activate(compte("cooperation"), secret)
    op.personne["email"] = COMPTES_PAR_NOM["cooperation"]

    response = passer(next="/dijon-2024/arbre/")

    assert response["Location"] == "/compte/second-facteur/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get(C).status_code == 302
    response = client.post("/compte/second-facteur/authenticate/", {"code": code_totp(secret)})
    assert response["Location"] == "/dijon-2024/arbre/"
    assert entre(client, "cooperation")


def test_a_sensitive_role_still_owes_a_second_factor(client, op, passer, settings):
    settings.SECOND_FACTEUR = True
    op.personne["email"] = COMPTES_PAR_NOM["cooperation"]
    passer()

    assert client.get(C)["Location"] == "/compte/second-facteur/"


def test_a_password_still_lets_in_and_never_asks_the_provider(client, op):
    depart = client.get(DEPART)
    params = urlencode(op.autoriser(depart["Location"]))

    assert (
        client.post(
            f"/compte/connexion/?{params}", {"login": COMPTES_PAR_NOM["copil"], "password": "faux"}
        ).status_code
        == 200
    )
    assert op.demandes == 0
    assert entrer(client, "copil").status_code == 302


# Not in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email",
    [
        "personne@" + COMPTES_PAR_NOM["copil"].partition("@")[2],
        "cop\u0131l@" + COMPTES_PAR_NOM["copil"].partition("@")[2],
        COMPTES_PAR_NOM["copil"] + " ",
        "%",
        "",
        None,
        ["copil"],
        "\x00",
    ],
)
def test_an_unknown_address_opens_nothing(client, op, passer, email):
    comptes, mandats = Utilisateur.objects.count(), Mandat.objects.count()
    op.personne["email"] = email

    assert "Aucun compte actif" in refuse(client, passer())
    assert (Utilisateur.objects.count(), Mandat.objects.count()) == (comptes, mandats)
    assert not IdentiteExterne.objects.exists()


def test_an_inactive_account_stays_closed(client, op, passer, compte):
    copil = compte("copil")
    copil.is_active = False
    copil.save()
    refuse(client, passer())
    assert not IdentiteExterne.objects.exists()

    IdentiteExterne.objects.create(utilisateur=copil, emetteur=op.url, sujet=SUJET)
    assert "Aucun compte actif" in refuse(client, passer())


def test_an_account_closed_during_the_session_is_refused_at_its_next_request(client, passer, compte):
    passer()
    assert client.session["_auth_user_backend"] == "ctg.oidc.OIDCBackend"
    assert client.get(C).status_code == 200
    copil = compte("copil")
    copil.is_active = False
    copil.save()

    assert client.get(C).status_code == 302


def test_another_subject_does_not_take_an_account_by_its_address(client, op, passer):
    passer()
    client.post("/compte/deconnexion/")
    op.personne["sub"] = "un-autre-sujet"

    assert "Aucun compte actif" in refuse(client, passer())
    assert IdentiteExterne.objects.count() == 1


def test_a_subject_is_only_known_at_its_issuer(client, op, passer, compte):
    IdentiteExterne.objects.create(
        utilisateur=compte("cooperation"), emetteur="https://ailleurs", sujet=SUJET
    )

    passer()

    assert entre(client, "copil")


def test_the_database_holds_one_account_by_identity_and_one_identity_by_issuer(compte):
    IdentiteExterne.objects.create(utilisateur=compte("copil"), emetteur="e", sujet="s")

    for nom, sujet in (("cooperation", "s"), ("copil", "t")):
        with pytest.raises(IntegrityError), transaction.atomic():
            IdentiteExterne.objects.create(utilisateur=compte(nom), emetteur="e", sujet=sujet)


@pytest.mark.parametrize("ou", ["id_token", "userinfo"])
@pytest.mark.parametrize(("valeur", "admis"), [(False, False), ("false", False), (True, True)])
def test_an_address_that_the_provider_did_not_verify_is_refused(client, op, passer, ou, valeur, admis):
    getattr(op, ou)["email_verified"] = valeur
    response = passer()

    if admis:
        assert entre(client)
    else:
        refuse(client, response)


# Not to be trusted -----------------------------------------------------------------------------------

FAUX = {
    "nonce": ("id_token", {"nonce": "un-autre"}),
    "no nonce": ("id_token", {"nonce": None}),
    "audience": ("id_token", {"aud": "un-autre-client"}),
    "no audience": ("id_token", {"aud": None}),
    "authorised party": ("id_token", {"aud": ["ctg", "autre"], "azp": "autre"}),
    "issuer": ("id_token", {"iss": "https://op.example"}),
    "no issuer": ("id_token", {"iss": None}),
    "expired": ("id_token", {"exp": 1_700_000_000}),
    "no expiry": ("id_token", {"exp": None}),
    "subject": ("id_token", {"sub": "un-autre-sujet"}),
    "no subject": ("id_token", {"sub": None}),
    "userinfo's subject": ("userinfo", {"sub": "un-autre-sujet"}),
    "userinfo's audience": ("userinfo", {"aud": "un-autre-client"}),
    "userinfo's issuer": ("userinfo", {"iss": "https://op.example"}),
    "long subject": ("personne", {"sub": "s" * 256}),
}


@pytest.mark.parametrize("cas", FAUX)
def test_a_claim_that_is_not_for_this_login_is_refused(client, op, passer, cas):
    ou, claims = FAUX[cas]
    getattr(op, ou).update(claims)

    refuse(client, passer())
    assert not IdentiteExterne.objects.exists()


@pytest.mark.parametrize("jeton", ["cle_id_token", "cle_userinfo"])
def test_a_signature_by_another_key_is_refused(client, op, passer, jeton):
    setattr(op, jeton, "autre")

    refuse(client, passer())


def test_a_signature_by_the_shared_secret_is_refused(client, op, passer):
    op.alg = "HS256"

    refuse(client, passer())


def test_a_state_that_was_not_given_here_is_refused(client, op):
    params = op.autoriser(client.get(DEPART)["Location"])

    refuse(client, client.get(RETOUR, params | {"state": "un-autre"}))
    assert op.demandes == 0


def test_a_state_given_to_another_browser_is_refused(client, op):
    from django.test import Client

    params = op.autoriser(Client().get(DEPART)["Location"])

    refuse(client, client.get(RETOUR, params))
    assert op.demandes == 0


def test_a_state_serves_once(client, op):
    params = op.autoriser(client.get(DEPART)["Location"])
    client.get(RETOUR, params)
    assert entre(client)
    demandes = op.demandes
    client.post("/compte/deconnexion/")
    client.get(DEPART)

    refuse(client, client.get(RETOUR, params))
    assert op.demandes == demandes


@pytest.mark.parametrize(
    "params", [{}, {"code": "x"}, {"state": "x"}, {"error": "access_denied"}, {"error": "x", "state": "y"}]
)
def test_a_return_without_what_is_needed_is_refused(client, op, params):
    refuse(client, client.get(RETOUR, params))


def test_who_gives_up_at_the_provider_cannot_use_that_state_again(client, op):
    params = op.autoriser(client.get(DEPART)["Location"])
    refuse(client, client.get(RETOUR, {"error": "access_denied", "state": params["state"]}))

    refuse(client, client.get(RETOUR, params))


def test_a_false_return_does_not_log_anybody_out(client_de, op):
    client = client_de("copil")
    client.get(RETOUR, {"error": "x"})
    client.get(RETOUR, {"code": "x", "state": "y"})

    assert entre(client)


def test_the_provider_is_down(client, op, settings):
    params = op.autoriser(client.get(DEPART)["Location"])
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:1/token"

    assert "Recommencez" in refuse(client, client.get(RETOUR, params))


@pytest.mark.parametrize("chemin", ["/token", "/jwks", "/userinfo"])
@pytest.mark.parametrize(
    "reponse",
    [
        (500, "text/html", "erreur pour copil@example.fr"),
        (400, "application/json", '{"error": "invalid_grant"}'),
        (200, "application/json", "{"),
        (200, "application/json", "[]"),
        (200, "application/json", "null"),
        (200, "application/json", "{}"),
        (200, "application/json", '{"keys": [{"kid": "k1"}], "id_token": "a.b.c", "sub": 1}'),
        (200, "application/json", "[" * 100_000),
        (200, "application/jwt", "eyJ.x.y"),
    ],
)
def test_the_provider_answers_anything(client, op, passer, chemin, reponse):
    op.brut[chemin] = reponse

    refuse(client, passer())


def test_the_provider_takes_too_long(client, op, settings, monkeypatch):
    params = op.autoriser(client.get(DEPART)["Location"])
    monkeypatch.setattr(op, "repondre_cles", lambda: time.sleep(0.5) or {})
    settings.OIDC_TIMEOUT = 0.1

    refuse(client, client.get(RETOUR, params))


def test_the_provider_is_given_ten_seconds():
    assert reglages.OIDC_TIMEOUT == 10
