"""A fiche, the carnet and the year at a glance: the same figures, on the pages that they may take."""

import dataclasses
import io

import pytest
from pypdf import PdfReader

from evaluation.autres_documents import (
    NB_DECISIONS,
    render_carnet_pdf,
    render_coup_d_oeil_pdf,
    render_fiche_pdf,
    seule,
)
from evaluation.edition import Edition
from evaluation.enums import StatutBilan as B
from evaluation.reports import collect_bilan
from tests.evaluation.test_documents import HOSTILE, NOW

A = "/dijon-2024/evaluation/2025/"


@pytest.fixture
def edition(dijon):
    return Edition(collect_bilan(dijon, 2025, now=NOW))


def lire(octets: bytes) -> tuple[int, str]:
    pages = PdfReader(io.BytesIO(octets)).pages
    texte = " ".join(page.extract_text() for page in pages).replace("\0", "")
    return len(pages), " ".join(texte.split())


def sans_espaces(texte: str) -> str:
    return "".join(texte.split())


@pytest.mark.parametrize("code", ["PE-1", "ENF-3", "AVS-1"])
def test_a_fiche_takes_few_pages_and_says_its_figures(edition, code):
    nb, texte = lire(render_fiche_pdf(seule(edition, code)))

    assert nb <= 4
    fiche = next(f for f in edition.contenu.fiches if f.code == code)
    for ligne in fiche.indicateurs:
        assert ligne.code in texte
    assert "DOCUMENT DE TRAVAIL" in texte
    autres = {f.code for f in edition.contenu.fiches} - {code}
    assert not any(f"{autre} ·" in texte for autre in autres)


def test_a_fiche_that_the_year_has_not_is_not_found(client_de, edition):
    with pytest.raises(LookupError):
        render_fiche_pdf(seule(edition, "XX-9"))
    assert client_de("cooperation").get(f"{A}fiches/XX-9/pdf/").status_code == 404
    assert client_de("cooperation").get("/dijon-2024/evaluation/2019/fiches/PE-1/pdf/").status_code == 404


@pytest.mark.document
def test_the_carnet_holds_every_fiche(edition):
    _, texte = lire(render_carnet_pdf(edition))

    assert all(f"{fiche.code} ·" in texte for fiche in edition.contenu.fiches)


def test_the_year_at_a_glance_is_one_page(edition):
    nb, texte = lire(render_coup_d_oeil_pdf(edition))

    completude = edition.contenu.completude
    assert nb == 1
    assert f"{completude.nb_renseignees}sur{completude.nb_attendues}" in sans_espaces(texte)
    assert all(synthese.intitule in texte for synthese in edition.contenu.syntheses)


def test_the_year_at_a_glance_stays_one_page_whatever_is_written(edition):
    """What it leaves out is counted on it."""
    fiches = tuple(
        dataclasses.replace(
            fiche,
            decision_demandee=HOSTILE,
            etapes=tuple(
                dataclasses.replace(etape, intitule=HOSTILE, is_en_retard=True, is_faite=False)
                for etape in fiche.etapes
            ),
        )
        for fiche in edition.contenu.fiches
    )
    contenu = dataclasses.replace(edition.complet, fiches=fiches)

    nb, texte = lire(render_coup_d_oeil_pdf(Edition(contenu)))

    assert nb == 1
    assert "autres étapes" in texte
    assert f"et {len(fiches) - NB_DECISIONS} autres" in texte


@pytest.mark.parametrize("adresse", ["fiches/PE-1/pdf/", "coup-d-oeil/pdf/"])
def test_they_are_downloaded_by_those_who_read_the_figures(client_de, adresse):
    response = client_de("caf").get(A + adresse)

    assert response["Content-Type"] == "application/pdf"
    assert response.getvalue().startswith(b"%PDF")
    assert ".pdf" in response["Content-Disposition"]
    assert client_de("copil").get(A + adresse).status_code == 403


def test_the_committee_has_the_year_on_one_page_once_it_reads_the_bilan(amener, client_de):
    adresse = "/dijon-2024/evaluation/2025/coup-d-oeil/pdf/"
    assert client_de("copil").get(adresse).status_code == 403
    bilan = amener(B.PUBLIEE)

    for nom, sortie in (("copil", "complet"), ("cooperation", "complet"), ("lecteur", "public")):
        _, texte = lire(client_de(nom).get(adresse).content)
        assert f"/v1/{sortie}/{bilan.empreinte[:12]}" in texte.replace("\n", "")
        assert "DOCUMENT DE TRAVAIL" not in texte
