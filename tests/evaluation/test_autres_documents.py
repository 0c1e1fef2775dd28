"""A fiche, the carnet and the year at a glance: the same figures, on the pages that they may take."""

import dataclasses
import datetime
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
from evaluation.enums import Sortie
from evaluation.enums import StatutBilan as B
from evaluation.lecture import EN_COURS, caches
from evaluation.models import Mesure
from evaluation.reports import collect_bilan
from fiches.models import FicheProjet
from tests.evaluation.outils import HOSTILE, NOW

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
    syntheses = tuple(dataclasses.replace(s, nb_decisions=s.nb_fiches) for s in edition.complet.syntheses)
    contenu = dataclasses.replace(edition.complet, fiches=fiches, syntheses=syntheses)

    nb, texte = lire(render_coup_d_oeil_pdf(Edition(contenu)))

    assert nb == 1
    assert "autres étapes" in texte
    assert f"et {len(fiches) - NB_DECISIONS} autres" in texte


def test_what_is_not_public_is_counted_all_the_same(edition):
    """Nothing approved: the texts are out, their number and the sky of each axe are not."""
    public = dataclasses.replace(edition, sortie=Sortie.PUBLIC)

    _, texte = lire(render_coup_d_oeil_pdf(public))
    _, complet = lire(render_coup_d_oeil_pdf(edition))

    nb = sum(synthese.nb_decisions for synthese in edition.complet.syntheses)
    assert nb > 0
    assert f"{nb}décisionsdemandées" in sans_espaces(texte)
    assert f"{nb}décisions,dontletexten’estpasdanslaversionpublique" in sans_espaces(texte)
    for texte_lu in (texte, complet):
        assert "étapes en retard sur" in texte_lu
        assert (
            f"({edition.complet.syntheses[0].nb_taux} sur {edition.complet.syntheses[0].nb_fiches})"
            in texte_lu
        )


def test_the_caf_is_told_what_its_page_does_not_count(dijon, compte):
    caf = compte("caf")
    contenu = collect_bilan(dijon, 2025, now=NOW, caches=caches(caf, dijon))
    nb = sum(manque[2] == EN_COURS for manque in contenu.manquants)
    assert nb > 1

    _, texte = lire(render_coup_d_oeil_pdf(Edition(contenu)))

    assert f"{nb} valeurs sont d’une saisie en cours, pas encore soumise" in texte


def test_who_reads_the_day_may_ask_for_what_is_published(amener, client_de):
    bilan = amener(B.PUBLIEE)
    client = client_de("cooperation")

    page = client.get("/dijon-2024/evaluation/2025/").content.decode()
    _, publiee = lire(client.get(f"{A}fiches/PE-1/pdf/?version=publiee").content)
    _, du_jour = lire(client.get(f"{A}fiches/PE-1/pdf/").content)

    assert "carnet/pdf/?version=publiee" in page
    assert bilan.empreinte[:12] in publiee.replace("\n", "")
    assert "DOCUMENT DE TRAVAIL" in du_jour


@pytest.mark.parametrize("au", ["abc", "2025-02-30", "2024-06-30"])
def test_a_carnet_of_no_day_of_the_year_says_so(client_de, au):
    page = client_de("cooperation").get(f"{A}carnet/pdf/?au={au}", follow=True)

    assert page.redirect_chain == [(A, 302)]
    assert "Le carnet n’est pas fait : choisissez un jour de 2025." in page.content.decode()


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


def test_who_has_the_document_of_a_version_is_not_given_it_again(amener, client_de):
    adresse, client = f"{A}coup-d-oeil/pdf/", client_de("copil")
    amener(B.PUBLIEE)
    etag = client.get(adresse)["ETag"]

    assert client.get(adresse, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(adresse, headers={"If-None-Match": 'W/"autre"'}).status_code == 200
    assert "ETag" not in client_de("cooperation").get(
        f"{A}fiches/PE-1/pdf/"
    )  # live: another minute, another text


def test_the_carnet_of_a_day_holds_the_fiches_of_that_day(dijon):
    FicheProjet.objects.filter(code="PE-1").update(date_fin=datetime.date(2025, 7, 1))
    FicheProjet.objects.filter(code="PE-2").update(date_effet=datetime.date(2025, 7, 1))

    def carnet(jour):
        return {f.code for f in collect_bilan(dijon, 2025, now=NOW, au=jour).fiches} & {
            "PE-1",
            "PE-2",
            "PE-3",
        }

    assert carnet(datetime.date(2025, 6, 30)) == {"PE-1", "PE-3"}
    assert carnet(datetime.date(2025, 7, 1)) == {"PE-2", "PE-3"}
    _, texte = lire(
        render_carnet_pdf(
            Edition(
                collect_bilan(dijon, 2025, now=NOW, au=datetime.date(2025, 6, 30)),
                au=datetime.date(2025, 6, 30),
            )
        )
    )
    assert "en vigueur le 30 juin 2025" in texte


@pytest.mark.parametrize("adresse", ["2027/carnet/pdf/", "2027/coup-d-oeil/pdf/"])
def test_a_day_of_another_year_and_a_year_to_come_have_no_document(client_de, adresse):
    assert client_de("cooperation").get(f"/dijon-2024/evaluation/{adresse}").status_code == 404


def test_the_committee_has_the_fiche_as_it_may_read_it(amener, client_de):
    adresse = f"{A}fiches/PE-1/pdf/"
    assert client_de("copil").get(adresse).status_code == 403
    amener(B.AVALISEE)
    FicheProjet.objects.filter(code="PE-1").update(description="Écrit depuis le gel")

    _, texte = lire(b"".join(client_de("copil").get(adresse)))

    assert "PROJET SOUMIS AU COPIL" in texte
    assert "Écrit depuis le gel" not in texte
    assert client_de("lecteur").get(adresse).status_code == 403


def test_live_prints_are_told_apart_by_their_time(edition):
    _, texte = lire(render_fiche_pdf(seule(edition, "PE-1")))
    assert "Produit le 02/03/2026 à 09:00" in texte


def test_the_first_year_says_nothing_of_the_one_before(dijon):
    premiere = Edition(collect_bilan(dijon, 2024, now=NOW))
    _, texte = lire(render_fiche_pdf(seule(premiere, "PE-1")))

    assert "2023 :" not in texte  # the day of a départ may be of 2023
    assert "2024 :" in texte


def test_a_value_says_when_it_was_entered(dijon):
    Mesure.objects.filter(indicateur__code="PE-1-01", annee=2025).update(
        updated_at=datetime.datetime(2026, 1, 14, 23, 30, tzinfo=datetime.UTC)
    )
    edition = Edition(collect_bilan(dijon, 2025, now=NOW))

    _, texte = lire(render_fiche_pdf(seule(edition, "PE-1")))

    assert texte.count("saisi le") == 1  # what came with the convention has no day
    assert "saisi le 15 janvier 2026" in texte  # the day of Paris
