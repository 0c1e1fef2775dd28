"""A person leaves: removed everywhere but in what is frozen, or not at all."""

import io

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ctg import donnees_personnelles
from ctg.anonymisation import AnonymisationError, anonymiser
from ctg.commentaires import commenter
from ctg.enums import Role
from ctg.models import (
    Brouillon,
    Document,
    Fonction,
    IdentiteExterne,
    Mandat,
    Organisme,
    Personne,
    Utilisateur,
)
from ctg.noms import MARQUE
from ctg.sujets import sujet_de
from evaluation.models import Campagne, Mesure
from evaluation.transitions import appliquer_campagne
from fiches.models import FicheProjet
from tests.ctg.depart import EMAIL, base, commande, il_y_a_jours, nomme

AU = timezone.localdate


def test_nothing_of_the_person_is_left(traces):
    assert len(nomme(base())) > 20

    commande("--personne", str(traces.pk))

    assert nomme(base()) == []
    assert "192.0.2.7" not in base()
    assert "sujet-de-zoe" not in base()
    assert "clé-secrète" not in base()


def test_the_records_stay_and_name_nobody(traces, compte_zoe, dijon):
    commande("--personne", EMAIL)

    traces.refresh_from_db()
    assert (traces.is_anonyme, str(traces), traces.email) == (True, f"Personne n°\u00a0{traces.pk}", "")
    assert traces.recherche == f"personne n {traces.pk}"
    assert not Personne.objects.search("martin").exists()
    [fonction] = traces.fonctions.all()
    assert (fonction.intitule, fonction.organisme.nom) == ("Référente", "Ville de Dijon")
    compte_zoe = Utilisateur.objects.get(pk=compte_zoe.pk)
    assert (compte_zoe.email, compte_zoe.is_active) == (f"anonyme-{compte_zoe.pk}@invalid", False)
    assert not compte_zoe.has_usable_password()
    assert compte_zoe.mandats.get().date_fin == il_y_a_jours(800)
    assert Mesure.objects.get(saisie_par=compte_zoe).commentaire == f"Donnée par {MARQUE}"
    assert {ligne.nom for ligne in traces.historique.all()} == {traces.nom}
    assert traces.historique.latest().history_change_reason == "Anonymisation"


def test_texts_around_the_name_stay(traces, compte):
    commande("--personne", str(traces.pk))

    fiche = FicheProjet.objects.get(code="PE-1")
    assert fiche.description == f"Plus de nom ici, sauf {MARQUE}."
    assert "martin" not in fiche.recherche
    anciennes = set(fiche.historique.values_list("description", flat=True))
    assert f"Suivi par {MARQUE}, au service." in anciennes
    assert Organisme.historique.filter(nom="VYV").latest().history_change_reason == f"Vu avec {MARQUE}"
    [brouillon] = Brouillon.objects.filter(utilisateur=compte("lecteur"))
    assert brouillon.donnees == {"a": [f"voir {MARQUE}"], "b": [MARQUE]}
    # A name that must be unique says which one it was.
    assert Organisme.objects.filter(nom__startswith=MARQUE[:-1], recherche__contains=str(traces.pk)).exists()


def test_nobody_enters_any_more(traces, compte_zoe):
    client = Client()
    client.force_login(compte_zoe)
    assert client.get("/dijon-2024/").status_code == 404  # in, without a mandate
    from ctg.invitations import jeton_invitation, lire_invitation

    jeton = jeton_invitation(compte_zoe)

    commande("--personne", str(traces.pk))

    assert client.get("/dijon-2024/").status_code == 302
    assert lire_invitation(jeton) is None
    assert not client.login(email=EMAIL, password="secret")
    for modele in (EmailAddress, Authenticator, IdentiteExterne, UserSession):
        assert not modele.objects.exists()


def test_a_login_begun_with_the_address_is_closed(zoe):
    """By a code sent by mail: the session holds the address before anybody is in."""
    client = Client()
    client.post("/compte/code/", {"email": EMAIL})
    assert EMAIL in str(client.session.items())

    commande("--personne", str(zoe.pk), "--forcer")

    assert not Session.objects.filter(pk=client.session.session_key).exists()


def test_the_journal_of_the_administration_names_nobody(traces, compte):
    assert LogEntry.objects.filter(object_id=str(traces.pk), object_repr="Zoé Martin").exists()

    commande("--personne", str(traces.pk))

    [entree] = LogEntry.objects.filter(object_id=str(traces.pk), content_type__model="personne")
    assert entree.object_repr.startswith("Personne n°")
    assert entree.user == compte("admin")


def test_a_trial_writes_nothing(traces):
    avant = base()

    dit = commande("--personne", str(traces.pk), "--essai")

    assert base() == avant
    assert f"Personne n°\u00a0{traces.pk}" in dit
    assert "à rendre anonyme" in dit
    assert "textes : fiches projet (historique)" in dit


def test_repeated_it_changes_nothing(traces):
    commande("--personne", str(traces.pk))
    avant = base()

    assert "déjà anonyme" in commande("--personne", str(traces.pk))

    assert base() == avant


def test_all_or_nothing(traces, monkeypatch):
    avant = base()

    def echouer(ligne, valeurs):
        raise RuntimeError

    monkeypatch.setattr("ctg.anonymisation.ecrire", echouer)
    with pytest.raises(RuntimeError):
        commande("--personne", str(traces.pk))

    assert base() == avant


def test_what_is_frozen_keeps_the_name_and_is_listed(zoe, dijon, monkeypatch):
    monkeypatch.setattr(donnees_personnelles, "_figes", set())
    donnees_personnelles.register_fige(Document)
    Document.objects.create(
        convention=dijon, ordre=99, nature="reference", titre="Bilan 2025", note="Rédigé par Zoé Martin"
    )

    dit = commande("--personne", str(zoe.pk))

    assert "conservé dans : document Bilan 2025" in dit
    assert Document.objects.get(ordre=99).note == "Rédigé par Zoé Martin"
    assert Document.historique.get(ordre=99).note == "Rédigé par Zoé Martin"


# Who may not, and when -----------------------------------------------------------------------------------


def test_the_last_administrateur_stays(compte):
    admin = compte("admin")
    sujet = sujet_de(compte=admin)
    with pytest.raises(AnonymisationError, match="dernier administrateur"):
        anonymiser(sujet, au=AU(), forcer=True)

    inactif = Utilisateur.objects.create_superuser("inactif@exemple.fr", "x", is_active=False)
    with pytest.raises(AnonymisationError, match="dernier administrateur"):
        anonymiser(sujet, au=AU(), forcer=True)

    inactif.is_active = True
    inactif.save()
    anonymiser(sujet, au=AU(), forcer=True)

    admin.refresh_from_db()
    assert admin.is_anonyme


@pytest.mark.parametrize("quoi", ["mandat", "fonction"])
def test_who_is_still_here_is_refused_unless_forced(zoe, compte_zoe, dijon, quoi):
    if quoi == "mandat":
        ligne = Mandat.objects.create(utilisateur=compte_zoe, convention=dijon, role=Role.LECTEUR)
    else:
        ligne = Fonction.objects.create(personne=zoe, intitule="Agente")
    with pytest.raises(CommandError, match="encore en cours"):
        commande("--personne", str(zoe.pk))
    zoe.refresh_from_db()
    assert not zoe.is_anonyme

    commande("--personne", str(zoe.pk), "--forcer")

    ligne.refresh_from_db()
    assert ligne.date_fin == AU()


def test_what_had_not_begun_is_deleted(zoe, compte_zoe, dijon):
    Mandat.objects.create(
        utilisateur=compte_zoe, convention=dijon, role=Role.LECTEUR, date_debut=il_y_a_jours(-5)
    )

    commande("--personne", str(zoe.pk), "--forcer")

    assert compte_zoe.mandats.count() == 1


def test_a_file_does_not_bring_a_name_back(zoe, dijon, tmp_path):
    (tmp_path / "convention.csv").write_text("slug,territoire,intitule\ndijon-2024,Dijon,CTG de Zoé Martin\n")
    call_command("charger_convention", tmp_path, "--forcer", verbosity=0)
    commande("--personne", str(zoe.pk))

    call_command("charger_convention", tmp_path, verbosity=0, stdout=io.StringIO(), stderr=io.StringIO())

    dijon.refresh_from_db()
    assert dijon.intitule == f"CTG de {MARQUE}"


def test_a_name_leaves_the_texts_of_a_closed_year_whose_figures_stay_locked(zoe, dijon, compte):
    mesure = Mesure.objects.filter(annee=2025).exclude(valeur=None).first()
    mesure.commentaire = "Donnée par Zoé Martin"
    mesure.save()
    campagne = Campagne.objects.get(convention=dijon, annee=2025)
    appliquer_campagne("clore", campagne.pk, user=compte("cooperation"), now=timezone.now())

    commande("--personne", str(zoe.pk))

    mesure.refresh_from_db()
    assert mesure.commentaire == f"Donnée par {MARQUE}"
    with pytest.raises(IntegrityError, match="campagne_close"), transaction.atomic():
        Mesure.objects.filter(pk=mesure.pk).update(valeur=0)


def test_a_name_leaves_the_comments(zoe, dijon, compte):
    fiche = FicheProjet.objects.get(code="PE-1")
    fil, _ = commenter(
        objet=fiche,
        texte="Vu avec @Zoé Martin hier",
        auteur=compte("caf"),
        now=timezone.now(),
        adresse=lambda chemin: chemin,
    )

    commande("--personne", str(zoe.pk))

    fil.refresh_from_db()
    assert "Zoé" not in fil.texte
    assert nomme(base()) == []
