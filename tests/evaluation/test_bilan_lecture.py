"""Who reads what of a bilan: every state × every role × every address."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.documents import FORMATS, Document
from evaluation.enums import Sortie
from evaluation.enums import StatutBilan as B
from evaluation.lecture_bilan import versions_lisibles
from tests.conftest import COMPTES_PAR_NOM
from tests.evaluation.conftest import ANNEE, changer

pytestmark = pytest.mark.django_db
A = {"convention": "dijon-2024", "annee": ANNEE}
TOUS = frozenset(COMPTES_PAR_NOM)
STEERENT = frozenset({"caf", "signataire", "copil"})
EQUIPE = TOUS - STEERENT - {"lecteur"}
LECTEURS = {
    B.FIGEE: EQUIPE,
    B.AU_DEBAT: EQUIPE,
    B.TRANSMISE: EQUIPE | {"caf", "signataire"},
    B.REFUSEE: EQUIPE | {"caf", "signataire"},
    B.AVALISEE: EQUIPE | STEERENT,
    B.SOUMISE_COPIL: EQUIPE | STEERENT,
    B.PUBLIEE: TOUS,
    B.REMPLACEE: EQUIPE,
}


@pytest.fixture(autouse=True)
def xlsx_rapide(monkeypatch):
    """Hundreds of workbooks are asked for here: what each holds is tested elsewhere."""
    vrai = FORMATS["xlsx"]
    monkeypatch.setitem(
        FORMATS, "xlsx", Document(lambda e: b"PK " + e.identifiant.encode(), vrai.content_type, vrai.nom)
    )


def adresses():
    """(address, answer) of everything that tells of the version 1 of 2025."""
    v = A | {"version": 1}
    yield reverse("evaluation:bilan", kwargs=A)
    yield reverse("evaluation:bilan_version", kwargs=v)
    for extension in ("pdf", "xlsx", "json"):
        for sortie in Sortie.values:
            yield reverse("evaluation:bilan_document", kwargs=v | {"sortie": sortie, "extension": extension})
        yield reverse(f"evaluation:bilan_{extension}", kwargs=A)
    yield reverse("evaluation:comparer", kwargs={"convention": A["convention"]}) + f"?a={ANNEE}-1&b={ANNEE}-1"


@pytest.mark.parametrize("statut", B.values)
def test_every_address_of_a_version_for_every_role(amener, client_de, compte, dijon, statut):
    bilan = amener(statut)

    for nom in TOUS:
        client, lit = client_de(nom), nom in LECTEURS[statut]
        lues = versions_lisibles(compte(nom), dijon, ANNEE)
        assert (bilan in lues) is lit, nom
        autre = statut == B.REMPLACEE and nom in EQUIPE  # version 2 is there too
        assert len(lues) == (2 if autre else int(lit))
        for url in adresses():
            response = client.get(url)
            attendu = 200 if lit and not (nom == "lecteur" and "/complet/" in url) else 404
            assert response.status_code == attendu, (nom, url)
            if not lit:
                assert bilan.empreinte[:12] not in response.content.decode()
        for action in ("transmettre", "avaliser", "publier", "corriger"):
            url = f"/dijon-2024/evaluation/{ANNEE}/bilan/v1/{action}/"
            if not lit:
                assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
        page = client.get("/dijon-2024/evaluation/bilans/").content.decode()
        assert (f"Bilan {ANNEE}" in page) is lit
        if nom not in EQUIPE:
            assert (f"Bilan {ANNEE}, version" in client.get("/dijon-2024/").content.decode()) is lit


@pytest.mark.parametrize("nom", ["copil", "lecteur", "signataire"])
def test_the_controle_tells_nothing_of_what_one_does_not_read(amener, client_de, nom):
    bilan = amener(B.FIGEE)
    dit = f"CTG/dijon-2024/{ANNEE}/v1/complet/{bilan.empreinte[:12]}"

    page = controler(client_de(nom), dit.encode())

    assert "Inconnu" in page
    assert dit not in page
    assert "n’a pas été publiée" in controler(client_de("cooperation"), dit.encode())


def controler(client, octets):
    fichier = io.BytesIO(octets)
    fichier.name = "fichier"
    return client.post(
        f"/dijon-2024/evaluation/{ANNEE}/bilan/controle/", {"fichier": fichier}
    ).content.decode()


def test_a_version_that_was_published_stays_with_those_who_steer(amener, figer_v, agir, client_de, corriger):
    bilan = amener(B.PUBLIEE)
    publie = client_de("copil").get(adresse(1)).getvalue()
    changer()
    corriger(bilan)
    suivante = figer_v()
    assert client_de("lecteur").get(adresse(1, "public")).status_code == 200

    for action in ("dispenser-debat", "transmettre", "avaliser", "dispenser-copil", "publier"):
        suivante = agir(action, suivante, motif="Écrit")

    assert client_de("copil").get(adresse(1)).getvalue() == publie
    assert (
        client_de("lecteur").get(adresse(1, "public")).status_code == 200
    )  # published once, served for ever
    assert client_de("lecteur").get(adresse(1, "complet")).status_code == 404
    assert client_de("lecteur").get(adresse(2, "public")).status_code == 200
    assert b"RECTIFICATIF N\xc2\xb0 1" in client_de("copil").get(adresse(2)).getvalue()


def adresse(version, sortie="complet", extension="pdf"):
    return f"/dijon-2024/evaluation/{ANNEE}/bilan/v{version}/{sortie}/{extension}/"


def test_the_page_of_a_fiche_says_what_the_latest_version_says(amener, client_de):
    """The figures of a fiche are those of a version, for whoever reads no live figure."""
    url = "/dijon-2024/fiches/PE-1/"
    amener(B.AVALISEE)

    assert "1\u202f385\u00a0familles" in client_de("copil").get(url).content.decode()
    assert "Au dernier bilan" not in client_de("lecteur").get(url).content.decode()
    assert "Au dernier bilan" not in client_de("cooperation").get(url).content.decode()


def test_without_a_version_the_team_has_the_live_document(client_de, pdf_rapide):
    url = f"/dijon-2024/evaluation/{ANNEE}/bilan/json/"

    response = client_de("cooperation").get(url)

    assert response.json()["identifiant"] == ""
    assert response.json()["marques"].startswith("DOCUMENT DE TRAVAIL")
    assert {client_de(nom).get(url).status_code for nom in STEERENT | {"lecteur"}} == {404}


def test_a_lecteur_reads_no_free_word_of_the_steps(figer_v, agir, pdf_rapide, client_de):
    bilan = agir("ouvrir-debat", figer_v())
    agir(
        "consigner",
        bilan,
        date=str(timezone.localdate()),
        intitule="Réunion de Camille",
        remarques="Merci à Camille",
    )
    agir("clore-debat", bilan)
    agir("transmettre", bilan)
    agir("avaliser", bilan, motif="Vu avec Camille")
    agir("dispenser-copil", bilan, motif="Camille est absente")
    agir("publier", bilan)

    base = f"/dijon-2024/evaluation/{ANNEE}/bilan/"
    for url in (base, f"{base}v1/", f"{base}v1/public/json/", f"{base}json/", f"{base}v1/public/pdf/"):
        assert b"Camille" not in lire(client_de("lecteur").get(url)), url
    assert b"Camille" in lire(client_de("copil").get(base))


def lire(response):
    return response.getvalue() if response.streaming else response.content
