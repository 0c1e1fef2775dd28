"""The past does not move: what is read at a day is the same before and after an avenant that takes effect later."""

import datetime
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from ctg.models import Avenant, Organisme, Porte, Signataire
from ctg.models.historique import acte
from evaluation.definitions import clore_indicateur
from evaluation.models import Indicateur
from evaluation.reports import collect_bilan
from fiches.models import Axe, FicheProjet
from fiches.succession import succeder
from structures.inscriptions import changer, retirer
from structures.models import Inscription

pytestmark = pytest.mark.django_db
C = "/dijon-2024/"
JOUR = datetime.date(2026, 6, 1)
VEILLE = "au=2026-05-31"
# What the avenant says, in the words that no page of the day before may have.
NOUVEAUX = ("Un autre titre", "Multi-accueil Drapeau", "12 rue Neuve", "Mutualité neuve", "PE-1-02 bis")
PAGES = (
    f"arbre/?{VEILLE}",
    f"arbre/?vue=textes&{VEILLE}",
    f"fiches/?{VEILLE}",
    f"fiches/?axe={{pe}}&{VEILLE}",
    f"fiches/?q=accompagner&{VEILLE}",
    f"fiches/?tri=-pilote&col=pilote&col=axe&{VEILLE}",
    f"fiches/?export=csv&{VEILLE}",
    f"fiches/quartiers/?{VEILLE}",
    f"fiches/quartiers/?export=csv&{VEILLE}",
    f"demarches/?{VEILLE}",
    f"moyens/?{VEILLE}",
    "moyens/?annee=2025",
    f"structures/?{VEILLE}",
    f"structures/?annexe=2&tri=-nom&{VEILLE}",
    f"structures/?export=csv&{VEILLE}",
    f"structures/?export=geojson&{VEILLE}",
    f"structures/carte/?{VEILLE}",
    f"structures/annexes/?{VEILLE}",
    f"structures/annexes/?{VEILLE}&depuis=2025-01-01",
    f"structures/{{balzac}}/?{VEILLE}",
    f"structures/{{partie}}/?{VEILLE}",
    f"indicateurs/?{VEILLE}",
    f"indicateurs/?axe={{pe}}&{VEILLE}",
    f"indicateurs/?export=csv&{VEILLE}",
    f"gouvernance/?{VEILLE}",
    f"gouvernance/instances/copil/?{VEILLE}",
    "acteurs/?annee=2025",
    "acteurs/?annee=2025&export=csv",
)


@pytest.fixture
def lignes(dijon):
    balzac, partie = Inscription.objects.filter(convention=dijon, annexe="2").order_by("ordre")[:2]
    return balzac, partie


@pytest.fixture
def avenant(dijon, lignes):
    """avenant() changes a fiche, two lines of the annexes, an indicator and who signs, from `JOUR` on."""

    def appliquer():
        signe = Avenant.objects.create(convention=dijon, numero=1, date_effet=JOUR)
        autre = Axe.objects.get(convention=dijon, code="ENF")
        caf = Organisme.objects.get(signatures__convention=dijon, nature="caf")
        with acte(Porte.PAGE):
            fiche = FicheProjet.objects.get(code="PE-1")
            succeder(fiche.pk, signe, {"intitule": NOUVEAUX[0], "axe": autre, "pilote": caf, "axes": [autre]})
            champs = dict(zip(("nom", "adresse", "gestionnaire"), NOUVEAUX[1:4], strict=True))
            changer(lignes[0].pk, signe, champs)
            retirer(lignes[1].pk, signe)
            ancien = Indicateur.objects.get(code="PE-1-02")
            clore_indicateur(ancien, au=JOUR, motif="Avenant")
            suite = Indicateur.objects.get(pk=ancien.pk)
            suite.pk, suite._state.adding, suite.code = None, True, NOUVEAUX[4].replace(" ", "-")
            suite.intitule, suite.date_fin = NOUVEAUX[4], None
            suite.date_effet, suite.succede_a = JOUR, ancien
            suite.save()
            Signataire(
                convention=dijon,
                organisme=Organisme.objects.create(nom="Un signataire de plus", nature="autre"),
                date_effet=JOUR,
                ordre=9,
                source="Avenant n° 1",
            ).save()

    return appliquer


@pytest.fixture
def lire_pdf():
    def lire(response) -> str:
        lu = PdfReader(io.BytesIO(response.getvalue()))
        return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in lu.pages))

    return lire


def principal(response) -> str:
    """What the page says, without the choice of a date, whose avenants are those of today."""
    assert response.status_code == 200, response.status_code
    texte = response.content.decode()
    if "<main" not in texte:
        return texte
    texte = texte[texte.index("<main") : texte.index("</main>")]
    texte = re.sub(r'<details class="jour-choix.*?</details>', "", texte, flags=re.DOTALL)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", texte)


def adresses(lignes):
    cles = {
        "pe": Axe.objects.get(code="PE").pk,
        "balzac": lignes[0].structure_id,
        "partie": lignes[1].structure_id,
    }
    return [C + page.format(**cles) for page in PAGES]


@pytest.mark.parametrize("nom", ["cooperation", "copil"])
def test_every_page_of_the_day_before_stays_as_it_was(client_de, lignes, avenant, nom):
    client = client_de(nom)
    lues = [a for a in adresses(lignes) if nom == "cooperation" or "moyens" not in a]
    avant = {adresse: principal(client.get(adresse)) for adresse in lues}

    avenant()

    apres = {adresse: principal(client.get(adresse)) for adresse in lues}
    assert [adresse for adresse in lues if avant[adresse] != apres[adresse]] == []
    assert [(a, mot) for a, texte in apres.items() for mot in NOUVEAUX if mot in texte] == []


def test_the_text_of_a_fiche_is_that_of_the_day(client_de, avenant):
    """Beside it stands what is of today, and what the avenant did."""
    client, adresse = client_de("copil"), f"{C}fiches/PE-1/?{VEILLE}"

    def texte():
        page = client.get(adresse).content.decode()
        sections = re.findall(
            r'<section class="carte" aria-labelledby="(?:objectifs|contenu-fiche)">.*?</section>',
            page,
            re.DOTALL,
        )
        assert len(sections) == 2
        return [re.search(r"<h1>.*?</h1>", page).group(), *sections]

    avant = texte()
    avenant()

    assert texte() == avant
    assert NOUVEAUX[0] in client.get(f"{C}fiches/PE-1/?au=2026-06-01").content.decode()


def test_the_tables_and_documents_of_a_past_year_say_its_texts(dijon, avenant, client_de):
    """Of 2025, and of a day of 2026 before the avenant; the end of 2026 has its words."""
    now = timezone.localtime()
    mai = datetime.date(2026, 5, 31)

    def dits():
        editions = (
            collect_bilan(dijon, 2025, now=now),
            collect_bilan(dijon, 2026, now=now, au=mai),
        )
        return [
            (e.arbre, [(f.code, f.titre, f.pilote, f.axe) for f in e.fiches], e.registre, e.signataires)
            for e in editions
        ]

    avant = dits()
    avenant()

    assert dits() == avant
    [fin] = [f for f in collect_bilan(dijon, 2026, now=now).fiches if f.code == "PE-1"]
    assert fin.titre == NOUVEAUX[0]


def test_the_pdf_of_a_fiche_has_the_text_of_the_day_and_says_it(client_de, avenant, lire_pdf):
    avenant()
    client, adresse = client_de("cooperation"), f"{C}evaluation/2026/fiches/PE-1/pdf/"

    ancien, nouveau = (client.get(f"{adresse}?au=2026-{jour}") for jour in ("05-31", "06-01"))

    assert "fiche-PE-1-dijon-2024-au-2026-05-31.pdf" in ancien["Content-Disposition"]
    assert "Le texte est celui en vigueur le 31 mai 2026" in lire_pdf(ancien)
    assert NOUVEAUX[0] not in lire_pdf(ancien)
    assert NOUVEAUX[0] in lire_pdf(nouveau)


@pytest.mark.parametrize("au", ["abc", "2025-12-31"])
def test_the_pdf_of_a_fiche_of_no_day_of_the_year_is_not_made(client_de, au):
    page = client_de("cooperation").get(f"{C}evaluation/2026/fiches/PE-1/pdf/?au={au}", follow=True)

    assert page.redirect_chain == [(f"{C}evaluation/2026/", 302)]
    assert "La fiche n’est pas faite : choisissez un jour de 2026." in page.content.decode()


@pytest.mark.parametrize(
    "adresse",
    [
        "fiches/",
        "fiches/quartiers/",
        "demarches/",
        "structures/",
        "structures/carte/",
        "indicateurs/",
        "arbre/",
        "arbre/?depuis=2026-06-02",
        "moyens/",
    ],
)
def test_a_page_of_another_day_asks_no_more_for_each_row_that_changed(client_de, dijon, adresse):
    """Ten texts that an avenant replaced, or one: the same number of queries."""
    client, jour = client_de("cooperation"), f"{C}{adresse}{'&' if '?' in adresse else '?'}{VEILLE}"
    signe = Avenant.objects.create(convention=dijon, numero=1, date_effet=JOUR)
    codes = list(FicheProjet.objects.filter(convention=dijon).values_list("code", flat=True))
    lignes = list(Inscription.objects.filter(convention=dijon).order_by("pk")[:10])
    client.get(jour)

    def remplacer(codes, lignes):
        for code in codes:
            succeder(
                FicheProjet.objects.get(code=code, date_fin=None).pk, signe, {"intitule": f"Autre {code}"}
            )
        for ligne in lignes:
            changer(ligne.pk, signe, {"nom": f"Autre {ligne.pk}"})

    def compter():
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(jour).status_code == 200
        return len(requetes)

    remplacer(codes[:1], lignes[:1])
    une = compter()
    remplacer(codes[1:], lignes[1:])
    assert compter() == une
