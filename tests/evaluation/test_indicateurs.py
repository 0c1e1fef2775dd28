"""Definitions of indicators: who defines, what is asked, what locks, what becomes of them."""

import datetime
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ctg.models import Brouillon, Personne, Quartier
from evaluation.models import (
    Cible,
    Indicateur,
    LigneSaisie,
    Mesure,
    ModaliteIndicateur,
    ValeurVentilee,
)
from fiches.models import FicheProjet
from structures.models import Structure
from tests.evaluation.indicateurs import LISTE, creer, i, modifier, url
from tests.navigation import formulaire


def codes(response):
    return [indicateur.code for indicateur in response.context["page_obj"].object_list]


def test_only_people_who_may_enter_are_offered(client_de, dijon):
    sans_compte = Personne.objects.create(convention=dijon, prenom="Zoé", nom="Sans-Compte")

    offertes = client_de("cooperation").get(url("PE-1-01")).context["form"].fields["responsable"].queryset

    noms = {str(personne) for personne in offertes}
    assert {"Compte referent", "Compte petite-enfance", "Compte cooperation", str(sans_compte)} <= noms
    assert not {"Compte copil", "Compte lecteur", "Compte caf"} & noms


# The list -------------------------------------------------------------------------------------------


def test_the_list_is_in_the_order_of_the_plan(client_de):
    lus = codes(client_de("lecteur").get(LISTE))

    assert len(lus) == 40
    assert lus[:5] == ["PE-1-01", "PE-1-02", "PE-1-03", "PE-1-04", "PE-2-01"]


@pytest.mark.parametrize(
    ("filtre", "attendus"),
    [
        ("q=FREQUENTE+creche", []),
        ("q=recues+GUICHET", ["PE-1-01"]),
        ("nature=texte", ["PE-1-04"]),
        ("type_indicateur=impact&nature=echelle", ["PE-1-03"]),
        ("sans_cible=on", ["JEU-1-03"]),
    ],
)
def test_filters(client_de, filtre, attendus):
    if filtre.startswith("sans_cible"):
        for cible in Cible.objects.filter(indicateur__code="JEU-1-03"):
            cible.delete()

    assert codes(client_de("cooperation").get(f"{LISTE}?{filtre}")) == attendus


def test_filters_by_axe_fiche_and_person(client_de, dijon):
    client, fiche = client_de("cooperation"), FicheProjet.objects.get(code="AVS-1")
    personne = Personne.objects.create(convention=dijon, nom="Martin")
    indicateur = i("AVS-1-02")
    indicateur.responsable = personne
    indicateur.save()

    assert len(codes(client.get(f"{LISTE}?axe={fiche.axe_id}"))) == 4
    assert len(codes(client.get(f"{LISTE}?fiche={fiche.code}"))) == 3
    assert codes(client.get(f"{LISTE}?responsable={personne.pk}")) == ["AVS-1-02"]


def test_people_are_named_to_the_team_only(client_de, dijon):
    indicateur = i("PE-1-01")
    indicateur.responsable = Personne.objects.create(convention=dijon, prenom="Zoé", nom="Personne-Citée")
    indicateur.save()

    for adresse in (LISTE, url("PE-1-01", "")):
        assert "Personne-Citée" in client_de("caf").get(adresse).content.decode()
        assert "Personne-Citée" not in client_de("copil").get(adresse).content.decode()


def test_no_value_is_ever_shown(client_de):
    client = client_de("lecteur")

    assert "1\u202f385" not in client.get(url("PE-1-01", "")).content.decode()
    assert "1\u202f400" in client.get(url("PE-1-01", "")).content.decode()  # the target of 2025
    assert "1\u202f385" not in client.get(LISTE).content.decode()


@pytest.mark.parametrize(
    "adresse", ["?axe=abc&nature=rien", "?q=%00%F0%9F%98%80", "?page=999&fiche=9" + "9" * 30]
)
def test_bad_filters_are_read_without_a_500(client_de, adresse):
    assert client_de("cooperation").get(LISTE + adresse).status_code in {200, 404}


def test_as_many_queries_for_3_as_for_60(client_de):
    client, fiche = client_de("cooperation"), FicheProjet.objects.get(code="JEU-2")
    adresse = f"{LISTE}?fiche={fiche.code}"
    client.get(adresse)
    nombres = []
    for premier, dernier in ((0, 3), (3, 60)):
        for n in range(premier, dernier):
            indicateur = Indicateur.objects.create(
                fiche=fiche, code=f"X-{n}", ordre=n, intitule="x", nature="entier", type_indicateur="moyens"
            )
            Cible.objects.create(indicateur=indicateur, annee=2026, valeur=n)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(adresse).status_code == 200
        nombres.append(len(queries))

    assert nombres[0] == nombres[1]


# The form -------------------------------------------------------------------------------------------


def test_a_coordinator_defines_an_indicator_of_the_axe(client_de):
    response = creer(
        client_de("petite-enfance"),
        unite="familles",
        valeur_depart="1 200,5",
        nature="decimal",
        date_depart="31/12/2023",
        cible_2026="1\u202f300",
        ventilation="sexe",
    )

    indicateur = i("PE-1-05")
    assert response["Location"] == indicateur.get_absolute_url()
    assert (indicateur.valeur_depart, indicateur.date_depart) == (D("1200.5"), datetime.date(2023, 12, 31))
    assert [(c.annee, c.valeur) for c in indicateur.cibles.all()] == [(2026, 1300)]
    assert [m.libelle for m in indicateur.modalites.order_by("ordre")] == ["Femmes", "Hommes"]
    assert (indicateur.ordre, indicateur.source) == (5, "")


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"intitule": ""}, "obligatoire"),
        ({"code": "PE-1-01"}, "Un indicateur de cette fiche a déjà ce code."),
        ({"code": "deux mots"}, "sans espace."),
        ({"valeur_depart": "12"}, "à quelle date se rapporte"),
        ({"date_depart": "2023-12-31"}, "Écrivez la valeur de départ"),
        ({"valeur_depart": "1e5", "date_depart": "2023-12-31"}, "n’est pas un nombre"),
        ({"date_depart": "le 3"}, "31/12/2023"),
        ({"borne_min": "5", "borne_max": "3"}, "inférieure à la plus petite"),
        ({"cible_2026": "1.234"}, "deux façons"),
        ({"cible_2026": "9" * 14}, "trop grand"),
        ({"nature": "texte", "cible_2026": "3"}, "n’a pas de cible chiffrée"),
        ({"nature": "oui_non", "ventilation": "sexe"}, "ne se détaille pas"),
        ({"ventilation": "quartier"}, "au moins une part"),
        ({"ventilation": "age", "tranches": "0-3 ans\n0-3 ANS"}, "portent le même nom"),
        ({"ventilation": "age", "tranches": "x" * 201}, "200 caractères"),
        ({"ventilation": "quartier", "quartiers": "9" * 40}, "Sélectionnez un choix valide"),
        ({"nature": "rien"}, "choix valide"),
        ({"responsable": "9" * 40}, "choix valide"),
    ],
)
def test_what_is_wrong_is_said_and_kept(client_de, champs, faute):
    response = creer(client_de("cooperation"), **{"intitule": "Mon intitulé", **champs})

    page = response.content.decode()
    assert response.status_code == 200
    assert faute in page
    assert "Mon intitulé" in page or "intitule" in champs
    assert Indicateur.objects.filter(fiche__code="PE-1").count() == 4


def test_parts_are_quartiers_structures_or_age_bands(client_de, dijon):
    client = client_de("cooperation")
    quartiers = list(Quartier.objects.de_reference(dijon.territoire)[:3])
    structures = list(Structure.objects.of_convention(dijon).order_by("nom")[:2])

    creer(client, code="A", ventilation="quartier", quartiers=[str(q.pk) for q in quartiers])
    creer(client, code="B", ventilation="structure", structures=[str(s.pk) for s in structures])
    creer(client, code="C", ventilation="age", tranches="0-3 ans\r\n4-10 ans\r\n\r\n")

    assert [m.quartier for m in i("A").modalites.order_by("ordre")] == quartiers
    assert [m.structure for m in i("B").modalites.order_by("ordre")] == structures
    assert [m.libelle for m in i("C").modalites.order_by("ordre")] == ["0-3 ans", "4-10 ans"]


def test_nothing_changed_writes_nothing(client_de):
    avant = (Indicateur.historique.count(), Cible.historique.count(), ModaliteIndicateur.historique.count())

    assert modifier(client_de("cooperation"), "PE-1-01").status_code == 302

    assert avant == (
        Indicateur.historique.count(),
        Cible.historique.count(),
        ModaliteIndicateur.historique.count(),
    )


def test_what_a_person_writes_is_no_longer_of_the_demonstration(client_de):
    modifier(client_de("cooperation"), "PE-1-01", cible_2026="1600")

    assert {c.annee: c.source for c in i("PE-1-01").cibles.all()}[2026] == ""
    assert i("PE-1-01").is_demonstration


def test_a_part_with_a_value_is_not_taken_away(client_de):
    client = client_de("cooperation")
    creer(client, code="C", ventilation="age", tranches="0-3 ans\n4-10 ans")
    mesure = Mesure.objects.create(indicateur=i("C"), annee=2026, valeur=3)
    ValeurVentilee.objects.create(mesure=mesure, modalite=i("C").modalites.get(libelle="0-3 ans"), valeur=3)

    page = modifier(client, "C", tranches="4-10 ans").content.decode()

    assert "« 0-3 ans »" in page
    assert i("C").modalites.count() == 2
    assert modifier(client, "C", tranches="0-3 ans").status_code == 302
    assert [m.libelle for m in i("C").modalites.all()] == ["0-3 ans"]


def test_the_same_form_is_taken_once(client_de):
    client, adresse = client_de("cooperation"), f"{LISTE}ajouter/PE-1/"
    data = formulaire(client.get(adresse)) | {
        "intitule": "x",
        "nature": "entier",
        "type_indicateur": "moyens",
    }

    client.post(adresse, data)
    page = client.post(adresse, data, follow=True).content.decode()

    assert "était déjà enregistré" in page
    assert Indicateur.objects.filter(fiche__code="PE-1").count() == 5


def test_a_draft_is_given_back(client_de):
    client, adresse = client_de("cooperation"), url("PE-1-01")
    client.post(
        adresse, formulaire(client.get(adresse)) | {"intitule": "En cours d’écriture", "brouillon": "1"}
    )

    assert "En cours d’écriture" in client.get(adresse).content.decode()
    assert i("PE-1-01").intitule == "Familles reçues au guichet unique"
    assert Brouillon.objects.count() == 1


# Two people -----------------------------------------------------------------------------------------


@pytest.fixture
def deux(compte):
    """Two people who opened the same form at the same moment: (client, form data) of each."""

    def ouvrir(nom):
        client = Client()
        client.force_login(compte(nom))
        return client, formulaire(client.get(url("PE-1-01")))

    return ouvrir("cooperation"), ouvrir("petite-enfance")


def test_different_changes_are_joined(deux):
    (une, data), (autre, data_autre) = deux
    adresse = url("PE-1-01")
    autre.post(adresse, data_autre | {"cible_2026": "1700", "agregation": "moyenne"})

    page = une.post(adresse, data | {"unite": "foyers"}, follow=True).content.decode()

    assert "Compte petite-enfance a modifié : comment le total se fait, cible 2026." in page
    indicateur = i("PE-1-01")
    assert (indicateur.unite, indicateur.agregation) == ("foyers", "moyenne")
    assert indicateur.cibles.get(annee=2026).valeur == 1700


def test_the_same_field_is_asked(deux):
    (une, data), (autre, data_autre) = deux
    adresse = url("PE-1-01")
    autre.post(adresse, data_autre | {"cible_2026": "1700", "intitule": "Le leur"})

    response = une.post(adresse, data | {"cible_2026": "1800", "unite": "foyers"})

    conflits = response.context["fusion"].conflits
    assert [(c.libelle, c.base.affichage, c.leur.affichage, c.mien.affichage) for c in conflits] == [
        ("Cible 2026", "1550", "1700", "1800")
    ]
    assert i("PE-1-01").cibles.get(annee=2026).valeur == 1700

    une.post(adresse, formulaire(response) | {"choix-cible_2026": "mien"})

    indicateur = i("PE-1-01")
    assert (indicateur.intitule, indicateur.unite) == ("Le leur", "foyers")
    assert indicateur.cibles.get(annee=2026).valeur == 1800


@pytest.mark.parametrize("jeton", ["", "faux", "a:b:c"])
def test_without_a_true_token_a_difference_is_asked(client_de, jeton):
    response = modifier(client_de("cooperation"), "PE-1-01", jeton=jeton, unite="foyers")

    assert [c.libelle for c in response.context["fusion"].conflits] == ["Unité"]


# The lock -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("champ", ["cible_2027", "valeur_depart"])
def test_what_is_counted_in_whole_numbers_has_whole_targets(client_de, champ):
    refus = modifier(client_de("cooperation"), "PE-1-01", **{champ: "12,5", "motif": "Essai"})
    assert "nombres entiers" in str(refus.context["form"].errors[champ])


# What becomes of it ----------------------------------------------------------------------------------


def test_copy_to_another_fiche(client_de):
    client = client_de("cooperation")
    creer(client, code="C", ventilation="age", tranches="0-3 ans\n4-10 ans", cible_2026="3")
    adresse, fiche = url("C", "copier/"), FicheProjet.objects.get(code="PE-2")
    data = formulaire(client.get(adresse)) | {"fiche": str(fiche.pk), "code": "PE-2-09"}

    client.post(adresse, data)
    client.post(adresse, data)  # the same form

    copie = Indicateur.objects.get(code="PE-2-09")
    assert (copie.fiche, copie.ordre, copie.cibles.count()) == (fiche, 4, 0)
    assert [m.libelle for m in copie.modalites.order_by("ordre")] == ["0-3 ans", "4-10 ans"]

    client.post(adresse, formulaire(client.get(adresse)) | {"code": "C-2", "avec_cibles": "on"})
    assert [c.valeur for c in i("C-2").cibles.all()] == [3]


def test_a_coordinator_copies_within_the_axe_only(client_de):
    client, adresse = client_de("petite-enfance"), url("PE-1-01", "copier/")
    ailleurs = FicheProjet.objects.get(code="JEU-1")

    response = client.post(
        adresse, formulaire(client.get(adresse)) | {"fiche": str(ailleurs.pk), "code": "J"}
    )

    assert response.status_code == 200
    assert not Indicateur.objects.filter(code="J").exists()


def test_order_up_and_down(client_de):
    client = client_de("cooperation")

    client.post(url("PE-1-03", "deplacer/"), {"sens": "haut"})
    client.post(url("PE-1-01", "deplacer/"), {"sens": "haut"})  # already first
    client.post(url("PE-1-01", "deplacer/"), {"sens": "bas"})

    assert codes(client.get(LISTE))[:4] == ["PE-1-03", "PE-1-01", "PE-1-02", "PE-1-04"]


def test_only_what_has_no_value_is_deleted(client_de):
    client = client_de("cooperation")
    refus = client.post(url("PE-1-01", "supprimer/"), {"action": "supprimer"}).content.decode()
    assert "Il a une valeur (2024, 2025)" in refus

    creer(client, code="C", cible_2026="3")
    assert LigneSaisie.objects.filter(indicateur__code="C").exists()
    assert client.post(url("C", "supprimer/"), {"action": "supprimer"}).status_code == 302
    assert not Indicateur.objects.filter(code="C").exists()


@pytest.mark.parametrize(
    ("data", "faute"),
    [
        ({"date_fin": "2027-01-01"}, "Écrivez le motif"),
        ({"motif": "x", "date_fin": "2027-13-01"}, "Écrivez la date"),
        ({"motif": "x", "date_fin": "\x00"}, "Écrivez la date"),
        ({"motif": "x", "date_fin": "2025-06-01"}, "Il a une valeur pour 2025"),
    ],
)
def test_closing_asks_for_a_date_and_a_reason(client_de, data, faute):
    page = client_de("cooperation").post(url("PE-1-01", "supprimer/"), {"action": "clore"} | data)

    assert faute in page.content.decode()
    assert i("PE-1-01").date_fin is None


def test_closed_it_leaves_the_list(client_de):
    client = client_de("cooperation")
    client.post(url("PE-1-01", "supprimer/"), {"action": "clore", "motif": "Fini", "date_fin": "2026-01-01"})

    assert "PE-1-01" not in codes(client.get(LISTE))
    assert "PE-1-01" in codes(client.get(f"{LISTE}?clos=on"))
