"""Lists: order, columns, filters said, export of what is shown, saved views."""

import csv
import io

import pytest
from openpyxl import load_workbook

from ctg.models import VueEnregistree
from fiches.models import FicheProjet

FICHES = "/dijon-2024/fiches/"
LISTES = {
    FICHES: "fiche",
    "/dijon-2024/structures/": "nom",
    "/dijon-2024/indicateurs/": "indicateur",
    "/dijon-2024/gouvernance/decisions/": "numero",
}
VUES = "/dijon-2024/vues/"


def codes(page):
    return [fiche.code for fiche in page.context["page_obj"].object_list]


def lire_csv(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("url", LISTES)
def test_each_heading_sorts_both_ways(client_de, url):
    client = client_de("cooperation")
    for entete in client.get(url).context["entetes"]:
        if entete.suivant:
            montante = client.get(url, {"tri": entete.suivant})
            [triee] = [e for e in montante.context["entetes"] if e.sens]
            assert (triee.code, triee.sens, triee.suivant) == (entete.code, "ascending", f"-{entete.code}")
            inverse = client.get(url, {"tri": triee.suivant})
            assert 'aria-sort="descending"' in inverse.content.decode()


def test_an_order_and_its_contrary(client_de):
    client = client_de("cooperation")

    assert codes(client.get(FICHES, {"tri": "fiche"}))[0] == "PE-1"
    assert codes(client.get(FICHES, {"tri": "-fiche"}))[0] == "AVS-2"
    pilotes = [
        fiche.pilote.nom if fiche.pilote else None
        for fiche in client.get(FICHES, {"tri": "-pilote"}).context["page_obj"].object_list
    ]
    assert None not in pilotes[: len([p for p in pilotes if p])]  # what is not known comes last, both ways


@pytest.mark.parametrize("tri", ["rien", "-", "pk", "priorite", "convention__slug", "statut,pk"])
def test_what_is_no_column_is_not_an_order(client_de, tri):
    assert codes(client_de("cooperation").get(FICHES, {"tri": tri}))[0] == "PE-1"


def test_one_chooses_the_columns_and_the_first_one_stays(client_de):
    page = client_de("cooperation").get(FICHES, {"col": ["priorite", "inconnue"]}).content.decode()

    assert 'data-label="Priorité"' in page
    assert 'data-label="Fiche"' in page
    assert 'data-label="Axe"' not in page
    assert 'data-label="Statut"' not in page


def test_who_does_not_read_the_figures_exports_none(client_de):
    client = client_de("copil")

    titres = lire_csv(client.get(FICHES, {"export": "csv", "col": ["statut", "etapes", "axe"]}))[0]

    assert titres == ["Code", "Intitulé", "Axe"]


def test_a_filter_that_holds_is_said_and_taken_off(client_de):
    page = client_de("cooperation").get(
        FICHES, {"statut": "en_cours", "en_retard": "on", "q": "", "tri": "axe"}
    )

    actifs = {nom: (dit, sans) for nom, dit, sans in page.context["filtres_actifs"]}
    assert set(actifs) == {"Statut", "En retard"}
    assert actifs["Statut"][0] == "en cours"
    assert "statut" not in actifs["Statut"][1]
    assert "tri=axe" in actifs["Statut"][1]
    assert "en_retard=on" in actifs["Statut"][1]


@pytest.mark.parametrize("url", LISTES)
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_export_holds_every_row_that_is_found(client_de, url, extension):
    client = client_de("cooperation")

    response = client.get(url, {"export": extension})

    total = client.get(url).context["paginator"].count
    if extension == "csv":
        nb = len(lire_csv(response)) - 1
    else:
        nb = load_workbook(io.BytesIO(response.content)).active.max_row - 1
    assert nb == total > 5
    assert f'.{extension}"' in response["Content-Disposition"]


def test_the_export_is_what_is_shown_in_its_order(client_de):
    page = {"statut": "en_cours", "tri": "-fiche", "col": ["etapes"]}
    client = client_de("cooperation")
    montrees = codes(client.get(FICHES, page))

    titres, *rangs = lire_csv(client.get(FICHES, page | {"export": "csv"}))

    assert titres == ["Code", "Intitulé", "Étapes", "Étapes faites", "Étapes en retard"]
    assert [rang[0] for rang in rangs] == montrees
    assert lire_csv(client.get(FICHES, {"statut": "inconnu", "export": "csv"}))[1:] == []


def test_a_text_that_looks_like_a_formula_stays_a_text(client_de):
    FicheProjet.objects.filter(code="PE-1").update(intitule="=1+1")
    client = client_de("cooperation")

    assert lire_csv(client.get(FICHES, {"export": "csv"}))[1][1] == "'=1+1"
    sheet = load_workbook(io.BytesIO(client.get(FICHES, {"export": "xlsx"}).content)).active
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")


def enregistrer(client, **data):
    data = {"nom": "À engager", "page": "fiches:list", "requete": "statut=a_engager&tri=-axe"} | data
    return client.post(VUES, data)


def test_a_view_is_kept_under_a_name_for_its_author_alone(client_de, compte):
    client = client_de("cooperation")
    assert enregistrer(client)["Location"] == f"{FICHES}?statut=a_engager&tri=-axe"
    enregistrer(client, requete="statut=en_cours")

    [vue] = client.get(FICHES).context["vues"]
    assert (vue.nom, vue.requete) == ("À engager", "statut=en_cours")
    assert list(client.get("/dijon-2024/structures/").context["vues"]) == []
    autre = client_de("petite-enfance")
    assert list(autre.get(FICHES).context["vues"]) == []
    assert autre.post(f"{VUES}{vue.pk}/supprimer/").status_code == 404
    assert VueEnregistree.objects.count() == 1
    assert client_de("cooperation").post(f"{VUES}{vue.pk}/supprimer/").status_code == 302
    assert VueEnregistree.objects.count() == 0


def test_a_view_deleted_by_mistake_is_put_back_from_the_page_that_follows(client_de):
    client = client_de("cooperation")
    enregistrer(client)
    [vue] = client.get(FICHES).context["vues"]
    client.post(f"{VUES}{vue.pk}/supprimer/")

    assert "Annuler la suppression" not in client.get("/dijon-2024/structures/").content.decode()
    page = client.get(FICHES)
    supprimee = page.context["vue_supprimee"]
    assert "Annuler la suppression" in page.content.decode()
    assert "Annuler la suppression" not in client.get(FICHES).content.decode()  # offered once
    client.post(VUES, {nom: supprimee[nom] for nom in ("nom", "page", "requete")})

    [remise] = client.get(FICHES).context["vues"]
    assert (remise.nom, remise.requete) == (vue.nom, vue.requete)


@pytest.mark.parametrize(
    "data",
    [
        {"nom": " "},
        {"requete": ""},
        {"page": "https://ailleurs.example/"},
        {"page": "ctg:personne"},
        {"page": ""},
    ],
)
def test_what_is_no_view_is_not_kept(client_de, data):
    response = enregistrer(client_de("cooperation"), **data)

    assert response["Location"].startswith("/dijon-2024/")
    assert VueEnregistree.objects.count() == 0


def test_a_view_holds_a_query_and_nothing_else(client_de):
    response = enregistrer(
        client_de("cooperation"), requete="statut=en_cours#x\r\nLocation: //ailleurs", nom="x" * 80
    )

    assert "\n" not in response["Location"]
    assert response["Location"].startswith(f"{FICHES}?statut=")
    assert VueEnregistree.objects.get().nom == "x" * 60
