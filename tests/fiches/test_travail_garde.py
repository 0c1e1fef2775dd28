"""Nobody's work lost: drafts, two people on one fiche, the same form received twice."""

import time
from html import unescape

import pytest
from django.test import Client

from ctg.fusion import Champ, fusionner
from ctg.models import Brouillon
from fiches.models import Etape, FicheProjet
from tests.navigation import formulaire, formulaire_admin

MODIFIER = "/dijon-2024/fiches/PE-1/modifier/"
LONG = "Un texte de l’autre,\nqu’il ne faut pas perdre."  # a browser sends it with CRLF


@pytest.fixture
def deux(compte):
    """Two people who opened the same fiche at the same moment: (client, form data) of each."""

    def ouvrir(nom):
        client = Client()
        client.force_login(compte(nom))
        return client, formulaire(client.get(MODIFIER))

    return ouvrir("cooperation"), ouvrir("petite-enfance")


def fiche():
    return FicheProjet.objects.get(code="PE-1")


def test_changes_of_different_fields_both_succeed(deux):
    (une, data), (autre, data_autre) = deux
    autre.post(MODIFIER, data_autre | {"description": LONG, "priorite": "moyenne"})

    page = une.post(MODIFIER, data | {"constat": "Mon constat"}, follow=True).content.decode()

    assert (fiche().constat, fiche().description, fiche().priorite) == ("Mon constat", LONG, "moyenne")
    assert "Pendant ce temps, Compte petite-enfance a modifié : Priorité, Description" in page


@pytest.mark.parametrize(
    ("choix", "attendu"), [("leur", LONG), ("mien", "Mon texte"), ("texte", "Les deux, réunis.")]
)
def test_the_same_field_is_shown_three_times_and_chosen(deux, choix, attendu):
    (une, data), (autre, data_autre) = deux
    avant = fiche().description
    autre.post(MODIFIER, data_autre | {"description": LONG})

    response = une.post(MODIFIER, data | {"description": "Mon texte", "publics": "Les familles"})
    page = response.content.decode()

    assert fiche().description == LONG
    assert "Compte petite-enfance a enregistré cette fiche" in page
    assert [c.cle for c in response.context["fusion"].conflits] == [("", "", "description")]
    assert (LONG in page, "Mon texte" in page, avant[:40] in page or not avant) == (True, True, True)
    data = formulaire(response) | {"choix-description": choix, "texte-description": "Les deux, réunis."}
    page = une.post(MODIFIER, data, follow=True).content.decode()
    assert (fiche().description, fiche().publics) == (attendu, "Les familles")
    assert ("Tout est réuni" in page) is (choix == "leur")  # what one replaced is not said to be there


def test_a_choice_made_on_a_text_that_moved_again_is_asked_again(deux):
    (une, data), (autre, data_autre) = deux
    autre.post(MODIFIER, data_autre | {"description": LONG})
    response = une.post(MODIFIER, data | {"description": "Mon texte"})
    choix = formulaire(response) | {"choix-description": "mien"}
    autre.post(MODIFIER, formulaire(autre.get(MODIFIER)) | {"description": "Encore autre chose"})

    response = une.post(MODIFIER, choix)

    assert fiche().description == "Encore autre chose"
    assert "Encore autre chose" in response.content.decode()


def test_rows_are_merged_too(deux):
    (une, data), (autre, data_autre) = deux
    assert int(data["etapes-INITIAL_FORMS"]) >= 2
    nb = fiche().etapes.count()
    autre.post(
        MODIFIER,
        data_autre | {"etapes-0-intitule": "Changée par l’autre", f"etapes-{nb}-intitule": "Ajoutée"},
    )

    une.post(
        MODIFIER, data | {"etapes-1-intitule": "Changée par moi", f"etapes-{nb}-intitule": "Ajoutée aussi"}
    )

    intitules = set(fiche().etapes.values_list("intitule", flat=True))
    assert {"Changée par l’autre", "Changée par moi", "Ajoutée", "Ajoutée aussi"} <= intitules
    assert len(intitules) == nb + 2


@pytest.mark.parametrize(("choix", "reste"), [("mien", True), ("leur", False)])
def test_a_row_that_the_other_removed_while_i_changed_it_is_asked(deux, choix, reste):
    (une, data), (autre, data_autre) = deux
    autre.post(MODIFIER, data_autre | {"etapes-0-DELETE": "on"})

    response = une.post(MODIFIER, data | {"etapes-0-intitule": "Encore utile"})
    [conflit] = response.context["fusion"].conflits
    une.post(MODIFIER, formulaire(response) | {f"choix-{conflit.nom}": choix})

    assert fiche().etapes.filter(intitule="Encore utile").exists() is reste


def test_a_row_that_i_remove_while_the_other_changed_it_is_asked(deux):
    (une, data), (autre, data_autre) = deux
    pk = data["etapes-0-id"]
    autre.post(MODIFIER, data_autre | {"etapes-0-intitule": "Changée par l’autre"})

    response = une.post(MODIFIER, data | {"etapes-0-DELETE": "on"})
    [conflit] = response.context["fusion"].conflits
    assert Etape.objects.filter(pk=pk).exists()
    une.post(MODIFIER, formulaire(response) | {f"choix-{conflit.nom}": "mien"})

    assert not Etape.objects.filter(pk=pk).exists()


def test_a_change_by_another_door_moves_the_form(deux):
    (une, data), _ = deux
    etape = fiche().etapes.order_by("ordre", "pk").first()
    etape.intitule = "Changée par une commande"
    etape.save()

    response = une.post(MODIFIER, data | {"etapes-0-intitule": "Changée par moi"})

    assert [c.leur.affichage for c in response.context["fusion"].conflits] == ["Changée par une commande"]


@pytest.mark.parametrize(
    ("base", "leur", "mien", "attendu"),
    [
        ("a", "a", "a", "a"),
        ("a", "b", "a", "b"),
        ("a", "a", "c", "c"),
        ("a", "b", "b", "b"),
        ("a", "b", "c", None),
        (None, "a", "c", None),
        (None, "a", "a", "a"),
    ],
)
def test_merging_of_one_field(base, leur, mien, attendu):
    cle = ("", "", "constat")

    def etat(texte):
        return {cle: Champ((texte,), texte)}

    gardes, conflits = fusionner(etat(base) if base else None, etat(leur), etat(mien))

    assert (conflits, gardes) == (([cle], {}) if attendu is None else ([], etat(attendu)))


# Drafts ----------------------------------------------------------------------------------------------


def brouillon(client, data):
    return client.post(MODIFIER, data | {"brouillon": "1"}, headers={"X-Requested-With": "fetch"})


def test_a_draft_is_kept_given_back_and_said(client_de, compte):
    client = client_de("cooperation")
    data = formulaire(client.get(MODIFIER)) | {
        "constat": "En cours",
        "moyens-0-prevu": "12,",
        "etapes-0-intitule": "É",
    }

    reponse = brouillon(client, data)

    assert reponse.status_code == 200
    assert set(reponse.json()) == {"heure", "reste", "finale"}
    assert fiche().constat != "En cours"
    client.logout()
    client.force_login(compte("cooperation"))
    page = client.get(MODIFIER)
    rendu = formulaire(page)
    assert "Votre brouillon du" in page.content.decode()
    assert "Rien n’est encore enregistré" not in page.content.decode()
    assert (rendu["constat"], rendu["moyens-0-prevu"], rendu["etapes-0-intitule"]) == ("En cours", "12,", "É")
    client.post(MODIFIER, rendu | {"moyens-0-prevu": "12", "rectification": "montant mal recopié"})
    assert fiche().constat == "En cours"
    assert not Brouillon.objects.exists()
    assert "Votre brouillon du" not in client.get(MODIFIER).content.decode()


def test_a_draft_is_one_s_own(client_de):
    client = client_de("cooperation")
    brouillon(client, formulaire(client.get(MODIFIER)) | {"constat": "En cours"})

    assert formulaire(client_de("petite-enfance").get(MODIFIER))["constat"] != "En cours"


def test_a_draft_can_be_given_up(client_de):
    client = client_de("cooperation")
    brouillon(client, formulaire(client.get(MODIFIER)) | {"constat": "En cours"})

    client.post(MODIFIER, {"abandonner": "1"})

    assert formulaire(client.get(MODIFIER))["constat"] == fiche().constat


def test_a_draft_that_arrives_after_its_form_is_dropped(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(MODIFIER)) | {"constat": "Enregistré"}
    client.post(MODIFIER, data)

    assert brouillon(client, data | {"constat": "Enregistr"}).status_code == 409
    assert not Brouillon.objects.exists()


@pytest.mark.parametrize("nom", ["caf", "copil", "referent", "lecteur"])
def test_who_may_not_edit_keeps_no_draft(client_de, nom):
    assert brouillon(client_de(nom), {"constat": "x"}).status_code in {403, 404}
    assert not Brouillon.objects.exists()


def test_a_huge_draft_is_refused(client_de):
    client = client_de("cooperation")

    assert (
        brouillon(client, formulaire(client.get(MODIFIER)) | {"constat": "x" * 1_000_001}).status_code == 409
    )


def test_what_is_sent_after_the_session_ended_is_given_back_after_login(client_de, settings, compte):
    client = client_de("cooperation")
    data = formulaire(client.get(MODIFIER)) | {"constat": "Envoyé trop tard"}
    session = client.session
    session["activite"] = time.time() - settings.SESSION_INACTIVITE - 1
    session.save()

    assert client.post(MODIFIER, data)["Location"].startswith("/compte/connexion/?next=")
    assert fiche().constat != "Envoyé trop tard"
    client.force_login(compte("cooperation"))

    assert formulaire(client.get(MODIFIER))["constat"] == "Envoyé trop tard"


# The same form, twenty times ------------------------------------------------------------------------------


def test_the_same_form_sent_again_does_nothing_more(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(MODIFIER)) | {"constat": "Une fois"}
    client.post(MODIFIER, data)
    version = fiche().version

    page = client.post(MODIFIER, data, follow=True).content.decode()

    assert fiche().version == version
    assert "rien n’a été fait deux fois" in page


def test_two_people_on_one_fiche_by_the_administration(client_de):
    admin = client_de("admin")
    url = f"/admin/fiches/ficheprojet/{fiche().pk}/change/"
    data = formulaire_admin(admin.get(url))
    une = fiche()
    une.description = LONG
    une.save()

    page = admin.post(url, data | {"publics": "Du référentiel"}, follow=True).content.decode()
    assert (fiche().publics, fiche().description) == ("Du référentiel", LONG)
    assert "a modifié : Description. Tout est réuni." in page

    response = admin.post(url, data | {"description": "De l’administration", "publics": "Autre"})
    assert fiche().description == LONG
    assert f"pendant que vous écriviez : « {LONG} »" in unescape(response.content.decode())
    assert formulaire_admin(response)["description"] == "De l’administration"
    admin.post(url, formulaire_admin(response))
    assert (fiche().description, fiche().publics) == ("De l’administration", "Autre")


@pytest.mark.parametrize("jeton", ["", "faux"])
def test_the_administration_asks_what_a_token_does_not_prove(client_de, jeton):
    admin, avant = client_de("admin"), fiche()
    url = f"/admin/fiches/ficheprojet/{avant.pk}/change/"
    data = formulaire_admin(admin.get(url)) | {"jeton": jeton, "publics": "Du référentiel"}

    assert admin.post(url, data).status_code == 200
    assert (fiche().publics, fiche().version) == (avant.publics, avant.version)
