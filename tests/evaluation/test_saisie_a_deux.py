"""Nobody's work lost in a year's entry: drafts, two people on one fiche, the same form received twice."""

import pytest
from django.core import signing
from django.test import Client

from ctg.models import Brouillon
from evaluation.models import Avancement, Indicateur, Mesure
from tests.navigation import formulaire

URL = "/dijon-2024/evaluation/2025/saisie/PE-1/"
LONG = "Un texte de l’autre,\nsur deux lignes, qu’il ne faut pas perdre."


@pytest.fixture
def deux(compte):
    """Two people who opened the same entry at the same moment: (client, form data) of each."""

    def ouvrir(nom):
        client = Client()
        client.force_login(compte(nom))
        return client, formulaire(client.get(URL))

    return ouvrir("cooperation"), ouvrir("petite-enfance")


def i(code, champ="valeur"):
    return f"i{Indicateur.objects.get(code=code).pk}-{champ}"


def mesure(code):
    return Mesure.objects.filter(indicateur__code=code, annee=2025).first()


def avancement():
    return Avancement.objects.get(fiche__code="PE-1", annee=2025)


def navigateur(data):
    """As a browser sends it: every line ends with CRLF."""
    return {name: v.replace("\n", "\r\n") if isinstance(v, str) else v for name, v in data.items()}


def cles(response):
    return [conflit.libelle for conflit in response.context["fusion"].conflits]


def test_changes_of_different_indicators_and_texts_both_succeed(deux):
    (une, data), (autre, data_autre) = deux
    autre.post(URL, navigateur(data_autre | {i("PE-1-01"): "1390", "avancement-realisations": LONG}))

    page = une.post(
        URL,
        navigateur(
            data
            | {i("PE-1-03"): "5", i("PE-1-01", "commentaire"): "Vu", "avancement-difficultes": "Les miennes"}
        ),
        follow=True,
    ).content.decode()

    assert (mesure("PE-1-01").valeur, mesure("PE-1-01").commentaire) == (1390, "Vu")
    assert mesure("PE-1-03").valeur == 5
    assert (avancement().realisations, avancement().difficultes) == (LONG, "Les miennes")
    assert (
        "Pendant ce temps, Compte petite-enfance a modifié : PE-1-01 : valeur (familles), Réalisations"
        in page
    )


@pytest.mark.parametrize(
    ("choix", "attendu"), [("leur", LONG), ("mien", "Mon texte"), ("texte", "Les deux, réunis.")]
)
def test_the_same_text_is_shown_three_times_and_chosen(deux, choix, attendu):
    (une, data), (autre, data_autre) = deux
    avant = avancement().realisations
    autre.post(URL, navigateur(data_autre | {"avancement-realisations": LONG}))

    response = une.post(
        URL, data | {"avancement-realisations": "Mon texte", "avancement-ajustements": "Les miens"}
    )
    page = response.content.decode()

    assert avancement().realisations == LONG
    assert "Compte petite-enfance a enregistré cette saisie" in page
    assert cles(response) == ["Réalisations de l’année"]
    assert (LONG[:20] in page, "Mon texte" in page, avant[:40] in page) == (True, True, True)
    choisis = {
        "choix-avancement-realisations": choix,
        "texte-avancement-realisations": "Les deux, réunis.",
    }
    une.post(URL, navigateur(formulaire(response) | choisis))
    assert (avancement().realisations, avancement().ajustements) == (attendu, "Les miens")


@pytest.mark.parametrize(("choix", "attendu"), [("leur", 1390), ("mien", 1400)])
def test_the_same_value_is_asked(deux, choix, attendu):
    (une, data), (autre, data_autre) = deux
    autre.post(URL, data_autre | {i("PE-1-01"): "1390"})

    response = une.post(URL, data | {i("PE-1-01"): "1400"})

    assert (cles(response), mesure("PE-1-01").valeur) == (["PE-1-01 : valeur (familles)"], 1390)
    une.post(URL, formulaire(response) | {f"choix-{i('PE-1-01')}": choix})
    assert mesure("PE-1-01").valeur == attendu


def test_a_value_and_its_fraction_are_one(deux):
    (une, data), (autre, data_autre) = deux
    entier = {i("PE-1-02", "numerateur"): "", i("PE-1-02", "denominateur"): ""}
    autre.post(URL, data_autre | entier | {i("PE-1-02"): "90"})

    response = une.post(URL, data | {i("PE-1-02", "numerateur"): "1", i("PE-1-02", "denominateur"): "2"})

    assert mesure("PE-1-02").valeur == 90
    assert cles(response) == ["PE-1-02 : valeur (%)", "PE-1-02 : numérateur", "PE-1-02 : dénominateur"]


def test_a_first_entry_by_two_people(deux):
    (une, data), (autre, data_autre) = deux
    Mesure.objects.filter(annee=2025, indicateur__code="PE-1-01").delete()
    data, data_autre = formulaire(une.get(URL)), formulaire(autre.get(URL))
    autre.post(URL, data_autre | {i("PE-1-01"): "12"})

    une.post(URL, data | {i("PE-1-01", "commentaire"): "Vu"})
    assert (mesure("PE-1-01").valeur, mesure("PE-1-01").commentaire) == (12, "Vu")

    response = une.post(URL, data | {"envoi": "", i("PE-1-01"): "13"})
    assert cles(response) == ["PE-1-01 : valeur (familles)"]


def test_a_choice_made_on_a_text_that_moved_again_is_asked_again(deux):
    (une, data), (autre, data_autre) = deux
    autre.post(URL, data_autre | {"avancement-realisations": LONG})
    response = une.post(URL, data | {"avancement-realisations": "Mon texte"})
    choix = formulaire(response) | {"choix-avancement-realisations": "mien"}
    autre.post(URL, formulaire(autre.get(URL)) | {"avancement-realisations": "Encore autre chose"})

    response = une.post(URL, choix)

    assert avancement().realisations == "Encore autre chose"
    assert "Encore autre chose" in response.content.decode()


def test_a_change_by_another_door_moves_the_form(deux):
    (une, data), _ = deux
    autre = mesure("PE-1-01")
    autre.valeur = 7
    autre.save()

    response = une.post(URL, data | {i("PE-1-01"): "8"})

    assert [c.leur.affichage for c in response.context["fusion"].conflits] == ["7"]
    assert Mesure.objects.get(pk=autre.pk).valeur == 7


def test_the_token_of_another_year_proves_nothing(deux):
    (une, data), _ = deux
    autre = formulaire(une.get(URL.replace("2025", "2024")))

    response = une.post(URL, data | {"jeton": autre["jeton"], i("PE-1-01"): "8"})

    assert cles(response) == ["PE-1-01 : valeur (familles)"]


@pytest.mark.parametrize(
    "jeton", [None, "", "x", signing.dumps([1, 2025, 9, 9])], ids=["none", "empty", "x", "other-salt"]
)
def test_without_a_token_every_difference_is_asked(deux, jeton):
    (une, data), _ = deux
    del data["jeton"]
    avant = mesure("PE-1-01").valeur

    response = une.post(URL, data | ({} if jeton is None else {"jeton": jeton}) | {i("PE-1-01"): "8"})

    assert (cles(response), mesure("PE-1-01").valeur) == (["PE-1-01 : valeur (familles)"], avant)


def test_what_was_not_touched_is_not_written(deux):
    (une, data), _ = deux
    fiche = avancement().fiche
    Avancement.objects.filter(fiche=fiche).update(difficultes="Une ligne\nune autre ", taux_avancement=7)
    Mesure.objects.filter(indicateur__code="PE-1-02", annee=2025).update(
        valeur="66.6666", numerateur=2, denominateur=3
    )
    data = formulaire(une.get(URL))
    lignes = Mesure.historique.count()

    une.post(
        URL, navigateur(data | {"avancement-realisations": "Mon texte", i("PE-1-02", "motif"): "Mon motif"})
    )

    assert (avancement().difficultes, avancement().taux_avancement) == ("Une ligne\nune autre ", 7)
    assert (str(mesure("PE-1-02").valeur), mesure("PE-1-02").motif) == ("66.6666", "Mon motif")
    assert Mesure.historique.count() == lignes + 1


def test_a_form_that_lacks_a_field_leaves_it_as_it_is(deux):
    (une, data), _ = deux
    avant = mesure("PE-1-01").valeur
    restes = {k: v for k, v in data.items() if not k.startswith(i("PE-1-01", "")) and k != i("PE-1-03")}
    valeur = mesure("PE-1-03").valeur

    une.post(URL, restes | {"avancement-realisations": "Mon texte"})

    assert (mesure("PE-1-01").valeur, mesure("PE-1-03").valeur) == (avant, valeur)
    assert avancement().realisations == "Mon texte"


# Drafts ----------------------------------------------------------------------------------------------


def brouillon(client, data):
    return client.post(URL, data | {"brouillon": "1"}, headers={"X-Requested-With": "fetch"})


def test_a_draft_is_kept_given_back_and_said(client_de):
    client = client_de("cooperation")
    avant = avancement().realisations
    data = formulaire(client.get(URL)) | {"avancement-realisations": "En cours", i("PE-1-01"): "12,"}

    assert brouillon(client, data).status_code == 200
    assert avancement().realisations == avant
    page = client.get(URL)
    rendu = formulaire(page)
    assert "Votre brouillon du" in page.content.decode()
    assert "Rien n’est encore enregistré" not in page.content.decode()
    assert "n’est pas un nombre" not in page.content.decode()
    assert (rendu["avancement-realisations"], rendu[i("PE-1-01")]) == ("En cours", "12,")
    assert rendu["jeton"] == data["jeton"]
    client.post(URL, rendu | {i("PE-1-01"): "12"})
    assert (avancement().realisations, mesure("PE-1-01").valeur) == ("En cours", 12)
    assert not Brouillon.objects.exists()


def test_a_draft_does_not_hide_what_another_saved_since(deux):
    (une, data), (autre, data_autre) = deux
    brouillon(une, data | {"avancement-realisations": "En cours"})
    autre.post(URL, data_autre | {i("PE-1-01"): "1390"})

    une.post(URL, formulaire(une.get(URL)))

    assert (avancement().realisations, mesure("PE-1-01").valeur) == ("En cours", 1390)


def test_a_conflict_is_kept_as_a_draft(deux):
    (une, data), (autre, data_autre) = deux
    autre.post(URL, data_autre | {"avancement-realisations": LONG})
    une.post(URL, data | {"avancement-realisations": "Mon texte"})

    assert formulaire(une.get(URL))["avancement-realisations"] == "Mon texte"


def test_a_draft_can_be_given_up(client_de):
    client = client_de("cooperation")
    brouillon(client, formulaire(client.get(URL)) | {"avancement-realisations": "En cours"})

    client.post(URL, {"abandonner": "1"})

    assert formulaire(client.get(URL))["avancement-realisations"] == avancement().realisations


@pytest.mark.parametrize("nom", ["enfance", "caf", "copil", "lecteur"])
def test_who_may_not_enter_keeps_no_draft(client_de, nom):
    assert brouillon(client_de(nom), {"avancement-realisations": "x"}).status_code in {403, 404}
    assert not Brouillon.objects.exists()


def test_the_same_form_sent_again_does_nothing_more(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(URL)) | {"avancement-realisations": "Une fois"}
    client.post(URL, data)
    lignes = Avancement.historique.count()

    page = client.post(URL, data, follow=True).content.decode()

    assert Avancement.historique.count() == lignes
    assert "rien n’a été fait deux fois" in page
