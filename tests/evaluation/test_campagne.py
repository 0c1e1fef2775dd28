"""The screens of a campaign: prepared, opened, followed, reminded, moved, closed, corrected."""

import re

import pytest
from django.utils import timezone

from ctg.models import Personne
from evaluation.models import (
    Campagne,
    Indicateur,
    LigneSaisie,
    Mesure,
    ModaliteIndicateur,
    Saisie,
    ValeurVentilee,
)
from evaluation.reports import collect_bilan
from evaluation.transitions import appliquer_campagne
from tests.evaluation.outils import campagne, clore, dans, faire, fiche, mettre, qui, saisie
from tests.navigation import formulaire

BASE = "/dijon-2024/evaluation/"
pytestmark = pytest.mark.django_db


def adresse(nom, annee=2025, pk=None):
    return f"{BASE}{annee}/campagne/{pk or campagne(annee).pk}/{nom}/"


@pytest.fixture
def preparee(client_de):
    """The campaign of 2027, prepared on screen."""
    client, url = client_de("cooperation"), f"{BASE}2027/campagne/preparer/"
    client.post(
        url, formulaire(client.get(url)) | {"date_limite": str(dans(20)), "consigne": "Merci d’avance."}
    )
    return campagne(2027)


def test_everything_in_force_is_chosen_and_can_be_changed(preparee, client_de, dijon):
    assert preparee.saisies.count() == dijon.fiches.filter(date_fin=None).count()
    client, url = client_de("cooperation"), adresse("modifier", 2027)
    data = formulaire(client.get(url))
    indicateur = Indicateur.objects.get(code="PE-1-01")
    personne = Personne.objects.get(utilisateur=qui("cooperation"))
    del data[f"f{fiche('PE-2').pk}"], data[f"i{Indicateur.objects.get(code='PE-1-02').pk}"]

    client.post(url, data | {f"r{indicateur.pk}": str(personne.pk), "jours_rappel": "-3; 1"})

    campagne_ = campagne(2027)
    assert not campagne_.saisies.filter(fiche__code="PE-2").exists()
    lignes = LigneSaisie.objects.filter(saisie__campagne=campagne_, saisie__fiche__code="PE-1")
    assert dict(lignes.filter(indicateur=indicateur).values_list("indicateur", "responsable")) == {
        indicateur.pk: personne.pk
    }
    assert not lignes.filter(indicateur__code="PE-1-02").exists()
    assert campagne_.jours_rappel == "-3, 1"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"date_limite": "2020-01-01"}, "Cette date est passée"),
        ({"date_limite": ""}, "obligatoire"),
        ({"jours_rappel": "demain"}, "nombres de jours"),
    ],
)
def test_a_preparation_that_is_refused_says_why_and_keeps_the_rest(client_de, changes, message):
    client, url = client_de("cooperation"), f"{BASE}2027/campagne/preparer/"
    data = formulaire(client.get(url)) | {"date_limite": str(dans(9)), "consigne": "Un mot"} | changes

    page = client.post(url, data).content.decode()

    assert message in page
    assert "Un mot" in page
    assert not Campagne.objects.filter(annee=2027).exists()


def test_without_a_fiche_there_is_no_campaign(client_de):
    client, url = client_de("cooperation"), f"{BASE}2027/campagne/preparer/"
    data = {k: v for k, v in formulaire(client.get(url)).items() if not re.fullmatch(r"f\d+", k)}

    assert "au moins une fiche" in client.post(url, data | {"date_limite": str(dans(9))}).content.decode()


def test_a_preparation_is_abandoned_and_the_history_keeps_it(preparee, client_de):
    client_de("cooperation").post(adresse("abandonner", 2027))

    assert not Campagne.objects.filter(annee=2027).exists()
    assert Campagne.historique.filter(annee=2027, history_type="-").exists()


def test_opening_says_what_goes_to_whom_then_does(preparee, client_de):
    client, url = client_de("cooperation"), adresse("ouvrir", 2027)
    page = re.sub(r"\s+", " ", client.get(url).content.decode())
    assert "L’annonce, avec un lien vers chaque champ, part à" in page
    assert "Compte referent" in page
    assert "Merci d’avance." in page

    client.post(url)
    assert campagne(2027).statut == "ouverte"


def test_the_date_moves_with_a_reason(client_de):
    client, url = client_de("cooperation"), adresse("date")
    assert "obligatoire" in client.post(url, {"date_limite": str(dans(50)), "motif": " "}).content.decode()

    client.post(url, {"date_limite": str(dans(50)), "motif": "Élections"})

    assert campagne().date_limite == dans(50)
    assert "Personne n’en est prévenu par courriel" in client.get(f"{BASE}2025/").content.decode()
    assert "Élections" in campagne().historique.latest().history_change_reason


def test_a_fiche_and_an_indicator_are_added_to_an_open_campaign(client_de):
    Saisie.objects.get(campagne=campagne(), fiche__code="PE-2").delete()
    LigneSaisie.objects.filter(saisie=saisie(), indicateur__code="PE-1-02").delete()
    client, url = client_de("cooperation"), adresse("ajouter")
    assert "l’un des deux" in client.post(url, {}).content.decode()

    client.post(url, {"fiche": str(fiche("PE-2").pk)})
    client.post(url, {"indicateur": str(Indicateur.objects.get(code="PE-1-02").pk)})

    assert saisie("PE-2").lignes.exists()
    assert saisie().lignes.filter(indicateur__code="PE-1-02").exists()


def test_the_follow_up_reads_by_axe_fiche_and_person(client_de):
    mettre("soumise")
    page = re.sub(r"\s+", " ", client_de("cooperation").get(f"{BASE}2025/").content.decode())
    texte = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

    assert "15 fiches : 14 à saisir, 0 en cours, 1 soumise, 0 à corriger, 0 validée" in texte
    assert "Par axe" in texte
    assert "Par personne, ceux qui doivent encore quelque chose" in texte
    assert "Compte enfance" in texte


@pytest.mark.parametrize("nom", ["petite-enfance", "referent", "quartier", "caf", "admin"])
def test_the_others_follow_it_and_read_why_they_do_not_lead(client_de, nom):
    page = client_de(nom).get(f"{BASE}2025/").content.decode()

    assert "Par fiche" in page
    assert "Le chargé de coopération conduit la campagne." in page
    assert "/campagne/" not in page


def test_closing_lists_what_is_missing_first(client_de):
    mettre("soumise")
    client, url = client_de("cooperation"), adresse("clore")
    page = re.sub(r"\s+", " ", client.get(url).content.decode())

    assert "14 saisies non soumises" in page
    assert "1 saisie soumise, pas encore validée" in page
    assert re.search(r"\d+ valeurs? non renseignées?", page)
    client.post(url)
    assert campagne().statut == "close"
    suite = client.get(f"{BASE}2025/").content.decode()
    assert "Préparer une campagne de correction" in suite
    assert "Aucune exception n’est en cours" in suite


def test_what_is_defined_after_the_closing_does_not_move_the_closed_year(client_de, dijon):
    now = timezone.localtime()
    Mesure.objects.filter(annee=2025, indicateur__code="PE-1-02").delete()
    clore()
    f, avant = fiche(), collect_bilan(dijon, 2025, now=now)
    tardif = Indicateur.objects.create(
        fiche=f, code="PE-1-77", ordre=77, intitule="Tardif", nature="entier", type_indicateur="moyens"
    )
    vide = Indicateur.objects.get(fiche=f, code="PE-1-02")
    Indicateur.objects.filter(pk=vide.pk).update(date_fin="2025-06-01")

    apres = collect_bilan(dijon, 2025, now=now)

    assert apres.completude == avant.completude
    codes = [ligne.code for f in apres.fiches for ligne in f.indicateurs]
    assert tardif.code not in codes
    assert vide.code in codes
    # The year under way goes by what is in force.
    assert tardif.code in [
        li.code for f in collect_bilan(dijon, 2026, now=now).fiches for li in f.indicateurs
    ]


def test_parts_that_do_not_make_their_total_are_named_before_one_submits_and_closes(client_de):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    parts = [
        ModaliteIndicateur.objects.create(indicateur=indicateur, ordre=i, libelle=f"Part {i}") for i in (1, 2)
    ]
    mesure = Mesure.objects.get(indicateur=indicateur, annee=2025)
    ValeurVentilee.objects.create(mesure=mesure, modalite=parts[0], valeur=mesure.valeur - 4)
    mettre("soumise")
    client, dit = client_de("cooperation"), "il manque 4 (1 part renseignée sur 2)"

    for page in (f"{BASE}2025/saisie/PE-1/valider/", adresse("clore")):
        texte = client.get(page).content.decode()
        assert "Le détail ne fait pas le total" in texte
        assert dit in texte


def test_an_exception_and_a_correction_on_screen(client_de):
    mettre("soumise")
    clore()
    client, page = client_de("cooperation"), f"{BASE}2025/saisie/PE-1/"
    client.post(f"{page}rouvrir/", {"motif": "Oubli", "jusqu_au": str(dans(4))})
    assert saisie().date_exception == dans(4)
    assert "exception jusqu’au" in client.get(f"{BASE}2025/").content.decode()
    client.post(f"{page}lever/")
    assert saisie().date_exception is None

    url = adresse("corriger")
    assert (
        "au moins une fiche"
        in client.post(url, {"motif": "La Caf le demande", "date_limite": str(dans(9))}).content.decode()
    )
    pk = fiche().pk
    champ = {f"c{pk}-coche-difficultes": "on", f"c{pk}-dit-difficultes": "Précisez."}
    client.post(url, {"motif": "La Caf le demande", "date_limite": str(dans(9)), f"f{pk}": "on"} | champ)
    correction = Campagne.objects.get(annee=2025, nature="correction")
    avant = client.get(adresse("ouvrir", pk=correction.pk)).content.decode()
    assert "Ouvrir la campagne de correction 2025" in avant
    assert "pour les seuls champs demandés" in avant
    client.post(adresse("ouvrir", pk=correction.pk))
    assert "La campagne de correction 2025 est ouverte" in client.get("/dijon-2024/").content.decode()
    assert "Voir la campagne de correction" not in client.get("/dijon-2024/").content.decode()
    page = client_de("referent").get(page).content.decode()
    assert "Précisez." in page
    assert 'name="avancement-difficultes"' in page
    assert 'name="avancement-realisations"' not in page


@pytest.mark.parametrize("nom", ["modifier", "abandonner", "ouvrir", "corriger"])
def test_what_makes_no_sense_now_says_so_and_changes_nothing(client_de, nom):
    avant = campagne().version

    page = client_de("cooperation").post(adresse(nom), follow=True).content.decode()

    assert "La campagne est « ouverte »" in page
    assert campagne().version == avant


def test_the_dashboard_says_what_is_mine_first(client_de):
    page = client_de("referent").get("/dijon-2024/").content.decode()
    assert page.index("À faire") < page.index("La convention")
    assert f"{BASE}2025/saisie/PE-1/" in page
    assert "dans 30\u00a0jours" in page
    assert f"{BASE}2025/saisie/PE-2/" not in page

    mettre("soumise")
    assert "Valider PE-1, 2025" in client_de("petite-enfance").get("/dijon-2024/").content.decode()
    Campagne.objects.filter(annee=2025).update(date_limite=dans(-2))
    page = client_de("cooperation").get("/dijon-2024/").content.decode()
    assert "14 fiches en retard de 2\u00a0jours" in page
    page = client_de("caf").get("/dijon-2024/").content.decode()
    assert "Vous n’avez rien à saisir." in page
    assert "1 saisie soumise" in page


@pytest.mark.parametrize("nb", [1, 15])
def test_the_number_of_queries_does_not_grow_with_the_fiches(client_de, django_assert_max_num_queries, nb):
    garder = campagne().saisies.order_by("pk").values_list("pk", flat=True)[:nb]
    Saisie.objects.exclude(pk__in=list(garder)).delete()
    client = client_de("cooperation")
    client.get(f"{BASE}2025/")

    with django_assert_max_num_queries(63):
        client.get(f"{BASE}2025/")


def test_a_link_leads_to_the_very_field(client_de):
    mettre("soumise")
    faire("renvoyer", "petite-enfance", champs={"difficultes": "Lesquelles ?"}, now=timezone.now())

    page = client_de("referent").get("/dijon-2024/").content.decode()

    assert f"{BASE}2025/saisie/PE-1/#champ-difficultes" in page
    assert 'id="champ-difficultes"' in client_de("referent").get(f"{BASE}2025/saisie/PE-1/").content.decode()


def test_a_campaign_that_opens_before_its_year_is_entered_by_every_page(preparee, client_de):
    page = f"{BASE}2027/saisie/PE-1/"
    assert client_de("referent").get(page).status_code == 404

    appliquer_campagne("ouvrir", preparee.pk, user=qui("cooperation"), now=timezone.now())

    assert client_de("referent").get(page).status_code == 200
    assert client_de("referent").get(f"{BASE}2027/saisie/").status_code == 200


def test_freezing_says_what_is_missing_first(client_de):
    client, url = client_de("cooperation"), f"{BASE}2025/bilan/figer/"
    Mesure.objects.filter(annee=2025, indicateur__code="PE-1-02").delete()
    clore()

    page = client.get(url).content.decode()

    assert "Figer la version 1 du bilan 2025" in page
    assert "PE-1-02" in page
    assert "15 fiches dont la saisie n’est pas validée" in page
    assert client.post(url).status_code == 302
    assert "Figer la version 2" in client.get(url).content.decode()
