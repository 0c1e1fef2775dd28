"""Two people on one page of the administration."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from ctg.forms_a_deux import ADeuxForm
from ctg.models import Convention, Fonction, Personne
from fiches.models import Axe
from tests.navigation import formulaire_admin


def test_no_form_of_the_administration_is_without_a_token(compte):
    request = RequestFactory().get("/admin/")
    request.user = compte("admin")
    sans = []
    for modele, page in admin.site._registry.items():
        if not page.has_change_permission(request) or modele._meta.app_label == "auth":
            continue
        formes = [page.get_form(request), *(f.form for f, _ in page.get_formsets_with_inlines(request))]
        sans += [(modele.__name__, forme) for forme in formes if not issubclass(forme, ADeuxForm)]

    assert sans == []


def test_two_people_on_one_axe(client_de):
    client, axe = client_de("admin"), Axe.objects.get(code="PE")
    url = f"/admin/fiches/axe/{axe.pk}/change/"
    ancien = formulaire_admin(client.get(url))
    envoi = {"rectification": "coquille"}
    client.post(url, formulaire_admin(client.get(url)) | envoi | {"intitule": "Le premier"})
    assert Axe.objects.get(pk=axe.pk).intitule == "Le premier"

    response = client.post(url, ancien | envoi | {"intitule": "Le second"})

    assert "« Le premier »" in response.content.decode()
    assert Axe.objects.get(pk=axe.pk).intitule == "Le premier"


def test_two_people_on_the_links_of_a_convention(client_de, dijon):
    client, url = client_de("admin"), f"/admin/ctg/convention/{dijon.pk}/change/"
    signataires = [s.organisme_id for s in dijon.signataires.order_by("pk")[:2]]
    ancien = formulaire_admin(client.get(url))
    client.post(url, formulaire_admin(client.get(url)) | {"organismes_aval": signataires[:1]})

    client.post(url, ancien | {"intitule": "Un autre titre"})

    convention = Convention.objects.get(pk=dijon.pk)
    assert convention.intitule == "Un autre titre"
    assert convention.get_organismes_aval() == {signataires[0]}
    client.post(url, ancien | {"organismes_aval": signataires[1:]})
    assert convention.get_organismes_aval() == {signataires[0]}


@pytest.mark.parametrize(("champ", "attendu"), [("intitule", "Adjointe"), ("date_fin", "Directrice")])
def test_two_people_on_one_row(client_de, dijon, champ, attendu):
    zoe = Personne.objects.create(convention=dijon, prenom="Zoé", nom="Martin")
    Fonction.objects.create(personne=zoe, intitule="Directeur")
    client, url = client_de("admin"), f"/admin/ctg/personne/{zoe.pk}/change/"
    ancien = formulaire_admin(client.get(url))
    autre = {"intitule": "Adjointe", "date_fin": "2030-01-01"}
    client.post(url, formulaire_admin(client.get(url)) | {"fonctions-0-intitule": "Directrice"})

    response = client.post(url, ancien | {f"fonctions-0-{champ}": autre[champ]})

    assert response.status_code == (200 if champ == "intitule" else 302)
    assert Fonction.objects.get().intitule == "Directrice"
    if champ == "intitule":
        client.post(url, formulaire_admin(response))
    assert Fonction.objects.get().intitule == attendu


def test_what_nobody_changed_leaves_no_trace(client_de, dijon):
    zoe = Personne.objects.create(convention=dijon, prenom="Zoé", nom="Martin")
    Fonction.objects.create(personne=zoe, intitule="Directrice")
    client, url = client_de("admin"), f"/admin/ctg/personne/{zoe.pk}/change/"

    client.post(url, formulaire_admin(client.get(url)) | {"nom": "Durand"})

    assert Fonction.historique.filter(personne_id=zoe.pk).count() == 1
