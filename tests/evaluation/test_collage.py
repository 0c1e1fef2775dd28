"""A block of definitions pasted from a spreadsheet: read, shown, then written whole or not at all."""

from decimal import Decimal as D

import pytest

from ctg.models import Personne
from evaluation.models import Cible, Indicateur
from tests.evaluation.indicateurs import i
from tests.navigation import formulaire

URL = "/dijon-2024/indicateurs/coller/"
BLOC = (
    "CODE\tFiche\tIntitule\tNATURE\tType\tCible 2026\tSaisi par\n"
    "PE-1-01\tpe-1\tFamilles reçues au guichet unique\t\t\t1 600\t\n"
    "PE-1-09\tPE-1\tAppels reçus\tNombre entier\tRéalisation\t250\tMartin Zoe\n"
    "PE-2-02\tPE-2\t\t\t\t\t\n"
)


def apercu(client, texte):
    return client.post(URL, formulaire(client.get(URL)) | {"texte": texte})


def confirmer(client, texte):
    page = apercu(client, texte)
    return client.post(URL, formulaire(page) | {"confirmer": page.context["collage"].empreinte})


def rejets(response):
    return [(r.ligne, r.colonne, r.valeur) for r in response.context["collage"].rejets]


@pytest.fixture(autouse=True)
def zoe(dijon):
    return Personne.objects.create(convention=dijon, prenom="Zoé", nom="Martin", email="zoe@demo.invalid")


def test_the_preview_says_what_would_change_and_writes_nothing(client_de):
    response = apercu(client_de("cooperation"), BLOC)

    lignes = response.context["collage"].lignes
    assert [(n.numero, n.code, n.etat) for n in lignes] == [
        (2, "PE-1-01", "modifié"),
        (3, "PE-1-09", "nouveau"),
        (4, "PE-2-02", "inchangé"),
    ]
    (cible,) = lignes[0].changements
    assert (cible.champ, cible.avant, cible.apres) == ("cible 2026", "1550", "1 600")
    nouveau = {c.champ: (c.avant, c.apres) for c in lignes[1].changements}
    assert nouveau["intitulé"] == ("", "Appels reçus")
    page = response.content.decode()
    assert "<ins>1 600</ins>" in page
    assert not Indicateur.objects.filter(code="PE-1-09").exists()


def test_confirmed_it_is_written(client_de, zoe):
    assert confirmer(client_de("cooperation"), BLOC).status_code == 302

    nouveau = i("PE-1-09")
    assert (nouveau.intitule, nouveau.nature, nouveau.type_indicateur) == (
        "Appels reçus",
        "entier",
        "realisation",
    )
    assert (nouveau.responsable, nouveau.ordre, nouveau.periodicite) == (zoe, 5, "annuelle")
    assert Cible.objects.get(indicateur=nouveau).valeur == 250
    assert Cible.objects.get(indicateur__code="PE-1-01", annee=2026).valeur == D(1600)


@pytest.mark.parametrize(
    ("colonne", "valeur", "remede"),
    [
        ("nature", "bizarre", "écrivez l’un de : nombre entier"),
        ("Départ", "1.234", "deux façons"),
        ("Cible 2026", "beaucoup", "n’est pas un nombre"),
        ("Date de départ", "hier", "31/12/2023"),
        ("Saisi par", "Personne d’Autre", "n’est pas dans la liste"),
        ("Détail", "par quartier", "au moins une part"),
        ("fiche", "XX-9", "une fiche en vigueur"),
        ("Minimum", "9999999", "supérieure à la plus grande"),
    ],
)
def test_each_rejected_cell_is_named_and_nothing_is_written(client_de, colonne, valeur, remede):
    texte = f"fiche\tcode\t{colonne}\nPE-1\tPE-1-01\t{valeur}\nPE-2\tPE-2-01\t\n"
    if colonne == "fiche":
        texte = f"fiche\tcode\n{valeur}\tPE-1-01\n"

    response = apercu(client_de("cooperation"), texte)

    rejet = response.context["collage"].rejets[0]
    assert rejet.ligne == 2
    assert remede in rejet.remede
    assert valeur in rejet.valeur or colonne == "Détail"
    assert valeur in response.content.decode()
    client = client_de("cooperation")
    client.post(URL, {"texte": texte, "confirmer": response.context["collage"].empreinte})
    assert i("PE-1-01").historique.count() == 1


@pytest.mark.parametrize(
    ("texte", "rejet"),
    [
        ("", (1, "", "")),
        ("fiche\tcode\n", (1, "", "")),
        ("fiche\tintitulé\nPE-1\tx\n", (1, "code", "")),
        ("fiche\tcode\tAnnée bissextile\nPE-1\tX\t1\n", (1, "Année bissextile", "Année bissextile")),
        ("fiche\tcode\tcible 2031\nPE-1\tX\t1\n", (1, "cible 2031", "cible 2031")),
        ("fiche\tcode\tType\ttype\nPE-1\tX\t\t\n", (1, "type", "type")),
        ("fiche\tcode\nPE-1\tPE-1-01\tperdu\n", (2, "", "perdu")),
        ("fiche\tcode\nPE-1\tPE-1-01\npe-1\tpe-1-01\n", (3, "code", "pe-1-01")),
        ("fiche\tcode\nPE-1\t\n", (2, "code", "")),
        ("fiche\tcode\nPE-1\tX\x00\n", (2, "code", "X\ufffd")),
        ('fiche\tcode\n"PE-1\tX\n' + "y" * 200_000, (1, "", "")),
        ("x" * 400_001, (1, "", "")),
        ("fiche\tcode\n" + "".join(f"PE-1\tX-{n}\n" for n in range(301)), (1, "", "")),
    ],
)
def test_a_block_that_is_no_table_is_refused_with_its_remedy(client_de, texte, rejet):
    response = client_de("cooperation").post(URL, {"texte": texte})

    assert response.status_code == 200
    assert rejet in rejets(response)
    assert all(r.remede for r in response.context["collage"].rejets)
    assert response.context["texte"] == texte


def test_cells_of_several_lines_and_detail(client_de, dijon):
    texte = (
        "fiche\tcode\tintitulé\tdéfinition\tnature\ttype\tdétail\tparts\n"
        'PE-1\tPE-1-09\tx\t"Une ligne\net l’autre"\tentier\trésultat\tpar quartier\tGrésilles ; toison d\'or\n'
        "PE-1\tPE-1-10\tx\t\tentier\trésultat\tpar âge\t0-3 ans|4-10 ans\n"
        "PE-1\tPE-1-11\tx\t\tentier\trésultat\tpar sexe\t\n"
    )

    assert confirmer(client_de("cooperation"), texte).status_code == 302

    assert i("PE-1-09").definition == "Une ligne\net l’autre"
    lus = {code: {m.libelle for m in i(code).modalites.all()} for code in ("PE-1-09", "PE-1-10", "PE-1-11")}
    assert lus == {
        "PE-1-09": {"Grésilles", "Toison d’Or"},
        "PE-1-10": {"0-3 ans", "4-10 ans"},
        "PE-1-11": {"Femmes", "Hommes"},
    }


def test_a_coordinator_pastes_for_the_axe_only(client_de):
    texte = "fiche\tcode\tunité\nPE-1\tPE-1-01\tfoyers\nJEU-1\tJEU-1-01\tfoyers\n"

    response = confirmer(client_de("petite-enfance"), texte)

    assert rejets(response) == [(3, "fiche", "JEU-1")]
    assert i("PE-1-01").unite == "familles"


def test_what_is_locked_asks_for_its_reason(client_de, soumise):
    client = client_de("cooperation")
    refus = apercu(client, "fiche\tcode\tunité\tcible 2025\nPE-1\tPE-1-01\tfoyers\t3\n")
    assert [(r.colonne, r.valeur) for r in refus.context["collage"].rejets] == [
        ("cible 2025", "3"),
        ("unité", "foyers"),
    ]

    motive = "fiche\tcode\tunité\tcible 2025\tmotif\nPE-1\tPE-1-01\tfoyers\t3\tVu avec la Caf\n"
    assert confirmer(client, motive).status_code == 302
    assert i("PE-1-01").historique.first().history_change_reason == "Vu avec la Caf"
    assert i("PE-1-01").cibles.get(annee=2025).historique.first().history_change_reason == "Vu avec la Caf"


def test_what_moves_after_the_preview_is_shown_again(client_de):
    client = client_de("cooperation")
    page = apercu(client, BLOC)
    indicateur = i("PE-1-01")
    indicateur.unite = "foyers"
    indicateur.save()

    response = client.post(URL, formulaire(page) | {"confirmer": page.context["collage"].empreinte})

    assert "a changé depuis l’aperçu" in response.content.decode()
    assert not Indicateur.objects.filter(code="PE-1-09").exists()


def test_a_confirmed_paste_is_taken_once(client_de):
    client = client_de("cooperation")
    page = apercu(client, BLOC)
    data = formulaire(page) | {"confirmer": page.context["collage"].empreinte}
    client.post(URL, data)

    assert "était déjà enregistré" in client.post(URL, data, follow=True).content.decode()


@pytest.mark.parametrize("nom", ["referent", "quartier", "caf", "copil", "lecteur", "admin"])
def test_the_others_do_not_paste(client_de, nom):
    assert client_de(nom).get(URL).status_code == 403
