"""What the Caf does not read before it is submitted, on every address; the team reads all of it."""

import datetime
import io
import re
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from ctg.models import Avenant, Porte
from ctg.models.historique import acte
from evaluation.models import Avancement, Campagne, Effet, Indicateur, Mesure, Saisie
from evaluation.services import Ecriture
from fiches.lecture import collect_faits
from fiches.models import Etape, Moyen
from fiches.succession import succeder
from tests.evaluation.outils import clore, commencer, dans, faire, fiche, qui

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


def test_what_an_exception_reopens_is_hidden_until_it_is_submitted(secrets, client_de):
    clore()
    faire("rouvrir", "cooperation", motif="Oubli", jusqu_au=dans(3))
    page = lire(client_de("caf"), "/dijon-2024/fiches/PE-1/")
    assert TEXTE not in page
    assert TEXTE in lire(client_de("cooperation"), "/dijon-2024/fiches/PE-1/")

    Saisie.objects.filter(fiche=fiche(), campagne__annee=2025).update(date_exception=dans(-1))
    assert TEXTE in lire(client_de("caf"), "/dijon-2024/fiches/PE-1/")


def suspendue(client, adresse):
    """Whether the rows of PE-1 say so."""
    lignes = lire(client, f"/dijon-2024/{adresse}").splitlines()
    return any("suspendue" in ligne for ligne in lignes if re.match(r"(.*;)?PE-1;", ligne))


def test_a_statut_written_under_an_exception_waits_for_its_validation(client_de):
    adresses = ("fiches/?export=csv", "evaluation/2025/tableau/csv/")
    lus = {}
    clore()
    faire("rouvrir", "cooperation", motif="Oubli", jusqu_au=dans(3))
    Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now()).avancement({"statut": "suspendue"})

    for moment, actions in (
        ("écrit", ()),
        ("validé", (("soumettre", "referent"), ("valider", "petite-enfance"))),
    ):
        for action, nom in actions:
            faire(action, nom)
        lus[moment] = [suspendue(client_de("caf"), adresse) for adresse in adresses]

    assert lus == {"écrit": [False, False], "validé": [True, True]}


def test_an_avenant_hides_and_shows_nothing_more(secrets, client_de, dijon):
    """What the Caf does not read yet hangs on the fiche, whatever the day whose text is asked."""
    signataire = dijon.signataires.order_by("pk").first()
    rang = {"fiche": fiche(), "signataire": signataire, "annee": 2025, "nature": "en_nature"}
    with acte(Porte.PAGE):
        moyen = Moyen.objects.create(**rang, accorde=1)
        moyen.realise = 987654
        moyen.save()
    Campagne.objects.filter(annee=2026).delete()
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=datetime.date(2025, 6, 1))
    with acte(Porte.PAGE):
        succeder(fiche().pk, avenant, {"intitule": "Un autre titre"})
    adresses = (
        "/dijon-2024/fiches/PE-1/",
        "/dijon-2024/fiches/PE-1/?au=2025-05-01",
        "/dijon-2024/fiches/PE-1/historique/",
        "/dijon-2024/moyens/",
    )

    for adresse in adresses:
        page = lire(client_de("caf"), adresse)
        for secret in (TEXTE, COMMENTAIRE, CONSTAT, "987\u202f654", "987654"):
            assert secret not in page, (adresse, secret)
    equipe = lire(client_de("cooperation"), adresses[2])
    assert TEXTE in equipe
    assert "987\u202f654" in equipe
    assert "987\u202f654" in lire(client_de("cooperation"), adresses[1])


def test_a_hidden_value_says_why_it_is_not_there(secrets, client_de):
    assert "pas encore soumise" in lire(client_de("caf"), "/dijon-2024/evaluation/2025/tableau/")


def test_other_fiches_are_read(secrets, client_de):
    commencer("PE-2", nom="petite-enfance")
    faire("soumettre", "petite-enfance", "PE-2")
    Avancement.objects.filter(fiche__code="PE-2", annee=2025).update(realisations="Lu-par-la-Caf")
    assert Mesure.objects.filter(indicateur__fiche__code="PE-2", annee=2025).exists()

    assert "Lu-par-la-Caf" in client_de("caf").get("/dijon-2024/fiches/PE-2/").content.decode()


FAITS = ("/dijon-2024/fiches/PE-1/", "/dijon-2024/fiches/PE-1/historique/", "/dijon-2024/fiches/?q=PE-1")
TOTAUX = (
    "/dijon-2024/moyens/",
    "/dijon-2024/evaluation/2025/",
    "/dijon-2024/evaluation/2025/tableau/",
    "/dijon-2024/evaluation/2025/tableau/xlsx/",
)


def ecrire_faits(montant="777123"):
    """A step ticked (or not any more) and an amount spent, in the entry of 2025."""
    ecriture = Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now())
    etape = fiche().etapes.order_by("is_faite", "ordre").first()
    assert ecriture.etape(etape, is_faite=not etape.is_faite)
    assert ecriture.moyen_realise(fiche().moyens.filter(annee=2025).first(), Decimal(montant))
    return etape


def photo(client, adresses=(*FAITS, *TOTAUX)):
    """What each page says of steps and means, without its dates and tokens."""
    return {adresse: faits_de(client, adresse) for adresse in adresses}


def faits_de(client, adresse):
    lu = lire(client, adresse).replace("\u202f", "")
    return (
        [m for m in ("777123", "888123") if m in lu],
        re.findall(r"\d+ (?:faites? )?sur \d+", lu),
        lu.count("faite"),
        lu.count("en retard"),
    )


def test_the_facts_of_an_entry_are_read_as_last_submitted_on_every_page(db, client_de):
    avant = photo(client_de("caf"))
    retards = photo(client_de("caf"), ["/dijon-2024/", "/dijon-2024/fiches/?en_retard=on"])
    ecrire_faits()
    assert photo(client_de("caf")) == avant
    assert photo(client_de("caf"), list(retards)) == retards
    assert "777123" in lire(client_de("cooperation"), "/dijon-2024/fiches/PE-1/").replace("\u202f", "")

    faire("soumettre", "referent")
    soumis = photo(client_de("caf"))
    assert photo(client_de("cooperation"), FAITS) == {adresse: soumis[adresse] for adresse in FAITS}
    assert soumis[FAITS[0]] != avant[FAITS[0]]
    assert soumis[FAITS[1]][0] == soumis["/dijon-2024/evaluation/2025/tableau/xlsx/"][0] == ["777123"]
    assert soumis["/dijon-2024/fiches/?q=PE-1"] != avant["/dijon-2024/fiches/?q=PE-1"]

    faire("renvoyer", "petite-enfance", champs={"etapes": "Laquelle ?", "moyens": "Combien ?"})
    ecrire_faits("888123")
    relu = photo(client_de("caf"), FAITS)
    assert {adresse: lu[:2] for adresse, lu in relu.items()} == {a: soumis[a][:2] for a in FAITS}
    clore()
    assert "888123" in photo(client_de("caf"))[FAITS[0]][0]


def test_the_history_of_a_step_tells_the_rest_of_what_changed_meanwhile(db, client_de):
    etape = ecrire_faits()
    etape.refresh_from_db()
    etape.intitule = "Renommée-entre-temps"
    etape.save()

    def champs(nom):
        actes = client_de(nom).get("/dijon-2024/fiches/PE-1/historique/").context["page_obj"]
        return {
            d.champ
            for a in actes
            for d in a.differences
            if "Renommée" in d.objet + d.apres or d.champ == "is_faite"
        }

    assert champs("caf") == {"intitule"}
    assert champs("cooperation") == {"intitule", "is_faite"}


def test_a_step_added_meanwhile_is_not_read_as_done(db, client_de):
    with acte(Porte.PAGE):
        fiche().etapes.create(ordre=90, intitule="Ajoutée-et-faite", is_faite=True)
    etape = Etape.objects.get(intitule="Ajoutée-et-faite")
    faits = collect_faits(qui("caf"), etape.fiche.convention)
    assert not faits.is_faite(etape)
    assert etape.pk not in Etape.objects.filter(faits.faites()).values_list("pk", flat=True)
    assert collect_faits(qui("cooperation"), etape.fiche.convention).is_faite(etape)
