"""Which records are one and the same person, how a text names them, and who has left."""

import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError
from django.utils import timezone

from ctg import sujets
from ctg.enums import Role
from ctg.models import (
    Brouillon,
    Fonction,
    Mandat,
    Personne,
    Utilisateur,
)
from ctg.noms import MARQUE, Chercheur
from ctg.sujets import chercher, il_y_a, sujet_de
from fiches.models import FicheProjet
from tests.ctg.depart import EMAIL, base, commande

AU = timezone.localdate


# Who is who ----------------------------------------------------------------------------------------------


def test_a_homonym_keeps_their_name_in_texts(zoe, dijon):
    autre = Personne.objects.create(convention=dijon, prenom="ZOE", nom="Martin", email="autre@exemple.fr")
    fiche = FicheProjet.objects.get(code="PE-1")
    fiche.description = f"Zoé Martin ({EMAIL})"
    fiche.save()

    dit = commande("--personne", str(zoe.pk))

    assert "quelqu’un d’autre porte le même nom" in dit
    fiche.refresh_from_db()
    assert fiche.description == f"Zoé Martin ({MARQUE})"
    autre.refresh_from_db()
    assert (autre.is_anonyme, autre.email) == (False, "autre@exemple.fr")


def test_a_name_said_as_minutes_say_it_is_removed_unless_it_may_be_another_s(zoe, dijon):
    Personne.objects.filter(nom__iexact="Martin").exclude(pk=zoe.pk).delete()
    fiche = FicheProjet.objects.get(code="PE-1")
    fiche.description = "Mme MARTIN et Z. Martin ; madame Martin-Dupont, M. Martinet."
    fiche.save()
    autre = Personne.objects.create(convention=dijon, prenom="Paul", nom="Martin")

    assert "à relire" in commande("--personne", str(zoe.pk), "--essai")
    autre.delete()
    commande("--personne", str(zoe.pk))

    fiche.refresh_from_db()
    assert fiche.description == f"{MARQUE} et {MARQUE} ; madame Martin-Dupont, M. Martinet."


def test_a_shared_address_does_not_make_two_people_one(dijon):
    service = "petite-enfance@exemple.fr"
    a, b = (
        Personne.objects.create(convention=dijon, prenom=prenom, nom="Martin", email=service)
        for prenom in ("Zoé", "Ali")
    )

    fiche = FicheProjet.objects.get(code="PE-1")
    fiche.description = f"Zoé Martin, {service}"
    fiche.save()

    with pytest.raises(CommandError, match="Plusieurs personnes") as refus:
        commande("--personne", service)
    assert f"n°\u00a0{a.pk}" in str(refus.value)
    dit = commande("--personne", str(a.pk))

    assert "la même adresse électronique" in dit
    b.refresh_from_db()
    fiche.refresh_from_db()
    assert (str(b), b.email) == ("Ali Martin", service)
    assert fiche.description == f"{MARQUE}, {service}"


def test_the_records_of_one_person_in_several_conventions_go_together(zoe, compte_zoe, dijon):
    from ctg.models import Convention

    autre = Convention.objects.create(slug="autre", territoire=dijon.territoire, intitule="Autre")
    liee = Personne.objects.create(convention=autre, prenom="Zoé", nom="Martin", email=EMAIL)

    assert sujet_de(personne=liee).personne_ids == [zoe.pk, liee.pk]
    assert sujet_de(personne=zoe).personne_ids == [zoe.pk, liee.pk]
    assert chercher(EMAIL.upper()).compte == compte_zoe
    with pytest.raises(CommandError, match="dans la convention « dijon-2024 »"):
        commande("--personne", "lecteur@exemple.fr", "--convention", "dijon-2024")


@pytest.mark.parametrize(
    ("cle", "dit"),
    [
        ("999999999", "Personne n’a ce numéro"),
        ("inconnue@exemple.fr", "Personne n’a ce numéro"),
        ("Zoé", "Donnez le numéro"),
    ],
)
def test_nobody_is_found(zoe, cle, dit):
    with pytest.raises(CommandError, match=dit) as refus:
        commande("--personne", cle)

    assert "@" not in str(refus.value)


def test_a_former_name_is_removed_too(zoe):
    zoe.nom = "Durand"
    zoe.save()
    fiche = FicheProjet.objects.get(code="PE-1")
    fiche.description = "Zoé Martin, puis Zoé Durand"
    fiche.save()

    commande("--personne", str(zoe.pk))

    fiche.refresh_from_db()
    assert fiche.description == f"{MARQUE}, puis {MARQUE}"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Zoé Martin.", "[personne anonymisée]."),
        ("zoe-martin", "[personne anonymisée]"),
        ("Marie-Zoé Martin", None),
        ("Zoé Martin-Dupont", None),
        ("Zoé Martinez", None),
        ("Martin", None),
        ("Zoé", None),
        ("zoe.martin@exemple.fr, merci.", "[personne anonymisée], merci."),
        ("zoe.martin@exemple.fr.", "[personne anonymisée]."),
        ("anne-zoe.martin@exemple.fr", None),
        ("zoe.martin@autre.fr", "[personne anonymisée]@autre.fr"),
    ],
)
def test_a_name_is_a_name_and_not_a_part_of_another(texte, attendu):
    chercheur = Chercheur(["Zoé Martin"], [EMAIL])

    assert chercheur.remplacer(texte) == (texte if attendu is None else attendu)


@pytest.mark.parametrize("nom", ["Œdipe Cœur", "Strauß Æmilia", "Đoàn Ngọc", "O’Brien Jean-Paul", "李 小龍"])
def test_names_of_every_alphabet_are_found(dijon, nom):
    fiche = FicheProjet.objects.get(code="PE-1")
    fiche.description = f"({nom.upper()})"
    fiche.save()
    prenom, _, reste = nom.partition(" ")
    personne = Personne.objects.create(convention=dijon, prenom=prenom, nom=reste)

    commande("--personne", str(personne.pk))

    fiche.refresh_from_db()
    assert fiche.description == f"({MARQUE})"


def test_a_single_word_is_not_searched(dijon):
    personne = Personne.objects.create(convention=dijon, nom="Enfance")

    assert "un nom d’un seul mot" in commande("--personne", str(personne.pk))

    assert MARQUE not in base()


def partis(**options):
    return {str(sujet) for sujet in sujets.partis(au=AU(), **options)}


def test_the_departed_are_those_whom_nothing_ties_any_more(zoe, compte_zoe, dijon, settings):
    nom = str(sujet_de(personne=zoe))
    assert nom in partis()  # 800 days, more than 24 months
    assert nom not in partis(mois=27)
    dijon.conservation_mois = 30
    dijon.save()
    assert nom not in partis()
    dijon.conservation_mois = 1
    dijon.save()
    assert nom in partis()

    mandat = Mandat.objects.create(utilisateur=compte_zoe, convention=dijon, role=Role.LECTEUR)
    assert nom not in partis(mois=0)
    mandat.delete()
    fonction = Fonction.objects.create(personne=zoe, intitule="Agente")
    assert nom not in partis(mois=0)
    fonction.date_fin = AU()
    fonction.save()
    assert nom in partis(mois=0)
    assert nom not in partis(mois=1)


def test_who_never_had_a_part_is_counted_from_the_last_change_of_the_record(dijon):
    jamais = Utilisateur.objects.create_user("jamais@exemple.fr", created_at=timezone.now())
    ancien = Utilisateur.objects.create_user(
        "ancien@exemple.fr", created_at=timezone.now() - datetime.timedelta(days=900)
    )
    recente = Personne.objects.create(convention=dijon, nom="Récente")

    trouves = partis()
    assert str(sujet_de(compte=ancien)) in trouves
    assert trouves.isdisjoint({str(sujet_de(compte=jamais)), str(sujet_de(personne=recente))})


def test_the_departed_go_with_old_drafts_and_ended_sessions(zoe, compte, compte_zoe):
    garde, vieux = timezone.now() - datetime.timedelta(days=80), timezone.now() - datetime.timedelta(days=100)
    for adresse, quand in (("/garde/", garde), ("/vieux/", vieux)):
        Brouillon.objects.create(utilisateur=compte("lecteur"), adresse=adresse, updated_at=quand)
    Session.objects.create(session_key="finie", session_data="", expire_date=vieux)
    UserSession.objects.create(user=compte("lecteur"), ip="192.0.2.8", session_key="finie")
    avant = base()

    commande("--partis-depuis", "--essai")
    assert base() == avant
    dit = commande("--partis-depuis")

    zoe.refresh_from_db()
    assert zoe.is_anonyme
    assert compte("cooperation").is_active
    assert "Personnes : 1" in dit
    assert [b.adresse for b in Brouillon.objects.all()] == ["/garde/"]
    assert not Session.objects.filter(session_key="finie").exists()
    assert not UserSession.objects.exists()


@pytest.mark.parametrize("mois", ["-2", "1201", "deux"])
def test_a_delay_that_is_none_is_refused(db, mois):
    with pytest.raises(CommandError, match="partis-depuis"):
        commande(f"--partis-depuis={mois}")


def test_months_end_where_the_month_ends():
    assert il_y_a(1, datetime.date(2026, 3, 31)) == datetime.date(2026, 2, 28)
    assert il_y_a(24, datetime.date(2024, 2, 29)) == datetime.date(2022, 2, 28)
    assert il_y_a(11, datetime.date(2026, 11, 1)) == datetime.date(2025, 12, 1)
