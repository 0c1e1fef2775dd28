"""Login, code by mail, second factor, sessions: as a person meets them."""

import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from ctg.mandats import mettre_fin
from ctg.models import Mandat, Utilisateur
from tests.conftest import COMPTES_PAR_NOM
from tests.navigation import formulaire_admin

pytestmark = pytest.mark.django_db
C = "/dijon-2024/"


@pytest.fixture(autouse=True)
def _cache_vide():
    cache.clear()


def entrer(client, nom, mot_de_passe="demo", **extra):
    data = {"login": COMPTES_PAR_NOM[nom], "password": mot_de_passe}
    return client.post("/compte/connexion/", data, **extra)


def test_login_sends_to_the_page_that_was_asked(client):
    response = client.post(
        "/compte/connexion/?next=/dijon-2024/arbre/",
        {"login": COMPTES_PAR_NOM["copil"], "password": "demo", "next": "/dijon-2024/arbre/"},
    )

    assert response["Location"] == "/dijon-2024/arbre/"


@pytest.mark.parametrize(
    "ailleurs", ["//evil.example", "https:evil", "/\\evil", "javascript:alert(1)", "%0d%0aX: y"]
)
def test_login_never_sends_off_the_site(client, ailleurs):
    response = client.post(
        "/compte/connexion/", {"login": COMPTES_PAR_NOM["copil"], "password": "demo", "next": ailleurs}
    )

    assert response.status_code == 302
    adresse = urlsplit(response["Location"])
    assert (adresse.scheme, adresse.netloc) == ("", "")


def test_known_and_unknown_addresses_are_refused_alike(client):
    connue = entrer(client, "copil", "faux")
    inconnue = client.post("/compte/connexion/", {"login": "personne@example.fr", "password": "faux"})

    def fautes(response):
        return response.context["form"].errors

    assert connue.status_code == inconnue.status_code == 200
    assert fautes(connue) == fautes(inconnue)


def test_many_wrong_passwords_close_that_account_only(client):
    for _ in range(5):
        entrer(client, "copil", "faux")

    assert entrer(client, "copil").status_code == 200  # the right one, too late
    assert entrer(client, "lecteur", REMOTE_ADDR="10.0.0.9").status_code == 302


def test_a_code_sent_by_mail_lets_in_once(client, mailoutbox):
    client.post("/compte/code/", {"email": COMPTES_PAR_NOM["lecteur"]})
    [mail] = mailoutbox
    [(html, genre)] = mail.alternatives
    assert genre == "text/html"
    assert re.search(r'class="code">([A-Z0-9-]+)<', html)[1] in mail.body
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.body, re.MULTILINE).group(1)

    assert client.get(C).status_code == 302
    client.post("/compte/code/saisir/", {"code": code})
    assert client.get(C).status_code == 200

    client.post("/compte/deconnexion/")
    client.post("/compte/code/saisir/", {"code": code})
    assert client.get(C).status_code == 302


def test_no_mail_goes_to_an_address_without_account(client, mailoutbox):
    client.post("/compte/code/", {"email": "personne@dijon.fr"})
    client.post("/compte/mot-de-passe/oublie/", {"email": "personne@dijon.fr"})

    assert mailoutbox == []
    assert not Utilisateur.objects.filter(email="personne@dijon.fr").exists()


def test_a_forgotten_password_is_replaced_by_a_code(client, mailoutbox):
    client.post("/compte/mot-de-passe/oublie/", {"email": COMPTES_PAR_NOM["lecteur"]})
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mailoutbox[0].body, re.MULTILINE).group(1)
    client.post("/compte/mot-de-passe/oublie/code/", {"code": code})
    nouveau = "un-nouveau-mot-de-passe-7"
    client.post("/compte/mot-de-passe/oublie/nouveau/", {"password1": nouveau, "password2": nouveau})

    client.post("/compte/deconnexion/")
    assert entrer(client, "lecteur").status_code == 200
    assert entrer(client, "lecteur", nouveau).status_code == 302


@pytest.mark.parametrize("url", ["/compte/inscription/", "/compte/signup/", "/compte/email/"])
def test_nobody_signs_up(client, url):
    assert (
        client.post(url, {"email": "x@dijon.fr", "password1": "abc", "password2": "abc"}).status_code == 404
    )


def vieillir(client, cle, secondes):
    session = client.session
    session[cle] = time.time() - secondes
    session.save()


def test_a_session_left_idle_ends(client_de, settings):
    client = client_de("cooperation")
    client.get(C)
    vieillir(client, "activite", settings.SESSION_INACTIVITE + 1)

    response = client.get(f"{C}arbre/")

    assert response["Location"] == "/compte/connexion/?next=/dijon-2024/arbre/"
    assert client.get(C).status_code == 302


def test_who_logs_out_after_the_end_of_the_session_is_out_and_no_more(client_de, settings):
    client = client_de("cooperation")
    client.get(C)
    vieillir(client, "activite", settings.SESSION_INACTIVITE + 1)

    assert client.post("/compte/deconnexion/")["Location"] == "/compte/connexion/"


def test_an_active_session_still_ends_one_day(client_de, settings):
    client = client_de("cooperation")
    client.get(C)
    vieillir(client, "debut", settings.SESSION_DUREE + 1)

    assert client.get(C).status_code == 302


def test_a_session_is_extended_on_request(client_de, settings):
    client = client_de("cooperation")
    client.get(C)
    vieillir(client, "activite", settings.SESSION_INACTIVITE - 10)

    assert client.post("/compte/session/prolonger/").json() == {
        "reste": settings.SESSION_INACTIVITE,
        "finale": False,
    }
    assert time.time() - client.session["activite"] < 5
    assert client.get("/compte/session/prolonger/").status_code == 405


def test_the_end_of_a_whole_session_is_announced_and_said_as_such(client_de, settings):
    client = client_de("cooperation")
    client.get(C)
    session = client.session
    session["debut"] = time.time() - settings.SESSION_DUREE + 400
    session.save()

    lu = client.post("/compte/session/prolonger/").json()
    assert lu["finale"]
    assert 390 <= lu["reste"] <= 400
    assert "data-session-finale" in client.get(C).content.decode()
    session = client.session
    session["debut"] = time.time() - settings.SESSION_DUREE - 1
    session.save()
    page = client.get(C, follow=True).content.decode()
    assert "elle dure 12 heures au plus. Reconnectez-vous pour continuer." in page
    assert "sans activité" not in page


def test_a_deactivated_account_is_refused_at_its_next_request(client_de, compte):
    client = client_de("cooperation")
    assert client.get(C).status_code == 200
    user = compte("cooperation")
    user.is_active = False
    user.save()

    assert client.get(C).status_code == 302
    assert entrer(client, "cooperation")["Location"] == "/compte/inactif/"


def test_a_session_does_not_live_again_with_its_account(client, compte):
    entrer(client, "jeunesse")
    assert client.get(C).status_code == 200
    user = compte("jeunesse")
    for is_active in (False, True):
        user.is_active = is_active
        user.save()

    assert client.get(C).status_code == 302


def test_a_removed_mandate_is_refused_at_the_next_request(client_de):
    client = client_de("copil")
    assert client.get(C).status_code == 200
    Mandat.objects.get(utilisateur__email=COMPTES_PAR_NOM["copil"]).delete()

    assert client.get(C).status_code == 404


def test_one_sees_and_closes_one_s_other_sessions(client, client_de):
    from django.test import Client

    ailleurs = Client()
    entrer(ailleurs, "copil")
    entrer(client, "copil")
    assert ailleurs.get(C).status_code == 200
    client.get(C)

    assert client.get("/compte/sessions/").status_code == 200
    client.post("/compte/sessions/")

    assert ailleurs.get(C).status_code == 302
    assert client.get(C).status_code == 200


# Second factor ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
def test_in_production_the_sensitive_roles_owe_a_second_factor(client_de, settings, nom):
    settings.SECOND_FACTEUR = True
    response = client_de(nom).get("/", follow=True)

    attendu = nom in {"admin", "cooperation", "caf"}
    assert (response.request["PATH_INFO"] == "/compte/second-facteur/") is attendu


@pytest.mark.parametrize("url", ["/admin/", f"{C}fiches/PE-1/modifier/", f"{C}evaluation/2025/bilan/json/"])
def test_without_it_nothing_else_opens(client_de, settings, url):
    settings.SECOND_FACTEUR = True

    assert client_de("admin").get(url)["Location"] == "/compte/second-facteur/"
    assert client_de("cooperation").post(url)["Location"] == "/compte/second-facteur/"


def code_totp(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_second_factor_is_asked_at_login_and_its_secret_is_not_stored_in_clear(client, compte):
    secret = generate_totp_secret()
    TOTP.activate(compte("cooperation"), secret)
    stored = Authenticator.objects.get(type="totp").data["secret"]

    response = entrer(client, "cooperation")

    assert secret not in stored
    assert response["Location"] == "/compte/second-facteur/authenticate/"
    assert client.get(C).status_code == 302
    client.post("/compte/second-facteur/authenticate/", {"code": code_totp(secret)})
    assert client.get(C).status_code == 200


def test_a_code_of_the_second_factor_serves_once(client, compte):
    secret = generate_totp_secret()
    TOTP.activate(compte("cooperation"), secret)
    code = code_totp(secret)
    entrer(client, "cooperation")
    client.post("/compte/second-facteur/authenticate/", {"code": code})
    client.post("/compte/deconnexion/")
    entrer(client, "cooperation")

    client.post("/compte/second-facteur/authenticate/", {"code": code})

    assert client.get(C).status_code == 302


def test_who_owes_a_second_factor_does_not_remove_the_last_one(client, compte, settings):
    from allauth.mfa.adapter import get_adapter

    TOTP.activate(compte("cooperation"), generate_totp_secret())
    authenticator = Authenticator.objects.get(type="totp")

    assert get_adapter().can_delete_authenticator(authenticator)
    settings.SECOND_FACTEUR = True
    authenticator.refresh_from_db()
    assert not get_adapter().can_delete_authenticator(Authenticator.objects.get(type="totp"))


@pytest.mark.parametrize(
    "url",
    [
        "/compte/connexion/",
        "/compte/code/",
        "/compte/mot-de-passe/oublie/",
        "/accessibilite/",
        "/mentions-legales/",
    ],
)
def test_public_pages_answer_without_login(client, url):
    assert client.get(url).status_code == 200


def test_pages_of_a_person_leave_no_copy_in_the_browser(client_de):
    assert "no-store" in client_de("cooperation").get(C)["Cache-Control"]


def test_an_administrateur_reads_no_secret_and_takes_a_lost_factor_away(client_de, compte):
    facteur = TOTP.activate(compte("caf"), generate_totp_secret()).instance
    url = f"/admin/mfa/authenticator/{facteur.pk}/"
    page = client_de("admin").get(f"{url}change/").content.decode()

    assert facteur.data["secret"] not in page
    assert "secret" not in page
    assert "Compte caf" in page
    assert client_de("admin").post(f"{url}change/", {"data": "{}"}).status_code == 403
    client_de("admin").post(f"{url}delete/", {"post": "yes"})
    assert not Authenticator.objects.filter(pk=facteur.pk).exists()


@pytest.mark.parametrize("nom", ["cooperation", "caf"])
def test_recovery_codes_alone_are_no_second_factor(client_de, compte, settings, nom):
    facteur = TOTP.activate(compte(nom), generate_totp_secret()).instance
    RecoveryCodes.activate(compte(nom))
    client_de("admin").post(f"/admin/mfa/authenticator/{facteur.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.filter(user=compte(nom)).exists()

    RecoveryCodes.activate(compte(nom))
    settings.SECOND_FACTEUR = True
    assert client_de(nom).get(C)["Location"] == "/compte/second-facteur/"


@pytest.mark.parametrize("page", ["account/emailaddress", "usersessions/usersession"])
def test_what_an_administrateur_does_not_touch_has_no_page(client_de, page):
    assert client_de("admin").get(f"/admin/{page}/").status_code == 404


def test_the_address_that_an_account_has_left_opens_it_no_more(client_de, client, compte, mailoutbox):
    lecteur = compte("lecteur")
    EmailAddress.objects.create(user=lecteur, email=lecteur.email, verified=True, primary=True)
    url = f"/admin/ctg/utilisateur/{lecteur.pk}/change/"
    admin = client_de("admin")
    admin.post(url, formulaire_admin(admin.get(url)) | {"email": "nouvelle@exemple.fr"})
    lecteur.refresh_from_db()
    assert lecteur.email == "nouvelle@exemple.fr"

    client.logout()
    client.post("/compte/code/", {"email": "lecteur@demo.invalid"})
    client.post("/compte/mot-de-passe/oublie/", {"email": "lecteur@demo.invalid"})

    assert mailoutbox == []


def test_a_code_asked_for_a_mistyped_address_is_asked_again_for_the_right_one(client, mailoutbox):
    client.post("/compte/code/", {"email": "coipl@demo.invalid"})
    assert client.get("/compte/code/").status_code == 200

    client.post("/compte/code/", {"email": COMPTES_PAR_NOM["copil"]})

    page = client.get("/compte/code/saisir/").content.decode()
    assert COMPTES_PAR_NOM["copil"] in page
    assert mailoutbox[-1].to == [COMPTES_PAR_NOM["copil"]]


def test_the_same_request_of_a_code_sends_one_mail(client, mailoutbox):
    client.get("/compte/code/")
    for _ in range(20):
        page = client.post("/compte/code/", {"email": COMPTES_PAR_NOM["copil"]}, follow=True)

    assert len(mailoutbox) == 1
    assert page.redirect_chain == [("/compte/code/saisir/", 302)]
    assert "Un code vient de partir" in page.content.decode()
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mailoutbox[0].body, re.MULTILINE)[1]
    client.post("/compte/code/saisir/", {"code": code})
    assert client.get(C).status_code == 200


def test_who_tried_too_often_is_told_when_to_come_back(client, mailoutbox):
    client.get("/compte/code/")
    client.post("/compte/code/", {"email": COMPTES_PAR_NOM["copil"]})
    for _ in range(3):
        page = client.post("/compte/code/saisir/", {"code": "FAUX"}, follow=True)

    assert "Attendez cinq minutes, puis recommencez, ou demandez un nouveau code." in page.content.decode()
    client.post("/compte/code/", {"email": COMPTES_PAR_NOM["copil"]})
    assert len(mailoutbox) == 2  # the first code is worth nothing any more


def test_recovery_codes_are_shown_and_a_factor_that_is_owed_is_not_taken_off(client, compte, settings):
    settings.SECOND_FACTEUR = True
    secret = generate_totp_secret()
    TOTP.activate(compte("cooperation"), secret)
    codes = RecoveryCodes.activate(compte("cooperation")).get_unused_codes()
    entrer(client, "cooperation")
    client.post("/compte/second-facteur/authenticate/", {"code": code_totp(secret)})

    adresse = "/compte/second-facteur/recovery-codes/"
    client.post(f"/compte/confirmation/?next={adresse}", {"password": "demo"})
    page = client.get(adresse).content.decode()
    assert all(code in page for code in codes)
    refus = client.post("/compte/second-facteur/totp/deactivate/").content.decode()
    assert "Votre rôle demande un second facteur" in refus
    assert Authenticator.objects.filter(type="totp").exists()


def test_a_second_factor_closes_the_sessions_that_never_gave_one(client, compte, settings):
    settings.SECOND_FACTEUR = True
    voleur = Client()
    entrer(voleur, "cooperation")
    entrer(client, "cooperation")
    client.post("/compte/confirmation/", {"password": "demo"})
    client.get("/compte/second-facteur/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    fait = client.post("/compte/second-facteur/totp/activate/", {"code": code_totp(secret)}).wsgi_request
    facteur = Authenticator.objects.get(user=compte("cooperation"), type="totp")
    # Sent once the transaction is over, which is that of this test.
    authenticator_added.send(Authenticator, request=fait, user=fait.user, authenticator=facteur)

    assert client.get(C).status_code == 200
    assert voleur.get(C)["Location"].startswith("/compte/connexion/")


def test_an_account_is_not_deleted_and_the_last_administrateur_stays(client_de, compte):
    client, admin = client_de("admin"), compte("admin")
    url = f"/admin/ctg/utilisateur/{admin.pk}/"
    assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    data = formulaire_admin(client.get(f"{url}change/"))
    data.pop("is_active")

    page = client.post(f"{url}change/", data).content.decode()

    assert "C’est le dernier administrateur" in page
    assert compte("admin").is_active
    with pytest.raises(ValidationError, match="dernier administrateur"):
        mettre_fin(admin.mandats.get(role="administrateur"), par=admin, au=timezone.localdate())
    mandat = admin.mandats.get(role="administrateur")
    page = client.get(f"{url}change/")
    fin = formulaire_admin(page) | {"mandats-0-date_fin": str(timezone.localdate())}
    assert "C’est le dernier administrateur" in client.post(f"{url}change/", fin).content.decode()
    assert "mandats-0-DELETE" not in page.content.decode()
    assert client.post(f"/admin/ctg/mandat/{mandat.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Mandat.objects.actifs(au=timezone.localdate()).filter(pk=mandat.pk).exists()
