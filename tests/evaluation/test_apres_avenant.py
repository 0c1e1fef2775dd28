"""An avenant signed around a campaign: the year stays where it is, and what was opened before is taken after."""

import datetime
import re

import pytest
from django.utils import timezone

from ctg.models import Avenant, Porte
from ctg.models.historique import acte
from evaluation.campagnes import preparer_correction
from evaluation.models import Avancement, Campagne, ChampRenvoye, Indicateur, Mesure
from evaluation.services import Ecriture
from evaluation.transitions import appliquer_campagne
from fiches.models import FicheProjet
from fiches.succession import succeder
from tests.evaluation.classeurs import CONVENTION, Classeur, confirmer, lignes
from tests.evaluation.outils import clore, dans, faire, fiche, qui
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
PAGE = "/dijon-2024/evaluation/{annee}/saisie/PE-1/"
JOURS = [
    datetime.date(2026, 1, 1),
    datetime.date(2026, 6, 1),
]  # of the year of the campaign: its first, and another


@pytest.fixture
def avenant(dijon):
    """avenant(day) changes the title of PE-1 from that day on."""

    def signer(jour=JOURS[1]):
        numero = Avenant.objects.filter(convention=dijon).count() + 1
        signe = Avenant.objects.create(convention=dijon, numero=numero, date_effet=jour)
        with acte(Porte.PAGE):
            return succeder(fiche().pk, signe, {"intitule": f"Un autre titre {numero}"})

    return signer


def valeur(annee, code="PE-1-01"):
    return Mesure.objects.get(indicateur__code=code, annee=annee).valeur


def ecrire(annee, nombre):
    ecriture = Ecriture(fiche(), annee, user=qui("referent"), now=timezone.now())
    ecriture.mesure(Indicateur.objects.get(code="PE-1-01"), {"valeur": nombre})


@pytest.mark.parametrize("jour", JOURS)
@pytest.mark.parametrize("annee", [2025, 2026])
def test_an_entry_opened_before_is_saved_after_without_a_question(avenant, client_de, jour, annee):
    client, page = client_de("referent"), PAGE.format(annee=annee)
    data = formulaire(client.get(page))
    cle = f"i{Indicateur.objects.get(code='PE-1-01').pk}"
    etape = fiche().etapes.filter(is_faite=False).first()
    avenant(jour)

    reponse = client.post(
        page,
        data
        | {
            f"{cle}-valeur": "43",
            f"{cle}-commentaire": "Un mot de plus",
            f"e{etape.pk}-faite": "on",
            "avancement-realisations": "Tout ce qui a été fait",
        },
    )

    assert reponse.status_code == 302
    mesure = Mesure.objects.get(indicateur__code="PE-1-01", annee=annee)
    assert (mesure.valeur, mesure.commentaire) == (43, "Un mot de plus")
    assert Avancement.objects.get(fiche=fiche(), annee=annee).realisations == "Tout ce qui a été fait"
    etape.refresh_from_db()
    assert etape.is_faite


def test_a_value_of_a_year_is_the_same_before_and_after(avenant, client_de):
    ecrire(2026, 4321)
    adresses = ("evaluation/2026/saisie/PE-1/", "evaluation/2026/tableau/csv/", "fiches/PE-1/")
    avenant()

    for adresse in adresses:
        page = client_de("cooperation").get(f"/dijon-2024/{adresse}").content.decode()
        assert re.search("4\u202f?321", page), adresse


def test_a_correction_and_an_exception_of_an_earlier_year_go_on(avenant, client_de):
    clore(2025)
    correction = preparer_correction(
        Campagne.objects.get(annee=2025, parent=None),
        motif="Un chiffre à revoir",
        date_limite=dans(10),
        fiches={fiche(): {f"i{Indicateur.objects.get(code='PE-1-01').pk}": "Ce chiffre ?"}},
        user=qui("cooperation"),
        now=timezone.now(),
    )
    appliquer_campagne("ouvrir", correction.pk, user=qui("cooperation"), now=timezone.now())
    avenant()
    client, page = client_de("referent"), PAGE.format(annee=2025)

    data = formulaire(client.get(page))
    cle = f"i{Indicateur.objects.get(code='PE-1-01').pk}-valeur"
    assert client.post(page, data | {cle: "1386"}).status_code == 302

    assert valeur(2025) == 1386
    assert client.get(f"{page}soumettre/").status_code == 200


def test_a_field_that_was_sent_back_is_open_after(avenant, client_de):
    ecrire(2026, 41)
    faire("soumettre", "referent", annee=2026)
    champ = f"i{Indicateur.objects.get(code='PE-1-01').pk}"
    client, page = client_de("petite-enfance"), f"{PAGE.format(annee=2026)}renvoyer/"
    data = formulaire(client.get(page))
    client.post(page, data | {f"coche-{champ}": "on", f"dit-{champ}": "Ce chiffre ?"})
    avenant()

    assert list(ChampRenvoye.objects.values_list("champ", flat=True)) == [champ]
    client, page = client_de("referent"), PAGE.format(annee=2026)
    assert client.post(page, formulaire(client.get(page)) | {f"{champ}-valeur": "42"}).status_code == 302
    assert valeur(2026) == 42


def test_a_validated_entry_stays_locked_on_its_fiche(avenant, client_de):
    ecrire(2026, 41)
    faire("soumettre", "referent", annee=2026)
    faire("valider", "petite-enfance", annee=2026)
    avenant()
    client, page = client_de("petite-enfance"), "/dijon-2024/fiches/PE-1/modifier/"
    data = formulaire(client.get(page))
    faites = {nom: lu for nom, lu in data.items() if re.fullmatch(r"etapes-\d+-is_faite", nom)}
    assert faites

    reponse = client.post(page, {nom: lu for nom, lu in data.items() if nom not in faites})

    assert reponse.status_code == 200
    assert fiche().etapes.filter(is_faite=True).count() == len(faites)


def test_last_year_stands_beside(avenant, client_de):
    Avancement.objects.filter(fiche__code="PE-1", annee=2025).update(realisations="Écrit-l’an-passé")
    avenant()

    page = client_de("referent").get(PAGE.format(annee=2026)).content.decode()

    assert "1\u202f385" in page
    assert "Écrit-l’an-passé" in page


def test_a_grid_opened_before_the_avenant_is_saved(avenant, client_de):
    client, page = client_de("referent"), "/dijon-2024/evaluation/2026/saisie/"
    data = formulaire(client.get(page))
    cle = f"i{Indicateur.objects.get(code='PE-1-01').pk}"
    avenant()

    reponse = client.post(page, data | {f"{cle}-valeur": "44", f"{cle}-commentaire": "Un mot"})

    assert reponse.status_code == 302
    assert valeur(2026) == 44


def test_workbooks_of_before_the_avenant_are_taken(avenant, client_de):
    client = client_de("referent")
    classeur = Classeur(client)
    classeur["Saisie", "PE-1-01", "Valeur 2026"] = 45
    classeur["Avancement", "PE-1", "Réalisations de l’année"] = "Un guichet ouvert."
    avenant()

    page = classeur.deposer(client)
    assert lignes(page, "refusee") == []
    assert confirmer(client, page).status_code == 302

    assert valeur(2026) == 45
    assert Avancement.objects.get(fiche__code="PE-1", annee=2026).realisations == "Un guichet ouvert."


def test_the_workbook_of_the_convention_of_before_keeps_the_text_of_the_avenant(avenant, client_de):
    client = client_de("cooperation")
    classeur = Classeur(client, CONVENTION)
    classeur["Fiches", "PE-1", "Constat"] = "Écrit hors ligne"
    classeur["Fiches", "PE-2", "Constat"] = "Écrit hors ligne aussi"
    avenant()

    page = classeur.deposer(client)
    assert lignes(page, "refusee") == []
    assert confirmer(client, page, CONVENTION).status_code == 302

    assert (fiche().constat, fiche().intitule) == ("Écrit hors ligne", "Un autre titre 1")
    assert FicheProjet.objects.get(code="PE-2").constat == "Écrit hors ligne aussi"


@pytest.mark.parametrize("ordre", ["avenant, puis coche", "coche, puis avenant"])
@pytest.mark.parametrize(("nom", "faite"), [("cooperation", True), ("caf", False)])
@pytest.mark.parametrize("jour", ["", "?au=2026-05-31"])
def test_the_caf_reads_steps_as_before_whatever_the_text(avenant, client_de, nom, faite, ordre, jour):
    etape = fiche().etapes.filter(is_faite=False).first()
    connue = fiche().etapes.filter(is_faite=True).first()

    def cocher():
        client, page = client_de("referent"), PAGE.format(annee=2026)
        data = formulaire(client.get(page)) | {f"e{etape.pk}-faite": "on"}
        assert client.post(page, data).status_code == 302

    gestes = [avenant, cocher]
    for geste in gestes if ordre.startswith("avenant") else reversed(gestes):
        geste()

    lue = client_de(nom).get(f"/dijon-2024/fiches/PE-1/{jour}").content.decode()
    elements = re.findall(r"<li.*?</li>", lue, re.DOTALL)
    [ligne] = [element for element in elements if etape.intitule in element]
    [autre] = [element for element in elements if connue.intitule in element]
    assert ("faite" in ligne) is faite
    assert "faite" in autre


def test_indicators_go_on_whatever_their_dates(avenant, client_de):
    """One that was closed for the next year, one that begins then: neither moves."""
    Indicateur.objects.filter(code="PE-1-02").update(date_fin=datetime.date(2027, 1, 1))
    Indicateur.objects.filter(code="PE-1-03").update(date_effet=datetime.date(2027, 1, 1))
    avant = list(Indicateur.objects.order_by("pk").values())

    avenant()

    assert list(Indicateur.objects.order_by("pk").values()) == avant
