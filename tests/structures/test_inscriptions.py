"""The annexes change by avenant: what comes, what changes, what leaves, and the past that keeps its lines."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ctg.models import Avenant, Convention, LigneChargee
from structures.annexes import collect_annexes
from structures.inscriptions import Fait, annuler, changer, inscrire, retirer
from structures.models import Inscription, Structure
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
JOUR = datetime.date(2026, 6, 1)
VEILLE = JOUR - datetime.timedelta(days=1)


@pytest.fixture
def avenant(dijon):
    return Avenant.objects.create(convention=dijon, numero=1, date_effet=JOUR)


@pytest.fixture
def ligne():
    return Inscription.objects.get(structure__code="a2-01")


def noms(dijon, jour):
    return {li.nom for annexe in collect_annexes(dijon, au=jour) for r in annexe.rubriques for li in r.lignes}


def test_a_line_changes_on_the_day_of_the_avenant_and_the_past_keeps_it(dijon, ligne, avenant):
    suite = changer(ligne.pk, avenant, {"nom": "Multi-accueil Balzac et Drapeau"})

    ligne.refresh_from_db()
    assert (ligne.date_fin, suite.date_effet, suite.succede_a, suite.ordre) == (
        JOUR,
        JOUR,
        ligne,
        ligne.ordre,
    )
    assert "Multi-accueil Balzac" in noms(dijon, VEILLE)
    assert "Multi-accueil Balzac et Drapeau" not in noms(dijon, VEILLE)
    assert "Multi-accueil Balzac et Drapeau" in noms(dijon, JOUR)
    assert "Multi-accueil Balzac" not in noms(dijon, JOUR)
    assert suite.historique.latest().history_change_reason == "Avenant n° 1"


def test_a_line_that_goes_to_the_other_annexe_stands_at_its_end(dijon, ligne, avenant):
    suite = changer(ligne.pk, avenant, {"annexe": "2 bis"})

    assert [annexe.nb for annexe in collect_annexes(dijon, au=JOUR)] == [43, 15]
    assert suite.ordre == max(i.ordre for i in Inscription.objects.filter(annexe="2 bis"))


def test_a_structure_leaves_and_comes_back(dijon, ligne, avenant):
    retirer(ligne.pk, avenant)
    assert ligne.nom in noms(dijon, VEILLE)
    assert ligne.nom not in noms(dijon, JOUR)

    retour = Avenant.objects.create(convention=dijon, numero=2, date_effet=datetime.date(2027, 1, 1))
    champs = {"annexe": "2", "rubrique": "COMMUNE DIJON gestionnaire", "nom": ligne.nom}
    inscrire(ligne.structure, dijon, retour, champs)
    assert ligne.nom in noms(dijon, retour.date_effet)
    with pytest.raises(ValidationError, match="est inscrite ce jour-là"):
        inscrire(ligne.structure, dijon, retour, champs)


@pytest.mark.parametrize(
    ("jour", "message"),
    [
        (datetime.date(2023, 12, 31), "La convention va de 2024 à 2027"),
        (datetime.date(2028, 1, 1), "La convention va de 2024 à 2027"),
    ],
)
def test_an_avenant_stays_in_the_convention(dijon, ligne, jour, message):
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=jour)
    for agir in (lambda: retirer(ligne.pk, avenant), lambda: changer(ligne.pk, avenant, {"nom": "Un autre"})):
        with pytest.raises(ValidationError, match=message):
            agir()


def test_what_cannot_be_changed_is_said(dijon, ligne, avenant):
    with pytest.raises(ValidationError, match="Rien ne change"):
        changer(ligne.pk, avenant, {"nom": ligne.nom})
    suite = changer(ligne.pk, avenant, {"nom": "Un autre nom"})
    with pytest.raises(ValidationError, match="déjà close"):
        retirer(ligne.pk, avenant)
    with pytest.raises(ValidationError, match="après le début"):
        retirer(suite.pk, avenant)
    ailleurs = Convention.objects.create(territoire=dijon.territoire, slug="autre", intitule="Autre")
    etranger = Avenant.objects.create(convention=ailleurs, numero=1, date_effet=JOUR)
    with pytest.raises(ValidationError, match="n’est pas de cette convention"):
        retirer(suite.pk, etranger)


def test_the_page_changes_then_removes_and_a_form_sent_twice_is_received_once(client_de, dijon, ligne):
    client, url = client_de("cooperation"), f"/dijon-2024/structures/{ligne.structure_id}/inscription/"
    data = formulaire(client.get(url)) | {"action": "changer", "nom": "Un autre nom"}
    assert "À remplir pour un nouvel avenant" in client.post(url, data).content.decode()

    data |= {"numero": "1", "date_effet": "2026-06-01", "objet": "Mi-parcours"}
    data |= {"relu": client.post(url, data).context["relu"]}
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    assert Inscription.objects.filter(structure=ligne.structure).count() == 2

    avenant = Avenant.objects.create(convention=dijon, numero=2, date_effet=datetime.date(2026, 9, 1))
    data = formulaire(client.get(url)) | {"action": "retirer", "avenant": avenant.pk}
    assert client.post(url, data).status_code == 302
    assert not Inscription.objects.filter(structure=ligne.structure, date_fin=None).exists()
    page = client.get(url).content.decode()
    assert "Inscrire de nouveau" in page
    assert client.post(url, {"action": "retirer", "avenant": avenant.pk}).status_code == 404


def test_a_refused_form_keeps_what_was_typed(client_de, ligne, avenant):
    client, url = client_de("cooperation"), f"/dijon-2024/structures/{ligne.structure_id}/inscription/"
    page = client.post(
        url,
        formulaire(client.get(url))
        | {"action": "changer", "avenant": "", "numero": "1", "date_effet": "2026-07-01", "nom": "Tapé"},
    )

    assert "Cette convention a déjà un avenant de ce numéro." in page.content.decode()
    assert formulaire(page)["nom"] == "Tapé"
    assert Structure.objects.get(pk=ligne.structure_id).inscriptions.count() == 1


FERMETURE = Fait(
    datetime.date(2027, 9, 1), "Fermeture de la structure", "Courrier du gestionnaire du 12 mars 2027"
)


def test_a_closure_ends_the_line_on_its_day_without_an_avenant(dijon, ligne):
    retirer(ligne.pk, FERMETURE)

    ligne.refresh_from_db()
    assert ligne.date_fin == datetime.date(2027, 9, 1)
    assert ligne.motif_fin == (
        "Fermeture de la structure (source : Courrier du gestionnaire du 12 mars 2027)"
    )
    assert ligne.historique.latest().history_change_reason == "Retirée : Fermeture de la structure"
    assert ligne.nom in noms(dijon, datetime.date(2027, 8, 31))
    assert ligne.nom not in noms(dijon, datetime.date(2027, 9, 1))
    assert not Avenant.objects.exists()


def test_a_line_changes_on_a_day_with_its_reason_and_its_source(ligne):
    suite = changer(ligne.pk, FERMETURE, {"adresse": "3 rue des Lilas, 21000 Dijon"})

    assert suite.source == "Courrier du gestionnaire du 12 mars 2027"
    assert suite.historique.latest().history_change_reason == "Fermeture de la structure"


@pytest.mark.parametrize(("motif", "source"), [("", "Courrier"), ("Fermeture", "  ")])
def test_without_an_avenant_a_reason_and_its_source_are_asked(ligne, motif, source):
    with pytest.raises(ValidationError, match="Écrivez le motif et ce qui le dit"):
        retirer(ligne.pk, Fait(JOUR, motif, source))


def test_the_database_wants_no_reason_for_what_does_not_end(ligne):
    with pytest.raises(IntegrityError, match="inscription_motif_de_ce_qui_finit"), transaction.atomic():
        Inscription.objects.filter(pk=ligne.pk).update(motif_fin="Fermeture")


def test_the_page_takes_a_closure_and_says_what_it_misses(client_de, ligne):
    client, url = client_de("cooperation"), f"/dijon-2024/structures/{ligne.structure_id}/"
    data = {"action": "retirer", "par": "date", "jour": "2027-09-01", "motif": "Fermeture de la structure"}

    refus = client.post(f"{url}inscription/", data)
    assert "À remplir pour ce qui change sans avenant." in refus.content.decode()
    suite = client.post(f"{url}inscription/", data | {"source": "Courrier"}, follow=True)

    dit = suite.content.decode().replace("\u00a0", " ")
    assert "n’est plus inscrite à partir du 1er septembre 2027" in dit
    assert "Fermeture de la structure (source : Courrier)" in dit
    assert not Avenant.objects.exists()
    page = client.get(f"{url}inscription/").content.decode().replace("\u00a0", " ")
    assert "Inscrite à l’annexe 2 jusqu’au 31 août 2027." in page


def test_a_removal_is_undone(dijon, ligne, avenant):
    retirer(ligne.pk, avenant)

    annuler(ligne.pk, motif="Mauvaise structure")

    ligne.refresh_from_db()
    assert (ligne.date_fin, ligne.motif_fin) == (None, "")
    assert ligne.historique.latest().history_change_reason == "Changement annulé : Mauvaise structure"


def test_a_coming_in_is_undone(dijon, ligne, avenant):
    retirer(ligne.pk, avenant)
    retour = Avenant.objects.create(convention=dijon, numero=2, date_effet=datetime.date(2027, 1, 1))
    champs = {"annexe": "2", "rubrique": "COMMUNE DIJON gestionnaire", "nom": ligne.nom}
    revenue = inscrire(ligne.structure, dijon, retour, champs)

    annuler(revenue.pk, motif="Erreur")

    ligne.refresh_from_db()
    assert ligne.date_fin == JOUR  # what was before it stays
    assert Inscription.objects.filter(structure=ligne.structure).get() == ligne


def test_only_the_last_change_is_undone_and_not_what_was_signed(dijon, ligne, avenant):
    with pytest.raises(ValidationError, match="il n’y a rien à annuler"):
        annuler(ligne.pk, motif="Erreur")
    suite = changer(ligne.pk, avenant, {"nom": "Un autre nom"})
    with pytest.raises(ValidationError, match="Seul le dernier changement"):
        annuler(ligne.pk, motif="Erreur")
    with pytest.raises(ValidationError, match="Écrivez le motif"):
        annuler(suite.pk, motif=" ")
    LigneChargee.objects.create(convention=dijon, tableau="inscriptions", cle="x", objet_id=suite.pk)
    with pytest.raises(ValidationError, match="vient des tableaux du texte signé"):
        annuler(suite.pk, motif="Erreur")
    ligne.refresh_from_db()
    assert ligne.date_fin == JOUR


def test_the_page_undoes_once_and_asks_why(client_de, ligne, avenant):
    client, url = client_de("cooperation"), f"/dijon-2024/structures/{ligne.structure_id}/inscription/"
    assert "Annuler le dernier changement" not in client.get(url).content.decode()
    suite = changer(ligne.pk, avenant, {"nom": "Un autre nom"})
    assert "Annuler ce changement" in client.get(url.replace("inscription/", "")).content.decode()
    data = {"action": "annuler", "ligne": suite.pk, "motif": ""}

    assert "Écrivez le motif" in client.post(url, data).content.decode()
    dits = [client.post(url, data | {"motif": "Erreur"}, follow=True).content.decode() for _ in range(2)]

    assert "Le changement est annulé" in dits[0]
    assert "celui-ci est déjà annulé" in dits[1]
    assert Inscription.objects.get(structure=ligne.structure).date_fin is None
