"""The end-of-convention assessment: the years side by side, as the bilans that one may read say them."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from evaluation.canonique import ecrire, lire
from evaluation.contenus import lire_contenu
from evaluation.enums import StatutBilan as B
from evaluation.finale.documents import render_finale_pdf, render_finale_xlsx
from evaluation.finale.reports import Finale, collect_finale
from evaluation.finale.services import conclure
from evaluation.models import ConclusionFinale, Effet, Fabrication, Indicateur
from evaluation.views import fabrications
from fiches.models import Axe, FicheProjet
from tests.evaluation.outils import travailler
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
PAGE = "/dijon-2024/evaluation/finale/"


def finale(dijon, compte, nom="cooperation"):
    return collect_finale(dijon, compte(nom), now=timezone.localtime())


@pytest.fixture
def effets(dijon):
    pe1 = FicheProjet.objects.get(convention=dijon, code="PE-1", date_fin=None)
    for sens, constat in (
        ("positif", "Les délais baissent"),
        ("positif", "Plus de pères"),
        ("negatif", "File d’attente"),
    ):
        Effet.objects.create(
            convention=dijon,
            fiche=pe1,
            annee=2025,
            sens=sens,
            is_attendu=True,
            origine="direct",
            constat=constat,
        )


def test_it_says_which_years_are_there_and_which_are_missing(amener, dijon, compte):
    bilan = amener(B.PUBLIEE)

    lue = finale(dijon, compte)

    assert [(a.annee, a.version, a.is_publiee) for a in lue.annees] == [(2025, 1, True)]
    assert [annee for annee, _ in lue.manquantes] == [2024, 2026, 2027]
    assert dict(lue.manquantes)[2027] == "l’année n’a pas commencé"
    assert lue.is_provisoire
    assert bilan.empreinte[:12] in lue.annees[0].identifiant


def test_each_figure_is_the_one_that_its_bilan_froze(amener, dijon, compte):
    contenu = lire_contenu(amener(B.PUBLIEE).contenu)
    Indicateur.objects.filter(code="PE-1-01").update(valeur_depart=1)  # what is live does not count

    lue = finale(dijon, compte)

    [pe] = [axe for axe in lue.axes if axe.code == "PE"]
    [fiche] = [f for f in pe.fiches if f.code == "PE-1"]
    [ligne] = [i for i in fiche.indicateurs if i.code == "PE-1-01"]
    [gelee] = [i for f in contenu.fiches for i in f.indicateurs if i.code == "PE-1-01"]
    assert ligne.par_annee == ((2025, "1\u202f385\xa0familles (non validée)"),)
    assert (ligne.depart, ligne.cible, ligne.derniere) == (1200, 1400, 2025)
    assert ligne.atteinte == gelee.atteinte
    assert lue.annees[0].completude == contenu.completude
    assert [axe.code for axe in lue.axes] == ["PE", "ENF", "JEU", "AVS"]
    [synthese] = [s for s in contenu.syntheses if s.code == "PE"]
    assert pe.statuts == tuple((statut, (nb,)) for statut, nb in synthese.statuts)


def test_effects_are_counted_by_sense_and_quoted(effets, amener, dijon, compte):
    amener(B.PUBLIEE)

    [pe] = [axe for axe in finale(dijon, compte).axes if axe.code == "PE"]

    assert pe.comptes == (("positif", 2), ("négatif", 1))
    assert ("PE-1", 2025, "File d’attente") in {(e.fiche, e.annee, e.effet.constat) for e in pe.effets}


@pytest.mark.parametrize(
    ("statut", "lisent"),
    [
        (B.FIGEE, {"cooperation", "referent"}),
        (B.TRANSMISE, {"cooperation", "referent", "caf"}),
        (B.AVALISEE, {"cooperation", "referent", "caf", "copil"}),
        (B.PUBLIEE, {"cooperation", "referent", "caf", "copil", "lecteur"}),
    ],
)
def test_each_person_reads_the_versions_that_they_may(amener, dijon, compte, client_de, statut, lisent):
    amener(statut)

    for nom in ("cooperation", "referent", "caf", "copil", "lecteur"):
        assert bool(finale(dijon, compte, nom).annees) is (nom in lisent), nom
        page = client_de(nom).get(PAGE).content.decode()
        assert ("PE-1-01" in page) is (nom in lisent), nom


def test_a_lecteur_reads_the_public_output(amener, dijon, compte):
    amener(B.PUBLIEE)

    lue = finale(dijon, compte, "lecteur")

    assert lue.is_publique
    assert "/public/" in lue.annees[0].identifiant
    assert not finale(dijon, compte, "copil").is_publique


def test_without_a_bilan_there_is_nothing_to_print(client_de):
    client = client_de("copil")

    page = client.get(PAGE).content.decode()

    assert "aucun bilan ne vous est ouvert" in page
    assert "Il n’y a encore rien à comparer" in page
    assert client.get(f"{PAGE}pdf/").status_code == 404


def test_a_conclusion_is_the_teams_until_it_is_opened(amener, dijon, compte, client_de):
    amener(B.PUBLIEE)
    pe = Axe.objects.get(convention=dijon, code="PE")
    conclusion = conclure(
        ConclusionFinale(convention=dijon, axe=pe, texte="Le guichet a tenu."), par=compte("cooperation")
    )

    assert "Le guichet a tenu." in client_de("referent").get(PAGE).content.decode()
    assert "Le guichet a tenu." not in client_de("copil").get(PAGE).content.decode()
    assert "Le guichet a tenu." not in client_de("caf").get(PAGE).content.decode()
    conclusion.is_ouverte = True
    conclure(conclusion, par=compte("cooperation"))
    assert "Le guichet a tenu." in client_de("copil").get(PAGE).content.decode()


def test_only_the_charge_de_cooperation_concludes(dijon, compte):
    with pytest.raises(PermissionDenied):
        conclure(ConclusionFinale(convention=dijon, texte="Non."), par=compte("petite-enfance"))


def test_one_conclusion_for_the_whole_and_one_for_each_axe(dijon):
    ConclusionFinale.objects.create(convention=dijon, texte="Une")

    with pytest.raises(IntegrityError), transaction.atomic():
        ConclusionFinale.objects.create(convention=dijon, texte="Deux")


def test_the_form_writes_and_keeps_a_draft(dijon, client_de):
    client, url = client_de("cooperation"), f"{PAGE}conclusions/generale/"
    data = formulaire(client.get(url))

    assert client.post(url, data | {"texte": "En cours", "brouillon": "1"}).status_code == 200
    assert client.get(url).context["form"]["texte"].value() == "En cours"
    response = client.post(url, data | {"texte": "Quatre ans de guichet unique.", "is_ouverte": "on"})

    assert response["Location"] == PAGE
    conclusion = ConclusionFinale.objects.get(convention=dijon, axe=None)
    assert (conclusion.texte, conclusion.is_ouverte) == ("Quatre ans de guichet unique.", True)
    assert conclusion.historique.count() == 1


def test_two_people_on_one_conclusion_lose_nothing(dijon, client_de):
    client, url = client_de("cooperation"), f"{PAGE}conclusions/generale/"
    ConclusionFinale.objects.create(convention=dijon, texte="Avant")
    data = formulaire(client.get(url))
    conclusion = ConclusionFinale.objects.get(convention=dijon)
    conclusion.texte = "Celui d’une autre"
    conclusion.save()

    page = client.post(url, data | {"texte": "Le mien"}).content.decode()

    assert "Celui d’une autre" in page
    assert "Le mien" in page
    assert ConclusionFinale.objects.get(convention=dijon).texte == "Celui d’une autre"


def test_an_axe_of_another_convention_is_not_found(dijon, client_de):
    assert client_de("cooperation").get(f"{PAGE}conclusions/999999/").status_code == 404
    sous_axe = Axe.objects.filter(convention=dijon, rang=2).first()
    assert client_de("cooperation").get(f"{PAGE}conclusions/{sous_axe.pk}/").status_code == 404


def test_the_workbook_holds_the_same_figures_as_numbers(effets, amener, dijon, compte):
    amener(B.PUBLIEE)

    classeur = load_workbook(BytesIO(render_finale_xlsx(finale(dijon, compte))))

    assert classeur.sheetnames == ["Lisez-moi", "Indicateurs", "Fiches", "Moyens", "Effets", "Décisions"]
    titres, *lignes = list(classeur["Indicateurs"].iter_rows(min_row=4, values_only=True))
    [ligne] = [dict(zip(titres, valeurs, strict=True)) for valeurs in lignes if valeurs[2] == "PE-1-01"]
    assert (ligne["Départ"], ligne["Cible"], ligne["Dernière année"]) == (1200, 1400, "2025")
    assert "manque" in str(list(classeur["Lisez-moi"].iter_rows(values_only=True)))


def test_the_document_says_what_it_stands_on(effets, amener, dijon, compte):
    amener(B.PUBLIEE)
    conclure(ConclusionFinale(convention=dijon, texte="Quatre ans."), par=compte("cooperation"))

    pages = [
        page.extract_text() for page in PdfReader(BytesIO(render_finale_pdf(finale(dijon, compte)))).pages
    ]
    texte = " ".join(" ".join(pages).split())

    assert "1 bilan sur 4 années" in texte.replace("\u202f", " ").replace("\xa0", " ")
    assert "DOCUMENT DE TRAVAIL" in texte
    assert "Quatre ans." in texte
    assert "File d’attente" in texte
    assert "à compléter" not in pages[1]  # an empty conclusion is not printed


def test_what_was_read_is_what_the_worker_is_given(effets, amener, dijon, compte):
    amener(B.PUBLIEE)
    lue = finale(dijon, compte)

    assert lire(Finale, ecrire(lue)) == lue


def test_a_worker_makes_the_document(effets, amener, client_de, monkeypatch, file_d_attente):
    monkeypatch.setattr(fabrications, "PATIENCE", 0)
    amener(B.PUBLIEE)  # its files are in a folder of this test
    client = client_de("cooperation")

    attente = client.get(f"{PAGE}pdf/")
    travailler()
    fichier = client.get(f"/dijon-2024/evaluation/documents/{Fabrication.objects.get().cle}/")

    assert attente.status_code == 202
    assert fichier["Content-Disposition"] == 'attachment; filename="evaluation-finale-dijon-2024.pdf"'
    textes = [page.extract_text() for page in PdfReader(BytesIO(b"".join(fichier.streaming_content))).pages]
    assert "File d’attente" in " ".join(textes)
