"""What the Caf does not read before it is submitted, on every address; the team reads all of it."""

import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from evaluation.models import Avancement, Effet, Indicateur, Mesure
from evaluation.services import Ecriture
from tests.evaluation.outils import clore, commencer, faire, fiche, qui

TEXTE, VALEUR, CONSTAT, COMMENTAIRE = (
    "Texte-encore-secret",
    "3939",
    "Constat-encore-secret",
    "Mot-encore-secret",
)
ADRESSES = (
    "/dijon-2024/",
    "/dijon-2024/fiches/PE-1/",
    "/dijon-2024/fiches/PE-1/historique/",
    "/dijon-2024/fiches/",
    "/dijon-2024/moyens/",
    *(f"/dijon-2024/evaluation/{annee}/" for annee in (2024, 2025, 2026)),
    *(f"/dijon-2024/evaluation/{annee}/tableau/" for annee in (2024, 2025, 2026)),
    *(
        f"/dijon-2024/evaluation/{annee}/{sorte}/"
        for annee in (2025, 2026)
        for sorte in ("tableau/xlsx", "bilan/json")
    ),
    "/dijon-2024/evaluation/2025/bilan/pdf/",
)


@pytest.fixture
def secrets(db):
    """PE-1 in 2025, entered and not submitted."""
    ecriture = Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now())
    ecriture.avancement({"realisations": TEXTE})
    ecriture.mesure(
        Indicateur.objects.get(code="PE-1-01"), {"valeur": int(VALEUR), "commentaire": COMMENTAIRE}
    )
    ecriture.effet(Effet(constat=CONSTAT, sens="positif", is_attendu=True, origine="direct"))


def lire(client, adresse):
    reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    contenu = reponse.getvalue()
    if adresse.endswith("pdf/"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(contenu)).pages)
    if adresse.endswith("xlsx/"):
        classeur = load_workbook(io.BytesIO(contenu))
        return " ".join(
            str(cell)
            for feuille in classeur
            for ligne in feuille.iter_rows(values_only=True)
            for cell in ligne
        )
    return contenu.decode()


def vus(client, adresse):
    if "/bilan/" in adresse and client.get(adresse).status_code == 404:
        return set()  # the working document is the team's
    lu = lire(client, adresse).replace("\u202f", "")
    return {mot for mot in (TEXTE, VALEUR, CONSTAT, COMMENTAIRE) if mot in lu}


@pytest.mark.parametrize("adresse", ADRESSES)
def test_the_caf_reads_nothing_of_it_before_the_submission(secrets, client_de, adresse):
    assert vus(client_de("caf"), adresse) == set()


def test_the_team_reads_it_and_so_does_the_caf_once_submitted(secrets, client_de):
    """The control of the test above: these addresses do show it."""
    legeres = [a for a in ADRESSES if not a.endswith("pdf/")]
    equipe, admin = client_de("cooperation"), None
    attendu = {adresse: vus(equipe, adresse) for adresse in legeres}
    assert {TEXTE, CONSTAT} <= attendu["/dijon-2024/fiches/PE-1/"]
    assert {TEXTE, VALEUR, CONSTAT, COMMENTAIRE} <= attendu["/dijon-2024/fiches/PE-1/historique/"]
    assert {TEXTE, VALEUR} <= attendu["/dijon-2024/evaluation/2025/bilan/json/"]
    assert VALEUR in attendu["/dijon-2024/evaluation/2026/tableau/"]  # as the value of the year before
    admin = client_de("admin")
    assert vus(admin, "/dijon-2024/fiches/PE-1/historique/") == attendu["/dijon-2024/fiches/PE-1/historique/"]

    faire("soumettre", "referent")
    caf = client_de("caf")
    lues = [adresse for adresse in legeres if "/bilan/" not in adresse]
    assert {adresse: vus(caf, adresse) for adresse in lues} == {adresse: attendu[adresse] for adresse in lues}


def test_what_is_sent_back_is_hidden_again_and_a_closed_campaign_hides_nothing(secrets, client_de):
    page = "/dijon-2024/fiches/PE-1/"
    faire("soumettre", "referent")
    faire("renvoyer", "petite-enfance", champs={"difficultes": "Lesquelles ?"})
    assert vus(client_de("caf"), page) == set()

    clore()
    assert TEXTE in vus(client_de("caf"), page)


def test_a_hidden_value_says_why_it_is_not_there(secrets, client_de):
    assert "pas encore soumise" in lire(client_de("caf"), "/dijon-2024/evaluation/2025/tableau/")


def test_other_fiches_are_read(secrets, client_de):
    commencer("PE-2", nom="petite-enfance")
    faire("soumettre", "petite-enfance", "PE-2")
    Avancement.objects.filter(fiche__code="PE-2", annee=2025).update(realisations="Lu-par-la-Caf")
    assert Mesure.objects.filter(indicateur__fiche__code="PE-2", annee=2025).exists()

    assert "Lu-par-la-Caf" in client_de("caf").get("/dijon-2024/fiches/PE-2/").content.decode()
