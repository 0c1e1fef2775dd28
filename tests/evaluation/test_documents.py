"""The bilan: its data, its three forms, and the same figures in all of them."""

import dataclasses
import datetime
import io
import json
import re
from decimal import Decimal as D

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import TextBox

from ctg.models import Avenant
from ctg.pdf import STATIC_BASE, StaticFetcher
from evaluation.autres_documents import render_carnet_pdf
from evaluation.bilan import Completude
from evaluation.canonique import ecrire
from evaluation.documents import FORMATS, contexte
from evaluation.ecriture import couper
from evaluation.edition import Edition
from evaluation.models import Avancement, Indicateur, Mesure
from evaluation.reports import collect_bilan
from fiches.models import Axe, FicheProjet
from fiches.succession import succeder
from tests.evaluation.outils import HOSTILE, NOW, lignes_du_tableau

pytestmark = pytest.mark.django_db


def fiche(bilan, code):
    return next(f for f in bilan.fiches if f.code == code)


def indicateur(bilan, code):
    return next(i for f in bilan.fiches for i in f.indicateurs if i.code == code)


def test_a_row_of_the_table(bilan):
    pe1 = fiche(bilan, "PE-1")
    ligne = indicateur(bilan, "PE-1-01")

    assert (pe1.statut_precedent, pe1.statut, pe1.nb_etapes_faites, len(pe1.etapes)) == (
        "en préparation",
        "en cours",
        3,
        4,
    )
    assert (ligne.depart, ligne.cible, ligne.precedente.nombre, ligne.valeur.nombre) == (
        D(1200),
        D(1400),
        D(1310),
        D(1385),
    )
    assert (ligne.ecart, ligne.atteinte) == (D(-15), D("92.5"))
    assert [(p.annee, p.valeur, p.cible) for p in ligne.serie] == [
        (2024, D(1310), D(1250)),
        (2025, D(1385), D(1400)),
        (2026, None, D(1550)),
        (2027, None, D(1700)),
    ]


def test_missing_is_not_zero(bilan):
    assert indicateur(bilan, "PE-4-01").ecart is None
    assert indicateur(bilan, "PE-2-03").valeur.nombre == 0
    assert indicateur(bilan, "PE-2-03").ecart == D(-16)
    assert fiche(bilan, "JEU-3").taux_avancement is None
    assert fiche(bilan, "AVS-1").completude == Completude(1, 3, 0, 1)
    assert ("AVS-1", "AVS-1-03 Permanences numériques", "") in bilan.manquants


def test_sans_objet_is_counted_apart(dijon):
    bilan = collect_bilan(dijon, 2024, now=NOW)

    assert fiche(bilan, "JEU-2").completude == Completude(1, 1, 1, 1)


def test_syntheses_stand_on_what_they_say(dijon):
    Avancement.objects.filter(annee=2025, fiche__code__startswith="AVS").delete()
    Avancement.objects.create(annee=2025, fiche=FicheProjet.objects.get(code="AVS-1"), taux_avancement=30)

    avs = collect_bilan(dijon, 2025, now=NOW).syntheses[3]

    assert (avs.taux_moyen, avs.nb_taux, avs.nb_fiches) == (D("30.0"), 1, 2)


def test_every_form_says_what_it_is(dijon, bilan):
    assert (
        json.loads(FORMATS["json"].render(Edition(bilan)))["marques"]
        == "DOCUMENT DE TRAVAIL — DONNÉES DE DÉMONSTRATION"
    )

    dijon.is_demonstration = False
    assert Edition(collect_bilan(dijon, 2025, now=NOW)).marques == "DOCUMENT DE TRAVAIL"


def test_internal_notes_are_nowhere(bilan):
    assert "entre nous" not in ecrire(bilan)


@pytest.mark.parametrize("nb", [3, 300])
def test_query_count_is_constant(dijon, nb, django_assert_max_num_queries):
    axe = Axe.objects.get(code="PE")
    for n in range(nb):
        nouvelle = FicheProjet.objects.create(convention=dijon, axe=axe, code=f"X-{n}", numero=100 + n)
        Indicateur.objects.create(
            fiche=nouvelle, code=f"X-{n}-1", ordre=1, intitule="x", nature="entier", type_indicateur="moyens"
        )

    with django_assert_max_num_queries(43):
        bilan = collect_bilan(dijon, 2025, now=NOW)

    assert len(bilan.fiches) == 15 + nb


def test_what_ends_in_a_year_is_of_that_year_and_not_of_the_next(dijon):
    FicheProjet.objects.filter(code="PE-1").update(date_fin=datetime.date(2025, 7, 1))

    assert "PE-1" in {f.code for f in collect_bilan(dijon, 2025, now=NOW).fiches}
    assert "PE-1" not in {f.code for f in collect_bilan(dijon, 2026, now=NOW).fiches}


@pytest.mark.parametrize("annee", [2024, 2025, 2026])
def test_means_by_signataire_are_the_sum_of_the_sections(dijon, annee):
    milieu = datetime.date(2025, 7, 1)
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=milieu)
    succeder(FicheProjet.objects.get(code="PE-1").pk, avenant, {"intitule": "Un autre titre"})
    FicheProjet.objects.filter(code="PE-2").update(date_fin=milieu)

    bilan = collect_bilan(dijon, annee, now=NOW)
    sommes = {}
    for moyen in (moyen for fiche in bilan.fiches for moyen in fiche.moyens):
        cle = moyen.signataire, moyen.nature
        sommes[cle] = sommes.get(cle, 0) + moyen.prevu

    assert {(ligne.signataire, ligne.nature): ligne.prevu.somme for ligne in bilan.moyens} == sommes


@pytest.mark.parametrize(
    ("annee", "jour", "attendu"),
    [
        (2024, "2026-03-02", ["à venir", "à venir", "à venir", "à venir", "faite"]),
        (2025, "2025-06-30", ["faite", "à venir", "à venir", "à venir", "faite"]),
        (2025, "2025-10-01", ["faite", "en retard", "à venir", "à venir", "faite"]),
        (2025, "2026-03-02", ["faite", "en retard", "à venir", "à venir", "faite"]),
        (2026, "2026-03-02", ["faite", "en retard", "faite", "en retard", "faite"]),
        (2027, "2026-03-02", ["faite", "à venir", "faite", "à venir", "faite"]),
    ],
)
def test_steps_are_those_of_the_end_of_the_year(dijon, annee, jour, attendu):
    fiche = FicheProjet.objects.get(code="PE-1")
    fiche.etapes.all().delete()
    for ordre, (echeance, is_faite) in enumerate(
        [
            ("2025-12-31", True),
            ("2025-09-30", False),
            ("2026-06-30", True),
            ("2026-02-28", False),
            (None, True),
        ]
    ):
        fiche.etapes.create(ordre=ordre, intitule="x", echeance=echeance, is_faite=is_faite)
    now = datetime.datetime.fromisoformat(f"{jour}T12:00+01:00")

    etapes = next(f for f in collect_bilan(dijon, annee, now=now).fiches if f.code == "PE-1").etapes

    assert [
        "faite" if e.is_faite else "en retard" if e.is_en_retard else "à venir" for e in etapes
    ] == attendu


def test_a_fiche_without_a_title_is_named_once_in_the_tree(bilan):
    html = render_to_string("evaluation/bilan_pdf.html", contexte(Edition(bilan)))
    arbre = re.sub(r"<[^>]+>", "", html[html.index('id="arbre"') : html.index('id="synthese"')])

    assert "Fiche AVS-1 — intitulé à compléter" in arbre
    assert "Fiche n°" not in arbre


def test_the_status_of_a_year_says_of_which_year(client_de):
    Avancement.objects.create(fiche=FicheProjet.objects.get(code="PE-1"), annee=2026, statut="realisee")
    page = client_de("cooperation").get("/dijon-2024/fiches/PE-1/").content.decode()
    texte = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))

    assert "réalisée au bilan 2026" in texte
    assert "en cours au bilan 2025" in texte
    assert texte.count("au bilan") == 3


SINGULIER = re.compile(
    r"\b[01](?:,\d+)?(?: |\u00a0)(?:valeurs|fiches|étapes|décisions|places|jours|points|établissements|connus|faites)\b"
)


def test_zero_and_one_are_singular_on_paper_and_on_screen(client_de, dijon):
    FicheProjet.objects.exclude(code__in=["PE-2", "PE-3"]).update(date_fin=datetime.date(2024, 2, 1))
    for fiche in FicheProjet.objects.filter(code__in=["PE-2", "PE-3"]):
        fiche.etapes.exclude(ordre=1).update(is_faite=False)
    Avancement.objects.exclude(fiche__code="PE-2").delete()
    Avancement.objects.filter(fiche__code="PE-2").update(decision_demandee="x")
    Mesure.objects.filter(annee=2025).exclude(indicateur__code="PE-2-01").delete()
    client = client_de("cooperation")
    pages = [
        render_to_string("evaluation/bilan_pdf.html", contexte(Edition(collect_bilan(dijon, 2025, now=NOW)))),
        *(
            client.get(f"/dijon-2024/{page}").content.decode()
            for page in ("evaluation/2025/", "evaluation/2025/tableau/", "fiches/", "fiches/PE-3/", "")
        ),
    ]

    assert [trouve for page in pages for trouve in SINGULIER.findall(re.sub(r"<[^>]+>", "", page))] == []
    for texte in (
        "sur 1 fiche de 2",
        "1 décision demandée",
        "0 décision demandée",
        "0 valeur sur",
        "1 valeur d’indicateurs sur 6 attendues",
        "1 étape faite sur 3",
        "non renseigné — 1 étape faite",
    ):
        assert texte in pages[0], texte
    assert "1 étape faite sur 3" in pages[2]
    assert "1 faite sur 3" in pages[3]
    assert "1 faite sur 3" in pages[4]


def test_the_gap_of_a_percentage_is_in_points(client_de, dijon):
    Mesure.objects.filter(indicateur__code="PE-2-01", annee=2025).update(valeur=22)
    bilan = collect_bilan(dijon, 2025, now=NOW)
    lignes = lignes_du_tableau(bilan)

    for page in (
        render_to_string("evaluation/bilan_pdf.html", contexte(Edition(bilan))),
        client_de("cooperation").get("/dijon-2024/evaluation/2025/tableau/").content.decode(),
    ):
        lue = page.replace("\u00a0", " ").replace(" ·", "<")
        assert "0,98 point<" in lue
        assert "2 points<" in lue
    assert [lignes[code]["Unité de l’écart"].value for code in ("PE-1-02", "PE-4-02", "ENF-3-03")] == [
        "points",
        "places",
        "€",
    ]


def test_euros_with_cents_have_both_digits(client_de, bilan):
    cents = "23\u202f505,90\u00a0€"

    assert cents in render_to_string("evaluation/bilan_pdf.html", contexte(Edition(bilan)))
    assert cents in client_de("caf").get("/dijon-2024/fiches/AVS-2/").content.decode()
    assert "1,5<" in client_de("caf").get("/dijon-2024/fiches/AVS-2/").content.decode()
    assert "€" in client_de("caf").get("/dijon-2024/moyens/").content.decode()


@pytest.mark.document
def test_hostile_texts_stay_texts_in_every_form(dijon):
    Avancement.objects.filter(fiche__code="PE-1", annee=2025).update(realisations=HOSTILE.replace("\x0b", ""))
    FicheProjet.objects.filter(code="PE-1").update(
        intitule="=HYPERLINK(1)", constat=HOSTILE.replace("\x0b", "")
    )
    bilan = collect_bilan(dijon, 2025, now=NOW)
    bilan = dataclasses.replace(bilan, convention="CTG & <b>=2</b>\x0b")

    feuille = load_workbook(io.BytesIO(FORMATS["xlsx"].render(Edition(bilan))))["Tableau récapitulatif"]
    texte = pdf_texte(FORMATS["pdf"].render(Edition(bilan)))

    assert "f" not in {cell.data_type for row in feuille.iter_rows() for cell in row}
    assert feuille["C5"].value == "=HYPERLINK(1)"
    assert '<img src="http://127.0.0.1:9/x.png">' in texte
    assert json.loads(FORMATS["json"].render(Edition(bilan)))["bilan"]["convention"] == "CTG & <b>=2</b>\x0b"


def pdf_texte(content):
    return " ".join(
        re.sub(r"\s+", " ", page.extract_text().replace("\x00", ""))
        for page in PdfReader(io.BytesIO(content)).pages
    )


@pytest.mark.document
def test_pdf_has_its_parts_and_true_page_numbers(bilan, pdf):
    reader = PdfReader(io.BytesIO(pdf))
    pages = reader.pages
    textes = [re.sub(r"\s+", " ", page.extract_text()) for page in pages]

    assert "Bilan annuel" in textes[0]
    assert "DOCUMENT DE TRAVAIL — DONNÉES DE DÉMONSTRATION" in textes[0]
    assert all("DONNÉES DE DÉMONSTRATION" in texte for texte in textes)
    assert any(page.mediabox.width > page.mediabox.height for page in pages)
    for f in bilan.fiches:
        [numero] = {
            int(m)
            for m in re.findall(
                rf"{f.code} {re.escape(f.titre)}[ .]*?(\d+)(?= |$)", textes[1].replace("\u00a0", " ")
            )
        } or {int(m) for m in re.findall(rf"{f.code} .{{0,140}}?[ .]{{3,}}(\d+)", textes[1])}
        assert f"{f.code} · {f.axe}" in textes[numero - 1], f.code
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata.title.startswith("Bilan 2025")


@pytest.mark.document
def test_nothing_runs_off_the_page(dijon):
    """Every line of text ends within its page's margins, a word of 10,000 characters too."""
    Avancement.objects.filter(annee=2025, fiche__code__in=("PE-1", "AVS-2")).update(
        realisations="é" * 10_000, decision_demandee="x" * 400
    )
    html = render_to_string(
        "evaluation/bilan_pdf.html", contexte(Edition(collect_bilan(dijon, 2025, now=NOW)))
    )
    document = HTML(string=html, base_url=STATIC_BASE, url_fetcher=StaticFetcher()).render()
    dehors = [
        (numero, round(box.position_x + box.width), box.text[:20])
        for numero, page in enumerate(document.pages, start=1)
        for box in page._page_box.descendants()
        if isinstance(box, TextBox) and box.position_x + box.width > page.width
    ]

    assert dehors == []


def test_every_value_of_the_database_is_in_the_three_forms(bilan, pdf):
    texte = pdf_texte(pdf).replace("\u202f", " ").replace("\u00a0", " ").replace(" ", "")
    donnees = json.loads(FORMATS["json"].render(Edition(bilan)))["bilan"]
    feuille = load_workbook(io.BytesIO(FORMATS["xlsx"].render(Edition(bilan))))["Tableau récapitulatif"]
    entetes = [cell.value for cell in feuille[4]]
    xlsx = {
        row[entetes.index("Code indicateur")].value: row[entetes.index("Réalisé 2025")].value
        for row in feuille.iter_rows(min_row=5)
    }
    dits = {i["code"]: i["valeur"] for f in donnees["fiches"] for i in f["indicateurs"]}

    mesures = Mesure.objects.filter(annee=2025).select_related("indicateur")
    assert mesures.count() > 30
    for m in mesures:
        code = m.indicateur.code
        if m.valeur is None:
            assert dits[code]["nombre"] is None
            continue
        assert D(dits[code]["nombre"]) == m.valeur
        if m.indicateur.nature == "oui_non":
            assert xlsx[code] == ("oui" if m.valeur else "non")
            continue
        assert D(str(xlsx[code])) == m.valeur
        entier, _, decimales = f"{m.valeur.normalize():f}".partition(".")
        assert entier + ("," + decimales if decimales else "") in texte, code


def test_cut_texts_end_at_a_word():
    assert couper("un deux trois", 8) == "un deux…"
    assert couper("un deux", 8) == "un deux"
    assert couper("x" * 20, 8) == "x" * 8 + "…"


def test_now_is_the_callers(bilan):
    assert bilan.generated_at == NOW
    assert timezone.is_aware(bilan.generated_at)


@pytest.mark.document
@pytest.mark.parametrize("nb", range(26, 42, 2))
def test_nothing_is_drawn_twice_wherever_the_pages_are_cut(bilan, nb):
    """Cards side by side follow their heading to the next page: the engine once left a copy of them behind."""
    fiches = tuple(
        dataclasses.replace(f, realisations="\n\n".join(["Une ligne de plus."] * nb))
        for f in bilan.fiches
        if f.code in {"PE-2", "PE-4"}
    )

    octets = render_carnet_pdf(Edition(dataclasses.replace(bilan, fiches=fiches)))

    texte = "".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages)
    assert texte.count("Écart :") == sum(len(f.indicateurs) for f in fiches)
