"""The whole year in a real browser, by five accounts: from the opening of the campaign to a COPIL member's download."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from evaluation.models import Avancement, Bilan, Campagne, Saisie

ANNEE = 2024
EVALUATION = f"/dijon-2024/evaluation/{ANNEE}/"
BILAN = f"{EVALUATION}bilan/"
TEXTE = "Le guichet unique a reçu toutes les familles."


@pytest.fixture
def comme(browser, site):
    """comme("caf") is a page of a browser of its own, logged in as that account."""
    contextes = []

    def entrer(nom):
        contexte = browser.new_context(viewport={"width": 1280, "height": 800})
        contexte.set_default_timeout(60_000)
        contextes.append(contexte)
        page = contexte.new_page()
        page.goto(f"{site}/compte/connexion/")
        page.get_by_label("Adresse électronique").fill(f"{nom}@demo.invalid")
        page.get_by_label("Mot de passe").fill("demo")
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url("**/dijon-2024/")
        return page

    yield entrer
    for contexte in contextes:
        contexte.close()


def etape(page, site, action, **champs):
    """One step of the version, by its own page."""
    page.goto(f"{site}{BILAN}v1/{action}/")
    for libelle, valeur in champs.items():
        page.locator(f"#id_{libelle}").fill(valeur)
    with page.expect_navigation():
        page.locator("form#formulaire button[type=submit]").last.click()


def test_from_the_opening_to_the_download_of_a_copil_member(comme, site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Campagne.objects.filter(annee=ANNEE).delete()
    cooperation, referent, copil = comme("cooperation"), comme("referent"), comme("copil")
    limite = timezone.localdate() + datetime.timedelta(days=10)

    # The chargée de coopération prepares and opens.
    cooperation.goto(f"{site}{EVALUATION}campagne/preparer/")
    cooperation.locator("[name=date_limite]").fill(limite.isoformat())
    with cooperation.expect_navigation():
        cooperation.locator("main form button[type=submit]").last.click()
    cooperation.goto(f"{site}{EVALUATION}campagne/{Campagne.objects.get(annee=ANNEE).pk}/ouvrir/")
    with cooperation.expect_navigation():
        cooperation.get_by_role("button", name="Ouvrir et prévenir").click()

    # The référent finds the work on the first page, enters it and submits.
    referent.goto(f"{site}/dijon-2024/")
    expect(referent.get_by_role("heading", name="À faire")).to_be_visible()
    referent.goto(f"{site}{EVALUATION}saisie/PE-1/")
    referent.locator("#id_avancement-realisations").fill(TEXTE)
    referent.get_by_role("button", name="Enregistrer, puis soumettre").click()
    referent.get_by_role("button", name="Soumettre", exact=True).click()
    referent.wait_for_url(f"**{EVALUATION}saisie/PE-1/")
    assert Avancement.objects.get(fiche__code="PE-1", annee=ANNEE).realisations == TEXTE

    # The coordinatrice validates what she did not submit.
    coordinatrice = comme("petite-enfance")
    coordinatrice.goto(f"{site}{EVALUATION}saisie/PE-1/valider/")
    with coordinatrice.expect_navigation():
        coordinatrice.get_by_role("button", name="Valider", exact=True).click()
    assert Saisie.objects.get(fiche__code="PE-1", campagne__annee=ANNEE).statut == "validee"

    # Closed, frozen, debated, sent; the COPIL reaches nothing of it.
    cooperation.goto(f"{site}{EVALUATION}campagne/{Campagne.objects.get(annee=ANNEE).pk}/clore/")
    with cooperation.expect_navigation():
        cooperation.get_by_role("button", name="Clore la campagne").click()
    cooperation.goto(f"{site}{BILAN}")
    for role in ("link", "button"):
        with cooperation.expect_navigation():
            cooperation.get_by_role(role, name="Figer").first.click()
    etape(cooperation, site, "ouvrir-debat")
    etape(cooperation, site, "consigner", intitule="Séminaire", date=str(timezone.localdate()))
    etape(cooperation, site, "clore-debat")
    etape(cooperation, site, "transmettre")
    assert Bilan.objects.get(annee=ANNEE).statut == "transmise"
    assert copil.goto(f"{site}{BILAN}v1/").status == 404

    # The Caf gives its aval to what it read.
    caf = comme("caf")
    etape(caf, site, "avaliser")
    assert Bilan.objects.get(annee=ANNEE).statut == "avalisee"
    assert copil.goto(f"{site}{BILAN}v1/").status == 200
    expect(copil.get_by_text("PROJET SOUMIS AU COPIL").first).to_be_visible()

    # Concluded, published, downloaded.
    etape(cooperation, site, "soumettre")
    etape(cooperation, site, "conclure", date=str(timezone.localdate()), texte="Le COPIL approuve le bilan.")
    etape(cooperation, site, "publier")
    assert Bilan.objects.get(annee=ANNEE).statut == "publiee"
    with copil.expect_download() as telechargement:
        copil.goto(f"{site}/dijon-2024/")
        copil.locator("a[href*='/bilan/'][href$='/pdf/']").first.click()
    assert telechargement.value.path().read_bytes().startswith(b"%PDF")
