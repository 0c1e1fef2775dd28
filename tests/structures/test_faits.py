"""Facts of a structure: what the database refuses, how ages and SIRET are read, what a capacity says of a category."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from structures.ages import ecrire_age, ecrire_ages, lire_age
from structures.models import Agrement, Contact, Structure

AU = datetime.date(2026, 3, 31)


@pytest.fixture
def structure(db):
    return Structure.objects.get(code="a2-01")


@pytest.mark.parametrize(
    ("texte", "mois"),
    [
        ("", None),
        ("  ", None),
        ("10 mois", 10),
        ("3 ans", 36),
        ("1 an", 12),
        ("2 ans 6 mois", 30),
        ("2 ans et 6 mois", 30),
        ("3\u202fans", 36),
        ("3ans", 36),
        ("0 mois", 0),
        ("18 MOIS", 18),
    ],
)
def test_an_age_is_read_in_months(texte, mois):
    assert lire_age(texte) == mois


@pytest.mark.parametrize("texte", ["3", "3 semaines", "-2 ans", "2,5 ans", "ans", "trois ans", "x" * 5000])
def test_what_is_no_age_or_says_no_unit_is_refused(texte):
    with pytest.raises(ValidationError, match="10 mois, 3 ans"):
        lire_age(texte)


@pytest.mark.parametrize("mois", [0, 2, 10, 12, 13, 18, 23, 24, 30, 36, 37, 72, 144, 1200])
def test_what_is_written_is_read_back(mois):
    assert lire_age(ecrire_age(mois)) == mois


def test_both_ages_make_one_sentence():
    assert ecrire_ages(None, None) == ""
    assert ecrire_ages(2, 36) == "de 2\u00a0mois à 3\u00a0ans"
    assert ecrire_ages(None, 72) == "jusqu’à 6\u00a0ans"
    assert ecrire_ages(36, None) == "à partir de 3\u00a0ans"


@pytest.mark.parametrize(
    ("siret", "accepte"),
    [
        ("73282932000074", True),
        ("73282932000075", False),
        ("7328293200007", False),
        ("0000000000000A", False),
        ("", True),
    ],
)
def test_a_siret_is_checked_by_its_key(structure, siret, accepte):
    structure.siret = siret
    if accepte:
        structure.full_clean()
    else:
        with pytest.raises(ValidationError) as error:
            structure.full_clean()
        assert "siret" in error.value.message_dict


@pytest.mark.parametrize(
    ("champs", "nom"),
    [
        ({"siret": "7328293200007A"}, "structure_siret_quatorze_chiffres"),
        ({"qpv": "bof"}, "structure_qpv_connu"),
        ({"nom_qpv": "Grésilles"}, "structure_nom_du_qpv_ou_elle_est"),
        ({"nom_qpv": "Grésilles", "qpv": "non"}, "structure_nom_du_qpv_ou_elle_est"),
        ({"age_min": 36, "age_max": 36}, "structure_ages_ordonnes"),
        ({"age_min": 1201}, "structure_ages_plausibles"),
        ({"age_max": 0}, "structure_ages_plausibles"),
    ],
)
def test_the_database_refuses_impossible_facts(structure, champs, nom):
    for champ, valeur in champs.items():
        setattr(structure, champ, valeur)
    with pytest.raises(IntegrityError, match=nom), transaction.atomic():
        structure.save()


@pytest.mark.parametrize(
    ("sous_type", "capacite", "doute"),
    [
        ("micro-creche", 12, False),
        ("micro-creche", 13, True),
        ("petite-creche", 12, True),
        ("petite-creche", 13, False),
        ("petite-creche", 24, False),
        ("creche", 24, True),
        ("creche", 39, False),
        ("grande-creche", 40, False),
        ("grande-creche", 60, True),
        ("tres-grande-creche", 59, True),
        ("tres-grande-creche", 400, False),
        ("multi-accueil", 3, False),
        ("micro-creche", None, False),
        ("", 500, False),
    ],
)
def test_a_capacity_that_does_not_go_with_its_category_is_said_not_refused(
    structure, sous_type, capacite, doute
):
    structure.sous_type, structure.capacite = sous_type, capacite
    structure.full_clean()
    structure.save()

    assert bool(structure.taille_douteuse) is doute
    assert not doute or "R. 2324-46" in structure.taille_douteuse


@pytest.mark.parametrize(
    ("echeance", "expire", "bientot"),
    [
        (None, False, False),
        ("2026-03-30", True, False),
        ("2026-03-31", False, True),
        ("2026-09-30", False, True),
        ("2026-10-01", False, False),
    ],
)
def test_an_agrement_ends_on_its_last_day_and_warns_six_months_before(structure, echeance, expire, bientot):
    jour = echeance and datetime.date.fromisoformat(echeance)
    agrement = Agrement.objects.create(structure=structure, nature="centre-social", date_echeance=jour)

    assert (agrement.est_expire(AU), agrement.est_a_renouveler(AU)) == (expire, bientot)
    siens = Agrement.objects.filter(pk=agrement.pk)
    assert (siens.expires(au=AU).exists(), siens.a_renouveler(au=AU).exists()) == (expire, bientot)


@pytest.mark.parametrize(
    ("modele", "champs", "nom"),
    [
        (
            Agrement,
            {"nature": "projet-familles", "date_debut": "2026-02-01", "date_echeance": "2026-02-01"},
            "agrement_dates_ordonnees",
        ),
        (
            Agrement,
            {"nature": "projet-familles", "date_echeance": "0026-02-01"},
            "agrement_echeance_plausible",
        ),
        (Contact, {"fonction": "", "nom": "Ana Diop"}, "contact_a_une_fonction"),
        (Contact, {"fonction": "Direction"}, "contact_dit_quelque_chose"),
        (Contact, {"fonction": "Direction", "telephone": "appelez"}, "contact_telephone_lisible"),
        (
            Contact,
            {"fonction": "Direction", "nom": "x", "date_effet": "2026-02-01", "date_fin": "2026-01-01"},
            "contact_effet_ordonne",
        ),
    ],
)
def test_the_database_refuses_impossible_parts(structure, modele, champs, nom):
    with pytest.raises(IntegrityError, match=nom), transaction.atomic():
        modele.objects.create(structure=structure, **champs)


def test_a_contact_is_there_once_while_it_holds(structure):
    champs = {"structure": structure, "fonction": "Direction", "nom": "Ana Diop"}
    Contact.objects.create(**champs, date_fin="2025-01-01")
    Contact.objects.create(**champs, date_fin="2026-01-01")
    Contact.objects.create(**champs)

    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(**champs)
