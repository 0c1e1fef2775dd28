"""The PDF of a version: its five headings, its questions, who approved, its identifier and its mark."""

import pytest

from ctg import declencheurs
from evaluation.models import Protocole
from evaluation.protocole.documents import composer_protocole, render_protocole
from evaluation.protocole.services import commencer_version
from evaluation.protocole.verification import approbations as fautes
from tests.evaluation.protocole.conftest import NOW

pytestmark = pytest.mark.django_db


def test_a_draft_says_that_it_is_one(dijon):
    page = composer_protocole(commencer_version(dijon), now=NOW)

    assert "PROJET — NE PAS DIFFUSER" in page
    assert "brouillon, sans empreinte" in page
    assert page.count("à compléter") >= 4


def test_put_to_approval_it_is_still_a_project(brouillon, soumettre, repondre, compte):
    objet = repondre(soumettre(brouillon), compte("signataire"))
    page = composer_protocole(objet, now=NOW)

    assert "PROJET SOUMIS À L’APPROBATION" in page
    assert page.count(objet.empreinte) == 2
    assert page.index("Ville de Dijon") < page.index("attendue") < page.index("approuvé")


def test_approved_it_says_who_and_when_and_no_mark(brouillon, approuver):
    page = composer_protocole(approuver(brouillon), now=NOW)

    assert "PROJET" not in page
    assert page.count("15\u00a0septembre\u00a02025") >= 3
    for nom in ("outils", "moyens", "participation", "questions_methodes"):
        assert f"Ce que dit la rubrique {nom}." in page
    assert "Dans quelle mesure la CTG s’inscrit-elle" in page


def test_it_is_given_as_a_file_to_who_reads_the_version(client_de, brouillon, monkeypatch):
    monkeypatch.setattr("evaluation.protocole.documents.html_en_pdf", lambda html: b"%PDF")
    reponse = client_de("cooperation").get("/dijon-2024/protocole/v1/pdf/")
    assert reponse["Content-Disposition"] == 'attachment; filename="protocole-dijon-2024-v1.pdf"'
    assert client_de("copil").get("/dijon-2024/protocole/v1/pdf/").status_code == 404


@pytest.mark.document
def test_long_texts_stay_on_the_page(brouillon):
    brouillon.outils = "a" * 10_000 + " 👩‍👧 שלום"
    assert render_protocole(brouillon, now=NOW).startswith(b"%PDF")


def test_the_check_of_the_installation_finds_a_content_that_is_not_its_hash(brouillon, approuver):
    approuver(brouillon)
    assert list(fautes()) == []
    with declencheurs.leves():
        Protocole.objects.update(contenu="{}")

    assert [faute.partition("\u00a0")[0] for faute in fautes()] == ["dijon-2024, Protocole, version 1"] * 2
