"""The pages of the mid-term review: who reads it and when, what is beside the texts, the way from opening to the end."""

import pytest
from django.utils import timezone

from evaluation.enums import StatutBilan as B
from evaluation.mi_parcours import services
from evaluation.mi_parcours.documents import render_revue_pdf
from evaluation.mi_parcours.reports import collect_revue
from evaluation.models import Proposition, RevueMiParcours
from gouvernance.enums import EtatCompteRendu
from gouvernance.models import Reunion
from tests.evaluation.outils import qui
from tests.evaluation.test_mi_parcours import URL, axe, ouvrir, proposer, un_point, une_decision
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
REVUE = f"{URL}1/"


@pytest.fixture
def revue(dijon):
    revue = ouvrir(dijon)
    appreciation = revue.appreciations.get(axe__code="PE")
    appreciation.pertinence = "Les besoins sont là."
    services.enregistrer_texte(appreciation, user=qui("cooperation"))
    proposer(revue, motif="Tout est fait.")
    return revue


def presenter(dijon, revue):
    return services.presenter(revue, un_point(dijon), user=qui("cooperation"), now=timezone.now())


def test_from_opening_to_the_end_by_the_pages(client_de, dijon):
    client = client_de("cooperation")
    assert "à compléter" in client.get(URL).content.decode()  # the date of the mid-term is not in the text
    client.post(f"{URL}ouvrir/")
    revue = RevueMiParcours.objects.get()
    assert "déjà en cours" in client.post(f"{URL}ouvrir/", follow=True).content.decode()

    def remplir(adresse, **champs):
        return client.post(adresse, formulaire(client.get(adresse)) | champs).content.decode()

    remplir(f"{REVUE}introduction/", introduction="Menée avec les référents.")
    appreciation = revue.appreciations.get(axe__code="PE")
    remplir(f"{REVUE}axes/{appreciation.pk}/", pertinence="Les besoins sont là.")
    cible = f"axe-{axe('PE.1').pk}"
    assert (
        f'value="{cible}" selected' in client.get(f"{REVUE}proposer/?axe={axe('PE.1').pk}").content.decode()
    )
    envoi = {
        "nature": "reorienter",
        "cible": cible,
        "motif": "Le guichet",
        "intitule": "Un guichet",
        "texte": "",
    }
    client.post(f"{REVUE}proposer/", envoi)
    proposition = Proposition.objects.get()
    remplir(f"{REVUE}propositions/{proposition.pk}/", intitule="Un guichet de quartier")
    page = client.get(REVUE).content.decode()
    for mots in (
        "Menée avec les référents.",
        "Les besoins sont là.",
        "Un guichet de quartier",
        "en préparation",
    ):
        assert mots in page

    point = un_point(dijon)
    page = client.get(f"{REVUE}presenter/").content.decode()
    assert "Petite enfance : cohérence, efficacité" in page
    client.post(f"{REVUE}presenter/", {"point": point.pk})
    assert "Revue à mi-parcours" in client.get(point.reunion.get_absolute_url()).content.decode()
    decision = une_decision(point.reunion)
    adresse = f"{REVUE}propositions/{proposition.pk}/decision/"
    assert "c’est une décision" in remplir(adresse, issue="retenue")
    remplir(adresse, issue="retenue", decision=decision.pk)
    assert decision.numero in client.get(REVUE).content.decode()
    assert (
        "Un guichet" in client.get(decision.page).content.decode()
        or "Réorienter PE.1" in client.get(decision.page).content.decode()
    )
    client.post(f"{REVUE}terminer/")
    revue.refresh_from_db()
    assert revue.statut == "decidee"
    assert "Ouvrir une autre revue" in client.get(URL).content.decode()
    assert "Proposition : réorienter" in client.get(f"{REVUE}historique/").content.decode()


def test_the_caf_and_the_copil_read_it_once_presented(client_de, dijon, revue):
    lecteurs, equipe = ("caf", "signataire", "copil"), ("petite-enfance", "referent", "quartier", "admin")
    for nom in lecteurs:
        client = client_de(nom)
        assert "Aucune revue ne se lit encore" in client.get(URL).content.decode()
        assert [client.get(a).status_code for a in (REVUE, f"{REVUE}pdf/")] == [404, 404]
    for nom in equipe:
        assert "Les besoins sont là." in client_de(nom).get(REVUE).content.decode()

    presenter(dijon, revue)
    for nom in (*lecteurs, *equipe):
        page = client_de(nom).get(REVUE).content.decode()
        assert "Les besoins sont là." in page
        assert "Noter" not in page
        assert "Apprécier l’axe" not in page
    assert client_de("lecteur").get(REVUE).status_code == 403
    assert client_de("caf").get(f"{REVUE}historique/").status_code == 403

    services.reprendre(revue, user=qui("cooperation"))
    assert client_de("copil").get(REVUE).status_code == 404


def test_a_coordinateur_is_offered_his_axe_only(client_de, revue):
    page = client_de("petite-enfance").get(REVUE).content.decode()
    pe, enf = (revue.appreciations.get(axe__code=code) for code in ("PE", "ENF"))

    assert f"{REVUE}axes/{pe.pk}/" in page
    assert f"{REVUE}axes/{enf.pk}/" not in page
    assert client_de("petite-enfance").get(f"{REVUE}axes/{enf.pk}/").status_code == 404
    assert client_de("petite-enfance").post(f"{REVUE}axes/{enf.pk}/", {}).status_code == 404
    assert client_de("referent").get(f"{REVUE}axes/{pe.pk}/").status_code == 403
    proposition = proposer(revue, axe=axe("ENF.1"))
    for suite in ("", "retirer/"):
        assert (
            client_de("petite-enfance").post(f"{REVUE}propositions/{proposition.pk}/{suite}").status_code
            == 404
        )
    choix = client_de("petite-enfance").get(f"{REVUE}proposer/").content.decode()
    assert "PE.1" in choix
    assert "ENF.1" not in choix


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"cible": ""}, "obligatoire"),
        ({"cible": "axe-999999"}, "Sélectionnez un choix valide"),
        ({"nature": "danser"}, "Sélectionnez un choix valide"),
        ({"nature": "ajouter", "intitule": "X"}, "une fiche s’ajoute sous un axe"),
        ({"nature": "reorienter"}, "Écrivez les nouveaux mots"),
        ({"motif": ""}, "obligatoire"),
        ({"intitule": "x" * 301}, "300 caractères"),
    ],
)
def test_bad_input_is_said_and_given_back(client_de, revue, champs, faute):
    envoi = {"nature": "clore", "cible": f"axe-{axe().pk}", "motif": "Un motif gardé", "texte": ""} | champs
    avant = Proposition.objects.count()
    page = client_de("cooperation").post(f"{REVUE}proposer/", envoi).content.decode()

    assert faute in page
    assert "Un motif gardé" in page or not champs.get("motif", "x")
    assert Proposition.objects.count() == avant


def test_a_form_sent_after_the_presentation_says_so_and_keeps_the_text(client_de, dijon, revue):
    client = client_de("petite-enfance")
    adresse = f"{REVUE}axes/{revue.appreciations.get(axe__code='PE').pk}/"
    envoi = formulaire(client.get(adresse)) | {"impact": "Trop tard"}
    presenter(dijon, revue)

    page = client.post(adresse, envoi).content.decode()
    assert "présentée au COPIL depuis le" in page
    assert "Trop tard" in page
    assert "présentée au COPIL depuis le" in client.get(adresse, follow=True).content.decode()


def test_two_people_on_one_axe_both_keep_their_words(client_de, revue):
    adresse = f"{REVUE}axes/{revue.appreciations.get(axe__code='PE').pk}/"
    client = client_de("cooperation")
    mien = formulaire(client.get(adresse))
    client_de("petite-enfance").post(adresse, formulaire(client.get(adresse)) | {"impact": "Vu"})
    client_de("cooperation").post(adresse, mien | {"durabilite": "Tiendra"})

    appreciation = revue.appreciations.get(axe__code="PE")
    assert (appreciation.impact, appreciation.durabilite) == ("Vu", "Tiendra")


def test_figures_are_those_of_the_frozen_version_and_it_is_said(dijon, revue, amener):
    bilan = amener(B.AVALISEE)
    lue = collect_revue(revue, user=qui("cooperation"), now=timezone.now())
    petite_enfance = lue.axes[0].annees
    origines = {annee.annee: (annee.is_figee, annee.origine) for annee in petite_enfance}

    assert origines[2025][0]
    assert f"version {bilan.version}" in origines[2025][1]
    assert not origines[2024][0]
    assert "rien n’est figé" in origines[2024][1]
    assert petite_enfance[1].synthese.nb_fiches == 5


def test_the_copil_reads_no_figure_before_the_aval(client_de, dijon, revue, amener):
    presenter(dijon, revue)
    amener(B.TRANSMISE)
    for user in (qui("copil"), None):
        lue = collect_revue(revue, user=user, now=timezone.now())
        assert {annee.annee for axe_lu in lue.axes for annee in axe_lu.annees} == set()
        assert 2025 in lue.muettes
    assert "Avancement moyen" not in client_de("copil").get(REVUE).content.decode()
    # The representative of the organism of the aval reads what was transmitted to him.
    lue = collect_revue(revue, user=qui("signataire"), now=timezone.now())
    assert {annee.annee for annee in lue.axes[0].annees} == {2025}


def test_the_copil_reads_those_that_have_the_aval(dijon, revue, amener):
    amener(B.AVALISEE)
    for user in (qui("copil"), None):
        lue = collect_revue(revue, user=user, now=timezone.now())
        assert [(a.annee, a.is_figee) for a in lue.axes[0].annees] == [(2025, True)]
        assert 2024 in lue.muettes


def test_what_the_copil_decided_is_read_once_its_minutes_are_distributed(dijon, revue):
    presenter(dijon, revue)
    revue.refresh_from_db()
    decision = une_decision(revue.point.reunion)
    services.trancher(revue.propositions.get(), "retenue", decision, user=qui("cooperation"))

    def issues(user):
        return [p.issue for p in collect_revue(revue, user=user, now=timezone.now()).propositions]

    assert (issues(qui("cooperation")), issues(qui("copil")), issues(None)) == (["retenue"], [""], [""])
    Reunion.objects.filter(pk=decision.reunion_id).update(etat_compte_rendu=EtatCompteRendu.DIFFUSE)
    assert (issues(qui("copil")), issues(None)) == (["retenue"], ["retenue"])


def test_its_pdf_is_a_pdf(dijon, revue):
    assert render_revue_pdf(revue, now=timezone.now()).startswith(b"%PDF")


@pytest.mark.parametrize("point", ["", "x", "999999"])
def test_a_point_that_is_not_there_is_asked_again(client_de, revue, point):
    page = client_de("cooperation").post(f"{REVUE}presenter/", {"point": point}).content.decode()
    assert "Rien n’est encore" in page or "obligatoire" in page or "Sélectionnez un choix valide" in page
    revue.refresh_from_db()
    assert revue.is_en_preparation
