"""What is defined, confided or closed while a campaign is under way counts in it at once."""

import datetime

import pytest
from django.utils import timezone

from ctg.models import Personne
from evaluation.models import Indicateur, LigneSaisie, Saisie
from evaluation.transitions import appliquer_saisie
from tests.navigation import formulaire

LISTE = "/dijon-2024/indicateurs/"


@pytest.fixture
def coordinatrice(client_de):
    return client_de("petite-enfance")


def i(code):
    return Indicateur.objects.get(code=code, date_fin=None)


def annees(code):
    """Years in which it is due."""
    lignes = LigneSaisie.objects.filter(indicateur__code=code).order_by("saisie__campagne__annee")
    return list(lignes.values_list("saisie__campagne__annee", flat=True))


def envoyer(client, adresse, **champs):
    return client.post(adresse, formulaire(client.get(adresse)) | champs, follow=True)


def creer(client, **champs):
    de_base = {"code": "PE-1-90", "intitule": "Essai", "nature": "entier", "type_indicateur": "resultat"}
    return envoyer(client, f"{LISTE}ajouter/PE-1/", **(de_base | champs))


def remettre(annee, compte, statut="en_cours"):
    saisie = Saisie.objects.get(fiche__code="PE-1", campagne__annee=annee)
    Saisie.objects.filter(pk=saisie.pk).update(statut=statut)
    return saisie


def test_a_new_indicator_is_due_where_the_entry_still_takes_values(coordinatrice, compte):
    saisie = remettre(2025, compte)
    appliquer_saisie("soumettre", saisie.pk, user=compte("referent"), now=timezone.now())
    page = creer(coordinatrice)
    assert annees("PE-1-90") == [2024, 2026]
    assert "Il est demandé dans la campagne 2024 et 2026." in page.content.decode()


def test_it_is_asked_like_the_fields_sent_back(coordinatrice, compte):
    saisie = remettre(2026, compte)
    appliquer_saisie("soumettre", saisie.pk, user=compte("referent"), now=timezone.now())
    champ = f"i{i('PE-1-01').pk}"
    appliquer_saisie(
        "renvoyer",
        saisie.pk,
        user=compte("petite-enfance"),
        now=timezone.now(),
        champs={champ: "Relisez."},
    )
    creer(coordinatrice)
    assert set(saisie.renvois.values_list("champ", flat=True)) == {champ, f"i{i('PE-1-90').pk}"}


def test_where_everything_is_submitted_the_page_says_so(coordinatrice, compte):
    for annee in (2024, 2025, 2026):
        saisie = remettre(annee, compte)
        appliquer_saisie("soumettre", saisie.pk, user=compte("referent"), now=timezone.now())
    page = creer(coordinatrice).content.decode()
    assert annees("PE-1-90") == []
    assert "Pour l’y ajouter, renvoyez-la d’abord." in page


def test_a_copy_is_due_too(coordinatrice):
    envoyer(coordinatrice, f"{LISTE}{i('PE-1-01').pk}/copier/", code="PE-1-91")
    assert annees("PE-1-91") == [2024, 2025, 2026]


def test_who_enters_it_changes_where_it_is_still_to_be_entered(coordinatrice, compte):
    indicateur = i("PE-1-01")
    zoe = Personne.objects.create(nom="Zoé Essai", convention=indicateur.fiche.convention)
    autre = Personne.objects.create(nom="Yves Essai", convention=indicateur.fiche.convention)
    avant = {ligne.saisie.campagne.annee: ligne for ligne in indicateur.lignes_saisie.all()}
    assert {ligne.responsable_id for ligne in avant.values()} == {indicateur.responsable_id}
    avant[2024].responsable = autre  # chosen for that campaign alone
    avant[2024].save()
    saisie = remettre(2025, compte)
    appliquer_saisie("soumettre", saisie.pk, user=compte("referent"), now=timezone.now())
    envoyer(coordinatrice, f"{LISTE}{indicateur.pk}/modifier/", responsable=zoe.pk, motif="Elle arrive.")
    apres = {ligne.saisie.campagne.annee: ligne.responsable for ligne in indicateur.lignes_saisie.all()}
    assert apres == {2024: autre, 2025: avant[2025].responsable, 2026: zoe}


def test_closed_it_is_no_longer_due_from_that_year_on(coordinatrice):
    creer(coordinatrice)
    adresse = f"{LISTE}{i('PE-1-90').pk}/supprimer/"
    coordinatrice.post(adresse, {"action": "clore", "date_fin": "2026-01-01", "motif": "Abandonné"})
    assert Indicateur.objects.get(code="PE-1-90").date_fin == datetime.date(2026, 1, 1)
    assert annees("PE-1-90") == [2024, 2025]
