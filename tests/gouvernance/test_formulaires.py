"""Forms of a meeting and of a decision: written, refused with all that was typed, taken once, merged by nobody unseen."""

import uuid

import pytest

from evaluation.models import DecisionFiche
from fiches.models import FicheProjet
from gouvernance.models import Decision, Reunion
from tests.navigation import formulaire

G = "/dijon-2024/gouvernance/"
AJOUT = f"{G}reunions/ajouter/"


def envoyer(client, url, **champs):
    return client.post(url, formulaire(client.get(url)) | champs)


def test_a_meeting_is_added_with_its_number(client_de, copil):
    client = client_de("cooperation")
    assert formulaire(client.get(f"{AJOUT}?instance=copil"))["instance_gouvernance"] == str(copil.pk)

    response = envoyer(client, AJOUT, instance_gouvernance=copil.pk, date="2027-05-04", lieu="Hôtel de ville")

    reunion = Reunion.objects.get(annee=2027)
    assert response["Location"] == reunion.get_absolute_url()
    assert (reunion.numero, reunion.lieu, reunion.convention) == (
        "2027-01",
        "Hôtel de ville",
        copil.convention,
    )
    assert "La réunion 2027-01 est enregistrée." in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"date": ""}, "obligatoire"),
        ({"date": "2027-02-30"}, "date valide"),
        ({"date": "0027-02-03"}, "entre 2000 et 2100"),
        ({"instance_gouvernance": ""}, "obligatoire"),
        ({"instance_gouvernance": "99999999999999999999"}, "choix valide"),
        ({"lieu": "x" * 201}, "200"),
        ({"lieu": "a\x00b"}, "nul"),
    ],
)
def test_a_refused_meeting_leaves_nothing_and_gives_back_what_was_typed(client_de, copil, champs, message):
    nb = Reunion.objects.count()
    saisie = {
        "instance_gouvernance": copil.pk,
        "date": "2027-05-04",
        "intitule": "Longuement dit",
    } | champs

    response = envoyer(client_de("cooperation"), AJOUT, **saisie)

    assert "Rien n’est encore enregistré" in response.content.decode()
    assert message in response.content.decode()
    assert formulaire(response)["intitule"] == "Longuement dit"
    assert Reunion.objects.count() == nb


def test_an_instance_of_another_convention_is_no_choice(client_de, ailleurs):
    response = envoyer(
        client_de("cooperation"),
        AJOUT,
        instance_gouvernance=ailleurs["instance_gouvernance"].pk,
        date="2027-05-04",
    )

    assert "choix valide" in response.content.decode()
    assert not Reunion.objects.filter(annee=2027).exists()


def test_a_decision_is_added_changed_and_deleted(client_de, reunir, zoe):
    client, reunion = client_de("cooperation"), reunir("2027-06-01")
    url = f"{reunion.get_absolute_url()}decider/"

    envoyer(client, url, texte="  Ouvrir une crèche \n", responsable=zoe.pk, echeance="2027-09-01")
    decision = reunion.decisions.get()
    assert (decision.numero, decision.texte, decision.etat) == ("2027-01-D01", "Ouvrir une crèche", "a_faire")

    response = envoyer(client, f"{G}decisions/{decision.pk}/modifier/", etat="faite")
    assert response["Location"] == f"{reunion.get_absolute_url()}#d-1"
    decision.refresh_from_db()
    assert (decision.etat, decision.responsable, decision.rang) == ("faite", zoe, 1)

    supprimer = f"{G}decisions/{decision.pk}/supprimer/"
    assert "son numéro ne sert plus à une autre" in client.get(supprimer).content.decode()
    assert reunion.decisions.exists()
    assert client.post(supprimer)["Location"] == reunion.get_absolute_url()
    assert not reunion.decisions.exists()


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"texte": " \n "}, "obligatoire"),
        ({"responsable": True, "service": True}, "pas les deux"),
        ({"etat": "oubliee"}, "choix valide"),
        ({"echeance": "demain"}, "date valide"),
        ({"label": "autre"}, "choix valide"),
        ({"responsable": "autre"}, "choix valide"),
        ({"remplace": "autre"}, "choix valide"),
    ],
)
def test_a_refused_decision_gives_back_what_was_typed(
    client_de, reunir, zoe, service, ailleurs, champs, message
):
    reunion, objets = reunir("2027-06-01"), {"responsable": zoe.pk, "service": service.pk}
    valeurs = {
        champ: objets[champ] if valeur is True else ailleurs[champ].pk if valeur == "autre" else valeur
        for champ, valeur in champs.items()
    }

    response = envoyer(
        client_de("cooperation"),
        f"{reunion.get_absolute_url()}decider/",
        **{"texte": "Ouvrir une crèche"} | valeurs,
    )

    assert message in response.content.decode()
    assert not reunion.decisions.exists()
    if "texte" not in champs:
        assert formulaire(response)["texte"] == "Ouvrir une crèche"


def test_only_earlier_decisions_not_yet_replaced_are_proposed(client_de, reunir, decider):
    ancienne = decider(reunir("2027-01-05"), "Ancienne")
    deja = decider(ancienne.reunion, "Déjà remplacée")
    decision = decider(reunir("2027-03-01"), "Celle-ci", remplace=deja)
    tardive = decider(reunir("2027-06-01"), "Tardive")
    client = client_de("cooperation")

    choix = (
        client.get(f"{decision.reunion.get_absolute_url()}decider/")
        .context["form"]
        .fields["remplace"]
        .queryset
    )
    assert ancienne in choix
    assert not {deja, tardive} & set(choix)
    page = client.get(f"{G}decisions/{decision.pk}/modifier/")
    assert formulaire(page)["remplace"] == str(deja.pk)
    assert decision not in page.context["form"].fields["remplace"].queryset


def test_the_same_form_sent_twice_is_one_meeting_and_one_decision(client_de, copil):
    client = client_de("cooperation")
    data = formulaire(client.get(AJOUT)) | {"instance_gouvernance": copil.pk, "date": "2027-05-04"}
    for _ in range(2):
        assert client.post(AJOUT, data).status_code == 302
    reunion = Reunion.objects.get(annee=2027)
    url = f"{reunion.get_absolute_url()}decider/"
    data = formulaire(client.get(url)) | {"texte": "Une seule fois"}
    for _ in range(2):
        assert client.post(url, data).status_code == 302

    assert reunion.decisions.count() == 1


def test_a_draft_is_given_back_and_forgotten_once_saved(client_de, reunir):
    client, url = client_de("cooperation"), f"{reunir('2027-06-01').get_absolute_url()}decider/"
    data = formulaire(client.get(url)) | {"texte": "Pas encore fini", "echeance": "2027-13-45"}

    assert client.post(url, data | {"brouillon": "1"}).status_code == 200
    assert not Decision.objects.filter(texte="Pas encore fini").exists()
    page = client.get(url)
    assert "est restauré" in page.content.decode()
    assert "date valide" not in page.content.decode()
    assert formulaire(page)["texte"] == "Pas encore fini"

    client.post(url, formulaire(page) | {"echeance": "2027-12-01"})
    assert Decision.objects.get(texte="Pas encore fini").echeance.month == 12
    assert formulaire(client.get(url))["texte"] == ""


def test_two_people_on_different_fields_of_one_form_both_succeed(client_de, reunir):
    reunion = reunir("2027-06-01", lieu="Ici")
    client, url = client_de("cooperation"), f"{G}reunions/{reunion.pk}/modifier/"
    data = formulaire(client.get(url))
    envoyer(client, url, lieu="Là")

    page = client.post(url, data | {"intitule": "Le bilan"}, follow=True).content.decode()

    reunion.refresh_from_db()
    assert (reunion.lieu, reunion.intitule) == ("Là", "Le bilan")
    assert "Pendant ce temps, Compte cooperation a modifié : Lieu. Tout est réuni." in page


@pytest.mark.parametrize("jeton", [None, "", "faux"])
@pytest.mark.parametrize("quoi", ["reunion", "decision"])
def test_two_people_on_one_form(client_de, reunir, decider, quoi, jeton):
    objet = decider(reunir("2027-06-01", lieu="Ici"), "Ici")
    champ, objet = ("lieu", objet.reunion) if quoi == "reunion" else ("texte", objet)
    client, url = client_de("cooperation"), f"{G}{quoi}s/{objet.pk}/modifier/"
    data = formulaire(client.get(url))
    if jeton is None:
        envoyer(client, url, **{champ: "Là, écrit par l’autre"})
    else:
        data["jeton"] = jeton

    response = client.post(url, data | {champ: "Ailleurs"})
    page = response.content.decode()

    objet.refresh_from_db()
    assert "pendant que vous écriviez" in page
    assert ("En ouvrant la page, on lisait : « Ici »" in page) is (
        jeton is None
    )  # a false token proves nothing
    assert formulaire(response)[champ] == "Ailleurs"
    assert getattr(objet, champ) == ("Là, écrit par l’autre" if jeton is None else "Ici")
    assert [c.leur.affichage for c in response.context["form"].conflits] == [getattr(objet, champ)]
    client.post(url, formulaire(response) | {"envoi": str(uuid.uuid4())})
    objet.refresh_from_db()
    assert getattr(objet, champ) == "Ailleurs"


def test_fields_added_to_a_form_change_no_number_and_no_convention(client_de, reunir, ailleurs):
    reunion = reunir("2027-06-01")
    ajoutes = {
        "rang": "9",
        "annee": "2020",
        "convention": ailleurs["label"].convention_id,
        "pk": "1",
        "source": "x",
    }

    envoyer(client_de("cooperation"), f"{reunion.get_absolute_url()}modifier/", lieu="Là", **ajoutes)

    apres = Reunion.objects.get(pk=reunion.pk)
    assert (apres.lieu, apres.numero, apres.convention_id, apres.source) == (
        "Là",
        "2027-01",
        reunion.convention_id,
        "",
    )


def test_what_has_decisions_is_not_deleted_and_the_page_says_why(client_de, reunir, decider):
    decision = decider(reunir("2027-06-01"), "Ouvrir une crèche")
    client, url = client_de("cooperation"), f"{decision.reunion.get_absolute_url()}supprimer/"

    assert "décision « Ouvrir une crèche »" in client.get(url).content.decode()
    assert "Rien n’est supprimé" in client.post(url).content.decode()
    assert Reunion.objects.filter(pk=decision.reunion_id).exists()

    decision.delete()
    assert client.post(url)["Location"] == f"{G}instances/copil/"
    assert not Reunion.objects.filter(pk=decision.reunion_id).exists()


def test_deleting_a_decision_names_the_fiches_that_it_concerns(client_de):
    decision, fiche = Decision.objects.order_by("pk").first(), FicheProjet.objects.get(code="PE-1")
    DecisionFiche.objects.get_or_create(decision=decision, fiche=fiche, annee=2025)
    page = client_de("cooperation").get(f"/dijon-2024/gouvernance/decisions/{decision.pk}/supprimer/")
    assert "décision sur une fiche « PE-1, 2025 »" in page.content.decode()
