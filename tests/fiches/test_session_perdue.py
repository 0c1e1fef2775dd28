"""A form that comes back without its session, or with another's: its text is given back to its author, and to no other."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from ctg import brouillons
from ctg.envois import signer_envoi
from ctg.models import Brouillon, Mandat
from fiches.models import FicheProjet
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
MODIFIER = "/dijon-2024/fiches/PE-1/modifier/"
SAISIE = "/dijon-2024/evaluation/2025/saisie/PE-1/"
PAGES = [(MODIFIER, "constat"), (SAISIE, "avancement-realisations")]
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def navigateur(compte):
    """A browser whose forms are checked for their CSRF token, logged in as that account."""

    def ouvrir(nom):
        client = Client(enforce_csrf_checks=True)
        client.force_login(compte(nom))
        return client

    return ouvrir


def lire(client, url):
    """The form of the page as a browser would send it, with its CSRF token."""
    page = client.get(url)
    jeton = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    return formulaire(page) | {"csrfmiddlewaretoken": jeton}


@pytest.mark.parametrize(("url", "champ"), PAGES)
@pytest.mark.parametrize("perdus", [("sessionid",), ("sessionid", "csrftoken")])
def test_what_is_sent_without_its_session_is_given_back_after_login(navigateur, url, champ, perdus):
    client = navigateur("cooperation")
    data = lire(client, url) | {champ: "Écrit trop tard"}
    for cookie in perdus:
        del client.cookies[cookie]

    page = client.post(url, data, follow=True)

    assert page.redirect_chain == [(f"/compte/connexion/?next={url}", 302)]
    assert "Votre session a pris fin" in page.content.decode()
    assert "est gardé" in page.content.decode()
    page = navigateur("cooperation").get(url)
    assert formulaire(page)[champ] == "Écrit trop tard"
    assert "Votre brouillon du" in page.content.decode()


def test_another_account_never_sees_it(navigateur):
    client = navigateur("cooperation")
    data = lire(client, MODIFIER) | {"constat": "Écrit trop tard"}
    del client.cookies["sessionid"]
    client.post(MODIFIER, data)

    page = navigateur("petite-enfance").get(MODIFIER)

    assert formulaire(page)["constat"] != "Écrit trop tard"
    assert "Votre brouillon du" not in page.content.decode()


@pytest.mark.parametrize(
    "envoi",
    [
        "",
        "x",
        "00000000-0000-4000-8000-000000000000",
        "ailleurs",
        "ancien",
    ],
)
def test_a_form_that_does_not_prove_whose_it_is_is_not_kept(navigateur, compte, envoi):
    client, user, now = navigateur("cooperation"), compte("cooperation"), timezone.now()
    envoi = {
        "ailleurs": signer_envoi(user, SAISIE, now=now),
        "ancien": signer_envoi(user, MODIFIER, now=now - brouillons.HORS_SESSION_DUREE * 2),
    }.get(envoi, envoi)
    data = lire(client, MODIFIER) | {"constat": "Forgé", "envoi": envoi}
    client.cookies.clear()

    response = client.post(MODIFIER, data, follow=True)

    assert response.redirect_chain == [(f"/compte/connexion/?next={MODIFIER}", 302)]
    assert "Forgé" not in response.content.decode()
    assert not Brouillon.objects.exists()


def test_a_closed_account_keeps_nothing(navigateur, compte):
    client = navigateur("cooperation")
    data = lire(client, MODIFIER) | {"constat": "Trop tard"}
    client.cookies.clear()
    user = compte("cooperation")
    user.is_active = False
    user.save()

    client.post(MODIFIER, data)

    assert not Brouillon.objects.exists()


def test_the_script_is_told_that_the_session_is_over_and_that_the_text_is_kept(navigateur):
    client = navigateur("cooperation")
    data = lire(client, MODIFIER) | {"constat": "Écrit trop tard", "brouillon": "1"}
    client.cookies.clear()

    response = client.post(MODIFIER, data, headers=FETCH)

    assert (response.status_code, response.json()["garde"]) == (401, True)
    assert response.json()["connexion"] == "/compte/connexion/"
    assert formulaire(navigateur("cooperation").get(MODIFIER))["constat"] == "Écrit trop tard"


def test_what_comes_without_session_is_bounded_in_number_and_gives_its_text_back(navigateur, monkeypatch):
    monkeypatch.setattr(brouillons, "HORS_SESSION_MAX", 1)
    client = navigateur("cooperation")
    deux = [lire(client, MODIFIER) | {"constat": f"Texte n° {n}"} for n in (1, 2)]
    client.cookies.clear()
    client.post(MODIFIER, deux[0])

    response = client.post(MODIFIER, deux[1])

    assert Brouillon.objects.count() == 1
    assert (response.status_code, "Texte n° 2" in response.content.decode()) == (409, True)


def test_what_nobody_came_back_for_is_purged(navigateur):
    client = navigateur("cooperation")
    une, autre = lire(client, MODIFIER), lire(client, MODIFIER)
    client.cookies.clear()
    client.post(MODIFIER, une | {"constat": "Ancien"})
    Brouillon.objects.update(updated_at=timezone.now() - brouillons.HORS_SESSION_DUREE * 2)

    client.post(MODIFIER, autre | {"constat": "Récent"})

    assert [b.donnees["constat"] for b in Brouillon.objects.all()] == [["Récent"]]


# The token of the page is not the session's ------------------------------------------------------------


def test_a_form_older_than_the_login_is_kept_and_not_saved(navigateur):
    client = navigateur("cooperation")
    data = lire(client, MODIFIER) | {"constat": "Écrit avant de se reconnecter"}
    client.cookies = navigateur("cooperation").cookies

    page = client.post(MODIFIER, data, follow=True)

    assert page.redirect_chain == [(MODIFIER, 302)]
    assert FicheProjet.objects.get(code="PE-1").constat != "Écrit avant de se reconnecter"
    assert formulaire(page)["constat"] == "Écrit avant de se reconnecter"
    assert "Rien n’est encore enregistré : cette page datait" in page.content.decode()


def test_the_script_of_an_older_page_takes_the_new_token_and_goes_on(navigateur):
    client = navigateur("cooperation")
    data = lire(client, MODIFIER) | {"constat": "Écrit avant de se reconnecter"}
    client.cookies = navigateur("cooperation").cookies

    lu = client.post(MODIFIER, data | {"brouillon": "1"}, headers=FETCH).json()
    client.post(MODIFIER, data | {"csrfmiddlewaretoken": lu["csrf"]})

    assert FicheProjet.objects.get(code="PE-1").constat == "Écrit avant de se reconnecter"


def test_a_forged_form_overwrites_no_draft(navigateur):
    client = navigateur("cooperation")
    client.post(MODIFIER, lire(client, MODIFIER) | {"constat": "Le mien", "brouillon": "1"}, headers=FETCH)

    for envoi in ("", "x", lire(navigateur("petite-enfance"), MODIFIER)["envoi"]):
        client.post(MODIFIER, {"constat": "Forgé", "envoi": envoi})

    assert formulaire(client.get(MODIFIER))["constat"] == "Le mien"


def test_a_page_of_another_account_waits_for_that_account(navigateur):
    client = navigateur("cooperation")
    data = lire(client, MODIFIER) | {"constat": "Du premier compte"}
    client.cookies = navigateur("petite-enfance").cookies

    page = client.post(MODIFIER, data, follow=True)
    reponse = client.post(MODIFIER, data | {"brouillon": "1"}, headers=FETCH)

    assert "ouvert par un autre compte" in page.content.decode()
    assert formulaire(page)["constat"] != "Du premier compte"
    assert (reponse.status_code, "csrf" in reponse.json()) == (403, False)
    assert formulaire(navigateur("cooperation").get(MODIFIER))["constat"] == "Du premier compte"


# Leaving -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("url", "champ"), PAGES)
def test_a_draft_is_given_up_from_its_page(navigateur, url, champ):
    client = navigateur("cooperation")
    avant = lire(client, url)
    client.post(url, avant | {champ: "En cours", "brouillon": "1"}, headers=FETCH)
    page = client.get(url)
    assert re.search(r'<button[^>]*form="formulaire"[^>]*name="abandonner"', page.content.decode())

    page = client.post(url, lire(client, url) | {"abandonner": "1"}, follow=True)

    assert formulaire(page)[champ] == avant[champ]
    assert not Brouillon.objects.exists()


@pytest.mark.parametrize(("url", "champ"), PAGES)
def test_leaving_keeps_the_draft_or_gives_it_up(navigateur, url, champ):
    client = navigateur("cooperation")
    data = lire(client, url) | {champ: "En cours"}
    texte = client.get(url).content.decode()
    sortie = re.search(r'name="abandonner" value="(/[^"]+)"', texte)[1]
    assert f'name="brouillon" value="{sortie}"' in texte

    assert client.post(url, data | {"brouillon": sortie})["Location"] == sortie
    assert formulaire(client.get(url))[champ] == "En cours"
    data = lire(client, url)
    assert client.post(url, data | {"abandonner": sortie})["Location"] == sortie
    assert formulaire(client.get(url))[champ] != "En cours"
    assert client.post(url, data | {"brouillon": "1"}, headers=FETCH).status_code == 409


@pytest.mark.parametrize("ailleurs", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_leaving_never_sends_off_the_site(navigateur, ailleurs):
    client = navigateur("cooperation")

    response = client.post(MODIFIER, lire(client, MODIFIER) | {"abandonner": ailleurs})

    assert response["Location"] == MODIFIER


def test_what_its_author_came_back_for_is_a_draft_like_the_others(navigateur):
    client = navigateur("cooperation")
    data = lire(client, MODIFIER) | {"constat": "Écrit trop tard"}
    client.cookies.clear()
    client.post(MODIFIER, data)
    assert Brouillon.objects.get().is_hors_session

    navigateur("cooperation").get(MODIFIER)

    assert not Brouillon.objects.get().is_hors_session


SANS_BROUILLON = [
    (
        "/dijon-2024/fiches/PE-1/avenant/",
        {"intitule": "Un intitulé neuf", "motif_avenant": "Décidé au COPIL"},
    ),
    ("/dijon-2024/fiches/PE-1/supprimer/", {"action": "clore", "motif": "Décidé au COPIL de juin"}),
    ("/dijon-2024/personnes/ajouter/", {"prenom": "Paul", "nom": "De La Tour", "email": "paul@exemple.fr"}),
]


@pytest.mark.parametrize(("url", "data"), SANS_BROUILLON)
@pytest.mark.parametrize("fin", ["perdue", "inactive", "fermee"])
def test_a_page_without_draft_gives_the_text_back_when_its_session_is_over(client_de, compte, url, data, fin):
    client = client_de("cooperation")
    assert client.get(url).status_code == 200
    if fin == "perdue":
        client.cookies.clear()
    elif fin == "inactive":
        session = client.session
        session["activite"] = session["debut"] = 0
        session.save()
    else:
        user = compte("cooperation")
        user.is_active = False
        user.save()

    response = client.post(url, data, headers={"Origin": "http://testserver"})

    page = response.content.decode()
    assert response.status_code == 409
    for nom, texte in data.items():
        assert (f">{texte}</textarea>" in page) is (nom != "action")
    assert "est gardé" not in page


def test_another_site_makes_ours_show_nothing(client):
    data = {"motif": "Votre compte est bloqué, appelez-nous", "password": "un mot de passe"}

    for origine in ({}, {"Origin": "https://ailleurs.example"}):
        response = client.post("/dijon-2024/fiches/PE-1/supprimer/", data, headers=origine)
        assert response.status_code == 302
    rendu = client.post("/dijon-2024/fiches/PE-1/supprimer/", data, headers={"Origin": "http://testserver"})
    assert "Votre compte est bloqué" in rendu.content.decode()
    assert "un mot de passe" not in rendu.content.decode()


@pytest.mark.parametrize("perdu", ["fiche", "mandat"])
def test_what_is_typed_on_what_one_loses_meanwhile_is_given_back(client_de, dijon, perdu):
    client = client_de("petite-enfance")
    data = formulaire(client.get(MODIFIER)) | {"constat": "Un constat de dix lignes"}
    if perdu == "fiche":
        FicheProjet.objects.filter(code="PE-1").update(date_fin="2026-01-01")
    else:
        Mandat.objects.filter(utilisateur__email="petite-enfance@demo.invalid").delete()

    response = client.post(MODIFIER, data, headers={"Origin": "http://testserver"})

    page = response.content.decode()
    assert response.status_code == (403 if perdu == "fiche" else 404)
    assert ">Un constat de dix lignes</textarea>" in page
    dit = "La fiche PE-1 est close depuis le" if perdu == "fiche" else "n’est plus dans votre périmètre"
    assert dit in page


def test_saved_without_a_change_it_writes_no_line(client_de):
    client, avant = client_de("cooperation"), FicheProjet.historique.count()

    assert client.post(MODIFIER, formulaire(client.get(MODIFIER))).status_code == 302

    assert FicheProjet.historique.count() == avant


def test_the_draft_of_a_fiche_that_was_closed_meanwhile_is_given_back(client_de):
    client = client_de("petite-enfance")
    page = formulaire(client.get(MODIFIER))
    client.post(MODIFIER, page | {"constat": "Un brouillon gardé", "modifies": "constat", "brouillon": "1"})
    FicheProjet.objects.filter(code="PE-1").update(date_fin="2026-01-01")

    response = client.get(MODIFIER)

    assert response.status_code == 403
    assert ">Un brouillon gardé</textarea>" in response.content.decode()
    assert "Un brouillon" not in client_de("cooperation").get(MODIFIER).content.decode()
