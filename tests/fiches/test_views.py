"""List, page and edition of the fiches."""

import datetime

import pytest
from django.urls import reverse

from ctg.models import Organisme
from fiches.models import Axe, FicheProjet
from tests.navigation import formulaire

URL = "/dijon-2024/fiches/"
FICHE = "/dijon-2024/fiches/PE-1/"
MODIFIER = f"{FICHE}modifier/"


def codes(response):
    return [fiche.code for fiche in response.context["page_obj"].object_list]


def test_list_is_in_the_order_of_the_plan(client_de):
    assert codes(client_de("lecteur").get(URL)) == [
        *(f"PE-{n}" for n in range(1, 6)),
        *(f"ENF-{n}" for n in range(1, 6)),
        *(f"JEU-{n}" for n in range(1, 4)),
        "AVS-1",
        "AVS-2",
    ]


def test_filters(client_de, dijon):
    client = client_de("cooperation")

    assert codes(client.get(URL, {"axe": Axe.objects.get(code="JEU").pk})) == ["JEU-1", "JEU-2", "JEU-3"]
    assert codes(client.get(URL, {"statut": "suspendue"})) == ["JEU-2"]
    assert codes(client.get(URL, {"q": "guichet unique"})) == ["PE-1"]
    assert codes(client.get(URL, {"q": "INTITULE INTROUVABLE"})) == []
    assert codes(client.get(URL, {"demarche": dijon.demarches.get(code="contrat-de-ville").pk})) == [
        "JEU-1",
        "AVS-1",
        "AVS-2",
    ]
    assert "PE-4" in codes(client.get(URL, {"en_retard": "on"}))


def test_status_is_no_filter_for_those_who_wait_for_the_bilan(client_de):
    response = client_de("copil").get(URL, {"statut": "suspendue"})

    assert len(codes(response)) == 15
    page = response.content.decode()
    assert "Tous les statuts" not in page
    assert "badge-ctg" not in page


@pytest.mark.parametrize("nom", ["copil", "signataire", "lecteur"])
def test_page_keeps_the_figures_from_those_who_wait_for_the_bilan(client_de, nom):
    page = client_de(nom).get(f"{URL}PE-1/").content.decode()

    assert "Accompagner l’enfant et sa famille" in page
    assert (
        "Familles reçues au guichet unique" in page
    )  # what is counted belongs to the plan; how much does not
    for figure in (
        "1\u202f385",
        "en cours",
        "Ouverture du guichet",
        "18\u202f000",
        "Statut",
    ):
        assert figure not in page


def test_page_shows_internal_notes_to_their_scope_only(client_de, client):
    assert "à garder entre nous" in client_de("cooperation").get(f"{URL}PE-1/").content.decode()
    for nom in ("caf", "admin", "enfance", "copil", "quartier"):
        assert "à garder entre nous" not in client_de(nom).get(f"{URL}PE-1/").content.decode(), nom


@pytest.mark.parametrize("nb", [3, 300])
def test_list_query_count_is_constant(client_de, dijon, nb, django_assert_num_queries):
    axe = Axe.objects.get(code="PE")
    FicheProjet.objects.bulk_create(
        FicheProjet(convention=dijon, axe=axe, code=f"X-{n}", numero=100 + n) for n in range(nb)
    )
    client = client_de("cooperation")
    client.get("/aide/")  # the first page of a session writes when it began

    # session, account, mandates, convention, 3 perimeters, count, page, axes, 4 choices
    with django_assert_num_queries(16):
        client.get(URL)


def test_edition_saves_the_rubrics_and_the_parts(client_de):
    client = client_de("cooperation")
    avant = FicheProjet.objects.get(code="PE-1").version
    data = formulaire(client.get(MODIFIER))
    data |= {
        "constat": "Un nouveau constat.",
        "moyens-0-realise": "1\u202f234,50",
        "etapes-4-intitule": "Une étape de plus",
    }

    response = client.post(MODIFIER, data)

    fiche = FicheProjet.objects.get(code="PE-1")
    assert response.status_code == 302
    assert fiche.constat == "Un nouveau constat."
    assert fiche.version == avant + 1
    assert list(fiche.etapes.order_by("ordre").values_list("intitule", flat=True))[-1] == "Une étape de plus"
    assert fiche.moyens.order_by("annee", "signataire", "nature", "pk").first().realise == 1234.5


def test_a_refused_edition_keeps_every_word(client_de):
    client = client_de("petite-enfance")
    data = formulaire(client.get(MODIFIER))
    data |= {
        "constat": "Un constat que je ne veux pas perdre",
        "moyens-0-prevu": "1.234,5",
        "etapes-0-intitule": "Mon étape",
    }

    response = client.post(MODIFIER, data)
    page = response.content.decode()

    assert response.status_code == 200
    assert "Un constat que je ne veux pas perdre" in page
    assert "Mon étape" in page
    assert "« 1.234,5 » n’est pas un nombre" in page
    assert "Rien n’est encore enregistré" in page
    assert FicheProjet.objects.get(code="PE-1").constat.startswith("Les familles s’adressent")


def test_a_fiche_that_moved_is_not_overwritten_and_nothing_typed_is_lost(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(MODIFIER)) | {"constat": "Mon texte"}
    FicheProjet.objects.filter(code="PE-1").update(constat="Le texte de l’autre", version=70)

    response = client.post(MODIFIER, data)

    assert FicheProjet.objects.get(code="PE-1").constat == "Le texte de l’autre"
    assert "Mon texte" in response.content.decode()
    assert "Deux versions de la fiche" in response.content.decode()

    client.post(MODIFIER, formulaire(response) | {"choix-constat": "mien"})
    assert FicheProjet.objects.get(code="PE-1").constat == "Mon texte"


@pytest.mark.parametrize("version", ["", "abc", "0", None])
def test_a_missing_or_forged_token_is_a_conflict(client_de, version):
    client = client_de("cooperation")
    data = formulaire(client.get(MODIFIER)) | {"constat": "Mon texte", "version": version}
    if version is None:
        del data["version"]

    client.post(MODIFIER, data)

    assert FicheProjet.objects.get(code="PE-1").constat != "Mon texte"


@pytest.mark.parametrize(
    "champ", ["pk", "id", "convention", "is_staff", "code", "axe", "numero", "notes_internes"]
)
def test_fields_that_are_not_of_the_form_change_nothing(client_de, champ):
    client = client_de("enfance")
    url = reverse("fiches:update", args=["dijon-2024", "ENF-1"])
    avant = FicheProjet.objects.values().get(code="ENF-1")
    data = formulaire(client.get(url))
    if champ != "notes_internes":
        client.post(url, data | {champ: "999"})
        apres = FicheProjet.objects.values().get(code="ENF-1")
        assert {k: v for k, v in apres.items() if k not in ("version", "recherche")} == {
            k: v for k, v in avant.items() if k not in ("version", "recherche")
        }


def test_coordinator_of_another_axe_is_told_why(client_de):
    response = client_de("enfance").get(MODIFIER)

    assert response.status_code == 404
    page = client_de("enfance").get("/dijon-2024/fiches/PE-1/").content.decode()
    assert "Cette fiche n’est pas de votre axe" in page  # where the button would have been


@pytest.mark.parametrize("nom", ["caf", "copil", "lecteur", "referent", "admin", "enfance"])
def test_nobody_else_writes(client_de, nom):
    assert client_de(nom).post(MODIFIER, {"constat": "x"}).status_code == (404 if nom == "enfance" else 403)
    assert FicheProjet.objects.get(code="PE-1").constat != "x"


def test_every_door_moves_the_version(client_de):
    """A form opened before the administrator, an import or a load wrote is told of it."""
    client = client_de("cooperation")
    data = formulaire(client.get(MODIFIER)) | {"constat": "Mon texte"}
    autre = FicheProjet.objects.get(code="PE-1")
    autre.constat = "Écrit par une autre porte"
    autre.save()

    client.post(MODIFIER, data)

    assert FicheProjet.objects.get(code="PE-1").constat == "Écrit par une autre porte"


def test_a_code_shows_the_fiche_in_force_on_the_day_asked(client_de, dijon):
    ancienne = FicheProjet.objects.get(code="PE-2")
    FicheProjet.objects.filter(pk=ancienne.pk).update(date_fin=datetime.date(2026, 1, 1))
    ancienne.refresh_from_db()
    FicheProjet.objects.create(
        convention=dijon,
        axe=ancienne.axe,
        code="PE-2",
        numero=2,
        intitule="Celle de l’avenant",
        date_effet=datetime.date(2026, 1, 1),
        succede_a=ancienne,
    )
    client = client_de("cooperation")

    assert "Celle de l’avenant" in client.get(f"{URL}PE-2/").content.decode()
    assert "Garantir l’accessibilité" in client.get(f"{URL}PE-2/?au=2025-12-31").content.decode()
    assert "Celle de l’avenant" in client.get(f"{URL}PE-2/modifier/?au=2025-12-31").content.decode()


def test_the_same_row_twice_in_one_form_is_refused_with_what_to_do(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(MODIFIER))
    nb = int(data["implications-INITIAL_FORMS"])
    organisme = Organisme.objects.get(nom="VYV").pk
    for rang in (nb, nb + 1):
        data |= {f"implications-{rang}-organisme": organisme, f"implications-{rang}-role": "financeur"}

    response = client.post(MODIFIER, data | {"constat": "Mon texte"})

    assert response.status_code == 200
    assert f"La ligne {nb + 2} dit la même chose que la ligne {nb + 1}" in response.content.decode()
    assert "Mon texte" in response.content.decode()
    assert FicheProjet.objects.get(code="PE-1").constat != "Mon texte"


@pytest.mark.parametrize(
    "change",
    [
        {"etapes-TOTAL_FORMS": "100000"},
        {"etapes-TOTAL_FORMS": "abc"},
        {"etapes-0-id": "999999"},
        {"moyens-0-annee": "1999"},
        {"moyens-0-signataire": "999999"},
        {"constat": "avec un \x00 nul"},
        {"statut": "terminée"},
        {"quartiers": ["999999"]},
        {"quartiers": ["9" * 40]},
        {"pilote": "9" * 40},
        {"etapes-0-echeance": "31/02/2026"},
    ],
)
def test_forged_forms_are_refused_without_a_500(client_de, change):
    client = client_de("cooperation")
    avant = FicheProjet.objects.get(code="PE-1").version

    response = client.post(MODIFIER, formulaire(client.get(MODIFIER)) | change)

    assert response.status_code == 200
    assert "Rien n’est encore enregistré" in response.content.decode()
    assert FicheProjet.objects.get(code="PE-1").version == avant


def test_a_rubric_is_edited_alone_and_the_rest_is_kept(client_de):
    client, adresse = client_de("cooperation"), "/dijon-2024/fiches/PE-1/modifier/?rubrique=constat"
    page = client.get(adresse)
    assert page.context["seule"].name == "constat"
    html = page.content.decode()
    assert "Modifier toute la fiche" in html
    assert "Enjeux et objectifs" in html  # in its place: the rest of the page is read around it
    assert 'id="r-constat"' not in html
    assert 'id="r-description"' in html
    assert client.get(adresse.replace("constat", "version")).context["seule"] is None
    avant = FicheProjet.objects.get(code="PE-1")
    data = formulaire(page) | {"constat": "Écrit seul"}
    assert client.post(adresse, data).url == "/dijon-2024/fiches/PE-1/#r-constat"
    apres = FicheProjet.objects.get(code="PE-1")
    assert (apres.constat, apres.description, apres.statut) == ("Écrit seul", avant.description, avant.statut)


def test_an_empty_rubric_is_filled_where_it_is_said_to_be_missing(client_de):
    FicheProjet.objects.filter(code="PE-1").update(constat="")  # no history: a state to begin with

    html = client_de("cooperation").get("/dijon-2024/fiches/PE-1/modifier/?rubrique=constat").content.decode()

    assert html.index('name="constat"') < html.index("<strong>À compléter</strong>")


def test_who_stands_for_a_pilot_that_the_text_does_not_name(client_de):
    html = client_de("cooperation").get("/dijon-2024/fiches/JEU-3/").content.decode()

    assert "parmi les acteurs : Ville de Dijon" in html
    assert (
        "parmi les acteurs :" not in client_de("cooperation").get("/dijon-2024/fiches/PE-1/").content.decode()
    )


def test_a_draft_that_waits_is_said_on_the_fiche(client_de):
    client = client_de("cooperation")
    assert "n’est pas enregistré" not in client.get(FICHE).content.decode()
    data = formulaire(client.get(MODIFIER)) | {"constat": "Pas encore", "brouillon": FICHE}
    client.post(MODIFIER, data)

    assert "Un brouillon de cette fiche n’est pas enregistré" in client.get(FICHE).content.decode()
    assert "Un brouillon de cette fiche" not in client_de("petite-enfance").get(FICHE).content.decode()
