"""The PDFs can be archived (PDF/A-3a) and read by everybody (PDF/UA-1), by the verdict of page-validation.

That validator is young, and is not veraPDF.
"""

import dataclasses
import io

import page as validateur
import pytest
from pypdf import PdfReader

from evaluation.autres_documents import render_carnet_pdf, render_coup_d_oeil_pdf, render_fiche_pdf, seule
from evaluation.documents import FORMATS
from evaluation.edition import Edition
from evaluation.enums import Sortie, StatutBilan
from evaluation.reports import collect_bilan
from tests.evaluation.outils import HOSTILE, NOW

pytestmark = pytest.mark.document

PROFILS = ("3a", "ua1")


def fautes(octets: bytes) -> list[str]:
    return [
        f"{profil} {faute.rule_id} : {faute.message}"
        for profil in PROFILS
        for faute in validateur.validate_pdf_bytes(octets, profile=profil).failures
    ]


@pytest.fixture
def edition(dijon):
    """A year of three fiches: every part of a document, in a tenth of its time."""
    contenu = collect_bilan(dijon, 2025, now=NOW)
    fiches = tuple(fiche for fiche in contenu.fiches if fiche.code in {"PE-1", "PE-2", "JEU-1"})
    return Edition(dataclasses.replace(contenu, fiches=fiches))


def figee(edition, **autres):
    return dataclasses.replace(
        edition, **{"version": 1, "empreinte": "a" * 64, "etat": StatutBilan.PUBLIEE} | autres
    )


def test_the_report_follows_both_profiles(pdf):
    assert fautes(pdf) == []


def test_the_validator_sees_a_fault(pdf):
    assert fautes(pdf.replace(b"pdfuaid:part", b"pdfuaid:pert")) != []


@pytest.mark.parametrize(
    "rendre",
    [render_coup_d_oeil_pdf, render_carnet_pdf, lambda edition: render_fiche_pdf(seule(edition, "PE-2"))],
)
def test_the_other_documents_follow_both_profiles(edition, rendre):
    assert fautes(rendre(edition)) == []


def test_hostile_texts_follow_both_profiles(edition):
    fiches = tuple(
        dataclasses.replace(fiche, realisations=HOSTILE, decision_demandee=HOSTILE)
        for fiche in edition.complet.fiches[:1]
    )
    hostile = Edition(dataclasses.replace(edition.complet, fiches=fiches))

    assert fautes(render_carnet_pdf(hostile)) == []


@pytest.mark.parametrize("sortie", Sortie.values)
def test_a_frozen_version_holds_its_table_and_its_data(edition, sortie):
    version = figee(edition, sortie=sortie)

    octets = FORMATS["pdf"].render(version)

    assert fautes(octets) == []
    pieces = {nom: lus[0] for nom, lus in PdfReader(io.BytesIO(octets)).attachments.items()}
    assert pieces == {
        FORMATS[extension].filename(version, extension): FORMATS[extension].render(version)
        for extension in ("json", "xlsx")
    }


def test_what_is_not_frozen_holds_no_file(pdf):
    assert dict(PdfReader(io.BytesIO(pdf)).attachments) == {}


def test_the_same_version_gives_the_same_bytes(edition):
    version = figee(edition)

    assert FORMATS["pdf"].render(version) == FORMATS["pdf"].render(version)
