"""An avenant signed around a campaign: the year stays at its address, and nothing that was typed is lost."""

import datetime
import re

import pytest
from django.utils import timezone

from ctg.models import Avenant, Porte
from ctg.models.historique import acte
from evaluation.apres_avenant import anciens_noms
from evaluation.campagnes import preparer_correction
from evaluation.models import Avancement, Campagne, ChampRenvoye, Indicateur, Mesure
from evaluation.services import Ecriture
from evaluation.transitions import appliquer_campagne
from fiches.models import Moyen
from fiches.succession import succeder
from tests.evaluation.classeurs import Classeur, confirmer, lignes
from tests.evaluation.outils import clore, dans, faire, fiche, qui, saisie
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
PAGE = "/dijon-2024/evaluation/{annee}/saisie/PE-1/"


@pytest.fixture
def avenant(dijon):
    """avenant(day) replaces PE-1 from that day on."""

    def signer(jour):
        numero = Avenant.objects.filter(convention=dijon).count() + 1
        signe = Avenant.objects.create(convention=dijon, numero=numero, date_effet=jour)
        with acte(Porte.PAGE):
            return succeder(fiche().pk, signe, {"intitule": f"Un autre titre {numero}"})

    return signer


def valeur(annee, code="PE-1-01"):
    return Mesure.objects.filter(indicateur__code=code, annee=annee, valeur__isnull=False).get().valeur


def ecrire(annee, nombre):
    ecriture = Ecriture(saisie(annee=annee).fiche, annee, user=qui("referent"), now=timezone.now())
    indicateur = Indicateur.objects.get(code="PE-1-01", fiche=saisie(annee=annee).fiche)
    ecriture.mesure(indicateur, {"valeur": nombre})


@pytest.mark.parametrize("jour", [datetime.date(2026, 6, 1), dans(10)])
def test_the_entry_is_written_where_it_went(avenant, client_de, jour):
    """In the year of the campaign: past, or still to come."""
    ecrire(2026, 41)
    avenant(jour)
    client, page = client_de("referent"), PAGE.format(annee=2026)

    reponse = client.get(page)
    data = formulaire(reponse)
    [nom] = [nom for nom, lu in data.items() if nom.endswith("-valeur") and lu == "41"]

    assert client.post(page, data | {nom: "42"}).status_code == 302
    assert valeur(2026) == 42


def test_the_entry_that_stayed_is_written_after_the_avenant(avenant, client_de, monkeypatch):
    """Of January, while the campaign of the year before is open."""
    ecrire(2025, 41)
    avenant(datetime.date(2026, 1, 1))
    client, page = client_de("referent"), PAGE.format(annee=2025)

    data = formulaire(client.get(page))
    [nom] = [nom for nom, lu in data.items() if nom.endswith("-valeur") and lu == "41"]
    assert client.post(page, data | {nom: "42"}).status_code == 302
    faire("soumettre", "referent", annee=2025)

    assert valeur(2025) == 42
    assert saisie(annee=2025).statut == "soumise"


def test_a_correction_of_an_earlier_year_is_written_at_its_address(avenant, client_de):
    clore(2025)
    avenant(datetime.date(2026, 6, 1))
    correction = preparer_correction(
        Campagne.objects.get(annee=2025, parent=None),
        motif="Un chiffre à revoir",
        date_limite=dans(10),
        fiches={saisie(annee=2025).fiche: {"realisations": "À compléter"}},
        user=qui("cooperation"),
        now=timezone.now(),
    )
    appliquer_campagne("ouvrir", correction.pk, user=qui("cooperation"), now=timezone.now())
    client, page = client_de("referent"), PAGE.format(annee=2025)

    data = formulaire(client.get(page))
    assert client.post(page, data | {"avancement-realisations": "Complété"}).status_code == 302

    assert Avancement.objects.get(fiche__code="PE-1", annee=2025).realisations == "Complété"
    assert client.get(f"{page}soumettre/").status_code == 200


def test_an_exception_is_given_after_the_avenant(avenant, client_de):
    clore(2025)
    avenant(datetime.date(2026, 6, 1))

    assert client_de("cooperation").get(f"{PAGE.format(annee=2025)}rouvrir/").status_code == 200


def test_last_year_stands_beside_after_the_avenant(avenant, client_de):
    Avancement.objects.filter(fiche__code="PE-1", annee=2025).update(realisations="Écrit-l’an-passé")
    avenant(datetime.date(2026, 6, 1))

    page = client_de("referent").get(PAGE.format(annee=2026)).content.decode()

    assert "1\u202f385" in page
    assert "Écrit-l’an-passé" in page


def test_what_was_typed_while_the_avenant_was_signed_is_saved(avenant, client_de):
    client, page = client_de("referent"), PAGE.format(annee=2026)
    data = formulaire(client.get(page))
    ancien = Indicateur.objects.get(code="PE-1-01")
    etape = saisie(annee=2026).fiche.etapes.filter(is_faite=False).first()
    data |= {
        f"i{ancien.pk}-valeur": "43",
        f"i{ancien.pk}-commentaire": "Un mot de plus",
        f"e{etape.pk}-faite": "on",
        "avancement-realisations": "Tout ce qui a été fait",
    }
    avenant(datetime.date(2026, 6, 1))

    reponse = client.post(page, data)
    choix = {f"choix-{conflit.nom}": "mien" for conflit in reponse.context["fusion"].conflits}
    reponse = client.post(
        page, formulaire(reponse) | choix
    )  # what the avenant wrote is asked, and nothing dropped

    assert reponse.status_code == 302
    mesure = Mesure.objects.get(indicateur__code="PE-1-01", annee=2026)
    assert (mesure.valeur, mesure.commentaire) == (43, "Un mot de plus")
    assert Avancement.objects.get(fiche__code="PE-1", annee=2026).realisations == "Tout ce qui a été fait"
    assert saisie(annee=2026).fiche.etapes.get(intitule=etape.intitule).is_faite


@pytest.mark.parametrize("ordre", ["avenant, puis coche", "coche, puis avenant"])
@pytest.mark.parametrize(("nom", "faite"), [("cooperation", True), ("caf", False)])
def test_a_step_ticked_and_not_submitted_is_not_done_for_the_caf_on_what_succeeds(
    avenant, client_de, nom, faite, ordre
):
    etape = fiche().etapes.filter(is_faite=False).first()
    connue = fiche().etapes.filter(is_faite=True).first()

    def cocher():
        client, page = client_de("referent"), PAGE.format(annee=2026)
        data = formulaire(client.get(page)) | {f"e{etape.pk}-faite": "on"}
        assert client.post(page, data).status_code == 302

    gestes = [lambda: avenant(datetime.date(2027, 1, 1)), cocher]
    for geste in gestes if ordre.startswith("avenant") else reversed(gestes):
        geste()

    lue = client_de(nom).get("/dijon-2024/fiches/PE-1/?au=2027-01-02").content.decode()
    lignes = re.findall(r"<li.*?</li>", lue, re.DOTALL)
    [ligne] = [ligne for ligne in lignes if etape.intitule in ligne]
    [autre] = [ligne for ligne in lignes if connue.intitule in ligne]
    assert ("faite" in ligne) is faite
    assert "faite" in autre


def test_a_grid_opened_before_the_avenant_is_saved_as_a_form(avenant, client_de):
    client, page = client_de("referent"), "/dijon-2024/evaluation/2026/saisie/"
    data = formulaire(client.get(page))
    ancien = Indicateur.objects.get(code="PE-1-01")
    avenant(datetime.date(2026, 6, 1))

    reponse = client.post(page, data | {f"i{ancien.pk}-valeur": "44", f"i{ancien.pk}-commentaire": "Un mot"})

    assert reponse.status_code == 302
    mesure = Mesure.objects.get(indicateur__code="PE-1-01", annee=2026)
    assert (mesure.valeur, mesure.commentaire) == (44, "Un mot")


def test_a_workbook_of_before_the_avenant_is_taken(avenant, client_de):
    client = client_de("referent")
    classeur = Classeur(client)
    classeur["Saisie", "PE-1-01", "Valeur 2026"] = 45
    classeur["Avancement", "PE-1", "Réalisations de l’année"] = "Un guichet ouvert."
    avenant(datetime.date(2026, 6, 1))

    page = classeur.deposer(client)
    assert lignes(page, "refusee") == []
    assert confirmer(client, page).status_code == 302

    assert Mesure.objects.get(indicateur__code="PE-1-01", annee=2026).valeur == 45
    assert Avancement.objects.get(fiche__code="PE-1", annee=2026).realisations == "Un guichet ouvert."


def test_what_is_asked_back_before_the_avenant_is_asked_after(avenant, client_de):
    ecrire(2026, 41)
    faire("soumettre", "referent", annee=2026)
    client, page = client_de("petite-enfance"), f"{PAGE.format(annee=2026)}renvoyer/"
    data, ancien = formulaire(client.get(page)), Indicateur.objects.get(code="PE-1-01")
    avenant(datetime.date(2026, 6, 1))

    client.post(page, data | {f"coche-i{ancien.pk}": "on", f"dit-i{ancien.pk}": "Ce chiffre ?"})

    nouveau = Indicateur.objects.get(code="PE-1-01", date_fin=None)
    assert list(ChampRenvoye.objects.values_list("champ", "commentaire")) == [
        (f"i{nouveau.pk}", "Ce chiffre ?")
    ]


def test_a_means_changed_on_the_fiche_reaches_a_successor_that_was_entered(avenant, dijon):
    signataire = dijon.signataires.order_by("pk").first()
    rang = {"signataire": signataire, "annee": 2026, "nature": "en_nature"}
    with acte(Porte.PAGE):
        moyen = Moyen.objects.create(fiche=fiche(), accorde=1, **rang)
        suite = avenant(dans(10))
        jumeau = Moyen.objects.get(fiche=suite, **rang)
        jumeau.realise = 777
        jumeau.save()
        moyen = Moyen.objects.get(pk=moyen.pk)
        moyen.accorde = 15000
        moyen.save()

    jumeau.refresh_from_db()
    assert (jumeau.accorde, jumeau.realise) == (15000, 777)


def test_a_fiche_to_come_has_its_indicators(avenant, client_de):
    avenant(datetime.date(2027, 1, 1))

    page = client_de("caf").get("/dijon-2024/fiches/PE-1/?au=2027-01-02").content.decode()

    assert "PE-1-01" in page
    assert "ne donne pas d’indicateur" not in page


def test_what_is_entered_of_the_year_is_read_on_the_fiche_of_today(avenant, client_de):
    """The avenant takes effect later in the year of the campaign: the entry is of what ends the year."""
    avenant(dans(10))
    ecrire(2026, 4321)
    client = client_de("cooperation")

    fiche_ = client.get("/dijon-2024/fiches/PE-1/").content.decode()
    table = client.get("/dijon-2024/indicateurs/?q=PE-1-01&export=csv").content.decode()

    assert "4\u202f321" in fiche_
    assert "porte ce qui est saisi pour" in fiche_
    assert "4321" in table
    for adresse in ("fiches/PE-1/", "indicateurs/?q=PE-1-01&export=csv"):
        lue = client_de("caf").get(f"/dijon-2024/{adresse}").content.decode()
        assert "4\u202f321" not in lue
        assert "4321" not in lue


def test_names_of_before_are_read_in_as_many_queries_for_one_fiche_as_for_three(
    dijon, django_assert_max_num_queries
):
    signe = Avenant.objects.create(convention=dijon, numero=1, date_effet=datetime.date(2026, 6, 1))
    suites = []
    for code in ("PE-1", "PE-2", "PE-3"):
        suites.append(succeder(fiche(code).pk, signe, {"intitule": f"Un autre titre de {code}"}))
        with django_assert_max_num_queries(5):
            noms = anciens_noms(suites)

    anciens = Indicateur.objects.filter(fiche__successeur__in=suites)
    assert {f"i{ancien.pk}" for ancien in anciens} <= set(noms)
    assert (
        noms[f"i{anciens.get(code='PE-3-01').pk}"]
        == f"i{Indicateur.objects.get(code='PE-3-01', date_fin=None).pk}"
    )
