"""A structure edited in the application: free facts, signed ones, two people, drafts, a new one."""

import pytest

from ctg.models import Avenant, Organisme
from structures.models import Agrement, Contact, Inscription, Structure
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
REGISTRE = "/dijon-2024/structures/"


@pytest.fixture
def structure():
    return Structure.objects.get(code="a2-01")


@pytest.fixture
def url(structure):
    return f"{REGISTRE}{structure.pk}/modifier/"


def envoyer(client, url, **champs):
    return client.post(url, formulaire(client.get(url)) | champs)


def test_free_facts_are_written_freely(client_de, structure, url):
    response = envoyer(
        client_de("cooperation"),
        url,
        age_min="10 semaines",
        capacite="45",
        siret="732 829 320 00074",
        qpv="oui",
        nom_qpv="Grésilles",
        age_max="3 ans",
    )
    assert "n’est pas un âge" in response.content.decode()
    assert formulaire(response)["siret"] == "732 829 320 00074"
    structure.refresh_from_db()
    assert structure.siret == ""

    response = client_de("cooperation").post(url, formulaire(response) | {"age_min": "2 mois"}, follow=True)

    structure.refresh_from_db()
    assert (structure.capacite, structure.age_min, structure.age_max) == (45, 2, 36)
    assert (structure.siret, structure.qpv, structure.nom_qpv) == ("73282932000074", "oui", "Grésilles")
    page = response.content.decode()
    for dit in ("45\u00a0places", "de 2\u00a0mois à 3\u00a0ans", "73282932000074", "oui, Grésilles"):
        assert dit in page


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"siret": "12345678900011"}, "SIRET n’existe pas"),
        ({"nom_qpv": "Grésilles", "qpv": ""}, "va avec"),
        ({"capacite": "30,5"}, "nombre entier"),
        ({"capacite": "1600"}, "entre 1 et"),
        ({"age_min": "3 ans", "age_max": "2 ans"}, "doit dépasser"),
        ({"contacts-0-fonction": "Direction"}, "un nom, un téléphone"),
        ({"contacts-0-fonction": "Direction", "contacts-0-telephone": "x"}, "numéro de téléphone"),
        (
            {
                "agrements-0-nature": "centre-social",
                "agrements-0-date_debut": "2026-02-01",
                "agrements-0-date_echeance": "2025-02-01",
            },
            "se termine avant",
        ),
        ({"contacts-TOTAL_FORMS": "-1"}, "arrivée abîmée"),
        ({"quartier": "99999999999999999999"}, "choix valide"),
    ],
)
def test_what_is_refused_is_given_back_and_nothing_is_written(client_de, structure, url, champs, message):
    avant = structure.historique.count()

    response = envoyer(client_de("cooperation"), url, **{"source_complements": "gardé", **champs})

    page = response.content.decode()
    assert "Rien n’est encore enregistré" in page
    assert message in page
    assert formulaire(response)["source_complements"] == "gardé"
    assert structure.historique.count() == avant
    assert not structure.contacts.exists()


def test_a_signed_field_asks_for_its_reason(client_de, structure, url):
    client, ancien = client_de("cooperation"), structure.adresse

    response = envoyer(client, url, adresse="26 Rue Balzac")
    assert "motif de la rectification matérielle" in response.content.decode()
    structure.refresh_from_db()
    assert structure.adresse == ancien

    envoyer(client, url, adresse="26 Rue Balzac", rectification="coquille de la page 3")
    structure.refresh_from_db()
    assert structure.adresse == "26 Rue Balzac"
    assert "coquille de la page 3" in structure.historique.latest().history_change_reason


def test_the_type_is_signed_too(client_de, structure, url):
    rpe = structure._meta.get_field("type_structure").related_model.objects.get(code="rpe")

    response = envoyer(client_de("cooperation"), url, type_structure=rpe.pk)

    assert "motif de la rectification matérielle" in response.content.decode()
    structure.refresh_from_db()
    assert structure.type_structure.code == "eaje"


def test_an_empty_signed_field_asks_for_its_source(client_de):
    structure = Structure.objects.get(code="a2b-01")
    assert structure.adresse == ""
    client, url = client_de("cooperation"), f"{REGISTRE}{structure.pk}/modifier/"

    assert (
        "d’où vient ce que vous complétez" in envoyer(client, url, adresse="1 place Darcy").content.decode()
    )
    envoyer(client, url, adresse="1 place Darcy", source_contrat="annexe 2 bis, p. 1")

    structure.refresh_from_db()
    assert structure.adresse == "1 place Darcy"
    assert structure.historique.latest().history_change_reason == "Complété d’après : annexe 2 bis, p. 1"


def test_agrements_and_contacts_are_saved_with_it(client_de, structure, url):
    client = client_de("cooperation")
    envoyer(
        client,
        url,
        **{
            "agrements-0-nature": "projet-familles",
            "agrements-0-date_echeance": "2020-06-30",
            "contacts-0-fonction": "Direction",
            "contacts-0-nom": "Ana Diop",
            "contacts-0-telephone": "03 80 00 00 00",
            "contacts-0-date_effet": "2025-09-01",
        },
    )

    assert str(structure.agrements.get().date_echeance) == "2020-06-30"
    contact = structure.contacts.get()
    assert (contact.nom, str(contact.date_effet)) == ("Ana Diop", "2025-09-01")
    page = client.get(f"{REGISTRE}{structure.pk}/").content.decode()
    assert "Ana Diop" in page
    assert "expiré" in page
    liste = client.get(REGISTRE, {"agrement": "expire"})
    assert structure in liste.context["page_obj"].object_list
    assert Structure.objects.get(code="a2-02") not in liste.context["page_obj"].object_list
    assert "projet familles : expiré" in liste.content.decode()
    assert structure not in client.get(REGISTRE, {"agrement": "bientot"}).context["page_obj"].object_list


def test_a_signed_agrement_is_dated_and_not_deleted(client_de):
    agrement = Agrement.objects.exclude(source="").order_by("pk").first()
    client, url = client_de("cooperation"), f"{REGISTRE}{agrement.structure_id}/modifier/"

    response = envoyer(client, url, **{"agrements-0-DELETE": "on"})

    assert "il ne se supprime pas" in response.content.decode()
    assert Agrement.objects.filter(pk=agrement.pk).exists()


def test_names_of_contacts_are_the_team_s_and_the_signataires(client_de, structure):
    Contact.objects.create(structure=structure, fonction="Direction", nom="Ana Diop")
    page = f"{REGISTRE}{structure.pk}/"

    for nom, lit in (("caf", True), ("signataire", True), ("copil", False), ("lecteur", False)):
        assert ("Ana Diop" in client_de(nom).get(page).content.decode()) is lit, nom


def test_what_is_missing_is_said_once_to_who_can_write_it(client_de, structure):
    page = f"{REGISTRE}{structure.pk}/"

    response = client_de("cooperation").get(page)
    assert [nom for _, nom in response.context["manques"]] == [
        "la situation en QPV",
        "le SIRET",
        "les âges",
        "un contact",
    ]
    assert "<strong>À compléter</strong>" in response.content.decode()
    assert "<strong>À compléter</strong>" not in client_de("lecteur").get(page).content.decode()


def test_two_people_on_one_structure_both_succeed(client_de, structure, url):
    client = client_de("cooperation")
    ouvert = formulaire(client.get(url))
    structure.capacite = 31
    structure.save()
    Contact.objects.create(structure=structure, fonction="Direction", nom="Ana Diop")

    response = client.post(url, ouvert | {"nom_qpv": "Grésilles", "qpv": "oui"}, follow=True)

    structure.refresh_from_db()
    assert (structure.capacite, structure.nom_qpv) == (31, "Grésilles")
    assert structure.contacts.get().nom == "Ana Diop"
    assert "Tout est réuni" in response.content.decode()


def test_what_both_changed_is_asked(client_de, structure, url):
    client = client_de("cooperation")
    ouvert = formulaire(client.get(url))
    structure.capacite = 31
    structure.save()

    response = client.post(url, ouvert | {"capacite": "32"})

    assert "Deux versions de Multi-accueil Balzac" in response.content.decode()
    structure.refresh_from_db()
    assert structure.capacite == 31
    client.post(url, formulaire(response) | {"choix-capacite": "mien"})
    structure.refresh_from_db()
    assert structure.capacite == 32


def test_a_draft_is_kept_and_given_back(client_de, structure, url):
    client = client_de("cooperation")
    page = f"{REGISTRE}{structure.pk}/"
    envoyer(client, url, nom_qpv="Grésilles", brouillon=page)

    assert "n’est pas enregistré" in client.get(page).content.decode()
    assert formulaire(client.get(url))["nom_qpv"] == "Grésilles"
    structure.refresh_from_db()
    assert structure.nom_qpv == ""


def test_the_same_form_twice_is_taken_once(client_de, structure, url):
    client = client_de("cooperation")
    envoi = formulaire(client.get(url)) | {
        "contacts-0-fonction": "Accueil",
        "contacts-0-telephone": "0380000000",
    }
    client.post(url, envoi)
    response = client.post(url, envoi, follow=True)

    assert "déjà enregistré" in response.content.decode()
    assert structure.contacts.count() == 1


def test_a_new_structure_waits_for_its_avenant_then_is_inscribed(client_de, dijon):
    client = client_de("cooperation")
    eaje = Structure.objects.get(code="a2-01").type_structure
    nouvelle = {"nom": "Crèche des Tanneries", "type_structure": eaje.pk, "adresse": "1 rue des Tanneries"}
    response = envoyer(client, f"{REGISTRE}ajouter/", **nouvelle)

    structure = Structure.objects.get(nom="Crèche des Tanneries")
    assert (structure.code, structure.territoire) == ("creche-des-tanneries", dijon.territoire)
    assert response["Location"] == f"{REGISTRE}{structure.pk}/inscription/"
    assert "Crèche des Tanneries" in client.get(REGISTRE).content.decode()
    page = f"{REGISTRE}{structure.pk}/"
    assert "L’inscrire par un avenant" in client.get(page).content.decode()
    assert client_de("lecteur").get(page).status_code == 404
    assert "Crèche des Tanneries" not in client_de("lecteur").get(REGISTRE).content.decode()

    client = client_de("cooperation")
    champs = {"annexe": "2", "rubrique": "Autres", "numero": "1", "date_effet": "2026-06-01"}
    envoyer(client, f"{page}inscription/", **champs)

    inscription = Inscription.objects.get(structure=structure)
    assert (inscription.nom, str(inscription.date_effet)) == ("Crèche des Tanneries", "2026-06-01")
    assert Avenant.objects.filter(convention=dijon, numero=1).exists()
    assert client_de("lecteur").get(page).status_code == 200


def test_what_looks_like_a_known_structure_is_asked_before_it_is_added(client_de, structure):
    client, adresse = client_de("cooperation"), f"{REGISTRE}ajouter/"
    saisie = formulaire(client.get(adresse)) | {
        "nom": "Crèche Balzac",
        "type_structure": structure.type_structure_id,
        "adresse": "25, rue de Balzac",
    }

    page = client.post(adresse, saisie)

    [candidat] = page.context["candidats"]
    assert (candidat.pk, candidat.raison) == (structure.pk, "nom proche, même adresse")
    assert f'href="{REGISTRE}{structure.pk}/"' in page.content.decode()
    assert formulaire(page)["nom"] == "Crèche Balzac"
    assert not Structure.objects.filter(nom="Crèche Balzac").exists()
    page = client.post(adresse, saisie | {"autres": "999999"})  # that one was not shown
    assert not Structure.objects.filter(nom="Crèche Balzac").exists()
    client.post(adresse, saisie | {"autres": candidat.cle})
    assert Structure.objects.filter(nom="Crèche Balzac").count() == 1


def test_codes_are_never_given_twice(client_de, dijon):
    client, eaje = client_de("cooperation"), Structure.objects.get(code="a2-01").type_structure

    def ajouter():
        autres = ",".join(map(str, Structure.objects.values_list("pk", flat=True)))
        envoyer(client, f"{REGISTRE}ajouter/", nom="La Ruche", type_structure=eaje.pk, autres=autres)

    ajouter()
    ajouter()
    Structure.objects.get(code="la-ruche-2").delete()
    ajouter()

    assert set(Structure.objects.filter(nom="La Ruche").values_list("code", flat=True)) == {
        "la-ruche",
        "la-ruche-3",
    }


def test_the_history_tells_the_structure_and_its_parts(client_de, structure, url):
    client = client_de("cooperation")
    envoyer(
        client,
        url,
        **{"capacite": "26", "contacts-0-fonction": "Direction", "contacts-0-nom": "Ana Diop"},
    )

    evenement = client.get(f"{REGISTRE}{structure.pk}/historique/").context["page_obj"][0]
    dits = {(d.objet, d.libelle): (d.avant, d.apres) for d in evenement.differences}
    assert dits["", "Capacité (places)"] == ("25", "26")
    assert (
        "Ana Diop"
        in dits["Contact « Direction »".replace("« ", "«\u00a0").replace(" »", "\u00a0»"), "Ajout"][1]
    )


def test_past_lines_of_the_annexes_are_read(client_de, structure, dijon):
    from structures.inscriptions import retirer

    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet="2026-06-01")
    avenant.refresh_from_db()
    retirer(Inscription.objects.get(structure=structure).pk, avenant)

    page = client_de("lecteur").get(f"{REGISTRE}{structure.pk}/").content.decode()

    assert "Inscriptions passées" in page
    assert "jusqu’au 31\u00a0mai\u00a02026" in page


def test_a_gestionnaire_is_chosen_among_the_organismes(client_de, structure, url):
    vyv = Organisme.objects.get(nom="VYV")

    envoyer(client_de("cooperation"), url, gestionnaire=vyv.pk, rectification="colonne décalée")

    structure.refresh_from_db()
    assert structure.gestionnaire == vyv
