"""The schéma pluriannuel: the headings of the decree, what the convention holds of each, what is missing."""

import io
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from evaluation.autres_documents import render_schema_pdf
from evaluation.edition import Edition
from evaluation.reports import collect_bilan
from evaluation.schema_petite_enfance import collect_schema
from fiches.models import Axe, Etape, FicheProjet, Moyen
from structures.models import Structure

pytestmark = pytest.mark.django_db
URL = "/dijon-2024/evaluation/2025/schema-petite-enfance/pdf/"


def schema_de(dijon):
    contenu = collect_bilan(dijon, 2025, now=timezone.localtime())
    return Edition(contenu), collect_schema(dijon, contenu)


def test_it_holds_the_early_childhood_of_the_convention_and_nothing_else(dijon):
    _, schema = schema_de(dijon)

    assert [fiche.code for fiche in schema.fiches] == ["PE-1", "PE-2", "PE-3", "PE-4", "PE-5"]
    # Annexe 2: 28 EAJE and 5 RPE; annexe 2 bis: 2 EAJE and a LAEP. No ALSH, no centre social.
    assert len(schema.offre) == 36
    assert not {ligne.type_structure for ligne in schema.offre} & {"ALSH", "Centre social"}


def test_what_no_field_holds_is_missing_and_what_is_written_is_not(dijon):
    FicheProjet.objects.filter(axe__code="PE").update(constat="")
    Moyen.objects.filter(fiche__axe__code="PE").delete()
    _, schema = schema_de(dijon)
    manques = " ".join(schema.manques)
    for dit in ("1° capacité", "2° besoins", "3° zones", "4° b)", "4° c)", "4° d)", "4° e)", "4° f)"):
        assert dit in manques
    assert "1° répertoire" not in manques
    assert "4° a)" not in manques

    FicheProjet.objects.filter(code="PE-1").update(constat="Deux cents familles attendent.")
    signataire = dijon.signataires.first()
    Moyen.objects.create(
        fiche=FicheProjet.objects.get(code="PE-1"),
        signataire=signataire,
        annee=2025,
        nature="investissement",
        prevu=1000,
        source="Fiche signée",
    )
    Structure.objects.update(capacite=20)
    _, schema = schema_de(dijon)
    manques = " ".join(schema.manques)
    for dit in ("1° capacité", "2° besoins", "4° e)", "4° f)"):
        assert dit not in manques
    assert schema.places == (600, 30)  # 20 in each of the EAJE: a relais and a LAEP have no places


def test_a_convention_without_such_an_axe_has_none(client_de, dijon):
    Axe.objects.filter(code="PE").update(intitule="Autre chose")

    assert schema_de(dijon)[1] is None
    assert client_de("cooperation").get(URL).status_code == 404


@pytest.mark.document
def test_the_document_says_each_heading_in_the_order_of_the_decree(dijon):
    Etape.objects.filter(fiche__code="PE-5").delete()
    pdf = PdfReader(io.BytesIO(render_schema_pdf(*schema_de(dijon))))
    texte = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))

    rubriques = [
        "1° Répertoire",
        "2° Besoins",
        "3° Zones",
        "a) Objectifs",
        "b) Emplois",
        "c) Familles",
        "d) Accompagnement",
        "e) Investissements",
        "f) Coûts",
        "g) Calendrier",
        "h) Indicateurs",
    ]
    corps = texte[texte.index("1° Répertoire de l’offre d’accueil") :]
    places = [corps.index(rubrique) for rubrique in rubriques]
    assert places == sorted(places)
    assert "D. 214-10-1" in texte
    assert "Multi-accueil Balzac" in texte
    assert "PE-1-01" in texte
