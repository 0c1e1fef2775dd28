"""Who coordinates what; what nobody coordinates; what the posts cost, known or not."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.models import Mandat, Organisme
from gouvernance.coordination import collect_coordination, collect_postes, sommer
from gouvernance.models import FinancementPoste, PosteCooperation
from gouvernance.postes import enregistrer_financement
from tests.navigation import formulaire

PAGE = "/dijon-2024/gouvernance/coordination/"
TODAY = timezone.localdate()


@pytest.fixture
def poste(dijon):
    """A post of which nothing is known but what the text says."""
    FinancementPoste.objects.all().delete()
    return dijon.postes.get(ordre=3)


@pytest.fixture
def ville(db):
    return Organisme.objects.get(nom="Ville de Dijon")


def test_each_level_has_its_people_and_its_service(dijon):
    coordination = collect_coordination(dijon, au=TODAY)

    assert coordination.generale.personnes == ("Compte cooperation",)
    axes = {place.objet.code: (place.personnes, str(place.service)) for place in coordination.axes}
    assert axes["PE"] == (("Compte petite-enfance",), "Direction de la petite enfance")
    quartiers = {place.nom: place.personnes for place in coordination.quartiers}
    assert quartiers.pop("Fontaine d’Ouche") == ("Compte quartier",)
    assert set(quartiers.values()) == {()}
    assert coordination.manques == list(quartiers)


@pytest.mark.parametrize("comment", ["fini", "ferme"])
def test_a_mandate_that_ended_or_a_closed_account_leaves_a_gap(dijon, compte, client_de, comment):
    if comment == "fini":
        Mandat.objects.filter(utilisateur=compte("petite-enfance")).update(date_fin=TODAY)
    else:
        pe = compte("petite-enfance")
        pe.is_active = False
        pe.save()

    coordination = collect_coordination(dijon, au=TODAY)
    assert coordination.axes_sans == ["PE – Petite enfance"]
    page = client_de("lecteur").get(PAGE).content.decode()
    assert "Aucun coordinateur pour PE – Petite enfance" in page


def test_names_are_read_by_those_who_read_the_people(client_de):
    assert "Compte quartier" in client_de("signataire").get(PAGE).content.decode()
    page = client_de("copil").get(PAGE).content.decode()
    assert "Compte quartier" not in page
    assert "1 personne nommée" in page


def test_amounts_are_read_by_those_who_read_the_figures(client_de):
    assert "30\u202f000\u00a0€" in client_de("caf").get(PAGE).content.decode()
    page = client_de("copil").get(PAGE).content.decode()
    assert "30\u202f000" not in page
    assert "Ville de Dijon" in page  # who employs is no figure


def test_a_sum_says_on_how_many_it_stands(poste, ville, client_de):
    caf = Organisme.objects.get(nom="Caf de la Côte-d’Or")
    enregistrer_financement(
        FinancementPoste(poste=poste, annee=2026, financeur=ville, prevu=Decimal("100.50"))
    )
    enregistrer_financement(
        FinancementPoste(poste=poste, annee=2026, financeur=caf, prevu=Decimal(0), realise=Decimal(7))
    )
    [annee] = collect_postes(poste.convention).totaux

    assert (annee.prevu.total, annee.prevu.connus, annee.prevu.lignes) == (Decimal("100.50"), 2, 2)
    assert (annee.realise.total, annee.realise.connus, annee.realise.lignes) == (Decimal(7), 1, 2)
    page = client_de("caf").get(PAGE).content.decode()
    assert "100,50\u00a0€" in page
    assert "1 montant connu sur 2" in page


def test_nothing_known_is_no_sum():
    assert sommer([None, None]).total is None
    assert sommer([]).total is None
    assert sommer([Decimal(0)]).total == 0


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("financement_montants_positifs", {"prevu": -1}),
        ("financement_montants_positifs", {"realise": -1}),
        ("financement_annee_plausible", {"annee": 1999}),
        ("financement_unique_par_annee|annee, gouvernance_financementposte.financeur_id", {}),
    ],
)
def test_the_database_holds_the_rules_of_financing(poste, ville, contrainte, champs):
    FinancementPoste.objects.create(poste=poste, annee=2026, financeur=ville)

    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        FinancementPoste.objects.create(poste=poste, financeur=ville, **({"annee": 2026} | champs))


def test_a_post_has_no_negative_time(poste):
    with pytest.raises(IntegrityError, match="poste_etp_positif"), transaction.atomic():
        PosteCooperation.objects.filter(pk=poste.pk).update(etp=-1)


def test_the_service_says_what_is_wrong(poste, ville):
    enregistrer_financement(FinancementPoste(poste=poste, annee=2026, financeur=ville))

    with pytest.raises(ValidationError, match="déjà noté pour cette année"):
        enregistrer_financement(FinancementPoste(poste=poste, annee=2026, financeur=ville))
    with pytest.raises(ValidationError, match="négatif"):
        enregistrer_financement(FinancementPoste(poste=poste, annee=2027, financeur=ville, prevu=-1))


def test_the_chargee_writes_what_the_text_does_not_say(client_de, poste, ville):
    client = client_de("cooperation")
    edition = f"/dijon-2024/gouvernance/postes/{poste.pk}/modifier/"
    envoi = formulaire(client.get(edition)) | {"etp": "4,5", "employeur": ville.pk}
    assert client.post(edition, envoi).status_code == 302
    poste.refresh_from_db()
    assert (poste.etp, poste.employeur) == (Decimal("4.5"), ville)

    ajout = f"/dijon-2024/gouvernance/postes/{poste.pk}/financer/"
    envoi = formulaire(client.get(ajout)) | {"annee": "2026", "financeur": ville.pk, "prevu": "1 234,5 €"}
    assert "peut se lire de deux façons" in client.post(ajout, envoi | {"realise": "1.234"}).content.decode()
    assert client.post(ajout, envoi).status_code == 302
    ligne = poste.financements.get()
    assert (ligne.prevu, ligne.realise) == (Decimal("1234.5"), None)

    changement = f"/dijon-2024/gouvernance/financements/{ligne.pk}/modifier/"
    assert client.post(changement, formulaire(client.get(changement)) | {"realise": "0"}).status_code == 302
    ligne.refresh_from_db()
    assert ligne.realise == 0
    retrait = f"/dijon-2024/gouvernance/financements/{ligne.pk}/retirer/"
    assert "disparaît" in client.get(retrait).content.decode()
    client.post(retrait)
    assert not poste.financements.exists()
    assert FinancementPoste.historique.latest().history_type == "-"


def test_two_people_on_one_post_lose_nothing(client_de, poste, ville):
    client = client_de("cooperation")
    edition = f"/dijon-2024/gouvernance/postes/{poste.pk}/modifier/"
    ouvert = formulaire(client.get(edition))
    poste.etp = Decimal(2)
    poste.save()

    client.post(edition, ouvert | {"employeur": ville.pk})

    poste.refresh_from_db()
    assert (poste.etp, poste.employeur) == (Decimal(2), ville)
