"""What locks a definition and a target, by every door, and the reason that opens them."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from evaluation.definitions import supprimer_indicateur
from evaluation.models import (
    Cible,
    Indicateur,
    Mesure,
    ModaliteIndicateur,
    Saisie,
    ValeurVentilee,
)
from evaluation.transitions import appliquer_campagne, appliquer_saisie
from tests.evaluation.indicateurs import creer, i, modifier, url
from tests.navigation import formulaire

CHANGEMENTS = {
    "code": "PE-1-77",
    "intitule": "Autre",
    "definition": "Autre",
    "nature": "decimal",
    "unite": "foyers",
    "sens": "baisse",
    "periode": "annee_scolaire",
    "periodicite": "unique",
    "valeur_depart": "1201",
    "date_depart": "2022-12-31",
    "ventilation": "sexe",
    "agregation": "moyenne",
    "cible_2025": "1",
}


@pytest.mark.parametrize("champ", CHANGEMENTS)
def test_a_submitted_value_locks_the_definition_and_the_target(client_de, soumise, champ):
    client = client_de("cooperation")
    if champ == "ventilation":  # parts that have a value do not go, whatever the reason
        for part in ValeurVentilee.objects.filter(mesure__indicateur=i("PE-1-01")):
            part.delete()
    refus = modifier(client, "PE-1-01", **{champ: CHANGEMENTS[champ]})

    assert refus.status_code == 200
    assert "a soumis la saisie de 2025" in str(refus.context["form"].errors[champ])
    assert "écrivez le motif" in str(refus.context["form"].errors[champ])

    assert (
        modifier(client, "PE-1-01", **{champ: CHANGEMENTS[champ], "motif": "Erreur de copie"}).status_code
        == 302
    )
    motifs = [
        modele.historique.order_by("-history_id").first().history_change_reason
        for modele in ((Cible,) if champ == "cible_2025" else (Indicateur,))
    ]
    assert motifs == ["Erreur de copie"]


@pytest.mark.parametrize(
    ("champ", "valeur"), [("borne_max", "7000"), ("producteur", "x"), ("cible_2026", "1")]
)
def test_the_rest_stays_free(client_de, soumise, champ, valeur):
    assert modifier(client_de("cooperation"), "PE-1-01", **{champ: valeur}).status_code == 302


def test_what_was_submitted_once_stays_locked(client_de, compte, soumise):
    appliquer_saisie(
        "renvoyer", soumise.pk, user=compte("cooperation"), now=timezone.now(), champs={"statut": "À revoir"}
    )

    assert modifier(client_de("cooperation"), "PE-1-01", unite="foyers").status_code == 200


def test_another_fiche_and_a_new_indicator_are_not_locked(client_de, soumise):
    client = client_de("cooperation")
    creer(client, code="NOUVEAU")

    assert modifier(client, "PE-2-01", intitule="Autre").status_code == 302
    assert modifier(client, "NOUVEAU", intitule="Autre", cible_2025="3").status_code == 302


def test_a_closed_campaign_locks_too(client_de, compte):
    campagne = Saisie.objects.get(fiche__code="PE-1", campagne__annee=2024).campagne
    appliquer_campagne("clore", campagne.pk, user=compte("cooperation"), now=timezone.now())

    page = modifier(client_de("cooperation"), "PE-1-01", unite="foyers").content.decode()

    assert "la campagne 2024 est close" in page
    assert "Définition verrouillée" in page


def test_the_lock_is_the_models(soumise):
    indicateur, cible = i("PE-1-01"), i("PE-1-01").cibles.get(annee=2025)
    indicateur.unite, cible.valeur = "foyers", D(3)
    autre = Cible(indicateur=i("PE-1-03"), annee=2025, valeur=1)
    part = ModaliteIndicateur(indicateur=indicateur, ordre=1, libelle="Femmes")

    for refuse in (indicateur.save, cible.save, cible.delete, autre.save, part.save):
        with pytest.raises(ValidationError, match="Verrouillé depuis le"):
            refuse()
    for objet in (indicateur, cible, autre, part):
        objet.motiver("Décision du COPIL")
        objet.save()
    assert cible.historique.first().history_change_reason == "Décision du COPIL"
    with pytest.raises(ValidationError):  # a reason serves once
        cible.delete()


def test_the_page_says_which_lock_since_when(client_de, soumise):
    page = client_de("cooperation").get(url("PE-1-01", "")).content.decode()

    assert "a soumis la saisie de 2025" in page
    assert "la cible 2025" in page
    # It names who submitted: not for those who do not read the people.
    assert "a soumis la saisie" not in client_de("lecteur").get(url("PE-1-01", "")).content.decode()


def test_import_asks_for_the_reason(soumise):
    import tablib

    from evaluation.resources import IndicateurResource

    titres = ("fiche", "code", "unite", "motif")
    for motif, attendu in (("", "familles"), ("Unité plus exacte", "foyers")):
        donnees = tablib.Dataset(("dijon-2024/PE-1", "PE-1-01", "foyers", motif), headers=titres)
        resultat = IndicateurResource().import_data(donnees)
        assert bool(resultat.invalid_rows or resultat.row_errors()) is not bool(motif)
        assert i("PE-1-01").unite == attendu
    assert i("PE-1-01").historique.first().history_change_reason == "Unité plus exacte"


def test_admin_asks_for_the_reason(client_de, soumise):
    client, adresse = client_de("admin"), f"/admin/evaluation/indicateur/{i('PE-1-01').pk}/change/"
    data = formulaire(client.get(adresse)) | {"unite": "foyers"}

    assert "écrivez le motif" in client.post(adresse, data).content.decode()
    assert client.post(adresse, data | {"motif": "Vu avec la Caf"}).status_code == 302
    assert i("PE-1-01").unite == "foyers"


def test_what_is_submitted_empty_is_not_deleted(compte, soumise):
    for mesure in Mesure.objects.filter(indicateur__code="PE-1-01"):
        mesure.delete()

    with pytest.raises(ValidationError, match="a soumis la saisie"):
        supprimer_indicateur(i("PE-1-01"))
