"""A person leaves: removed everywhere but in what is frozen, exported on request, and no model is forgotten."""

import datetime
import io
import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.utils import timezone

from ctg import donnees_personnelles, sujets
from ctg.anonymisation import AnonymisationError, anonymiser
from ctg.donnees_personnelles import champs_declares
from ctg.enums import Role
from ctg.models import (
    Brouillon,
    Document,
    Fonction,
    IdentiteExterne,
    Mandat,
    Organisme,
    Personne,
    Porte,
    Utilisateur,
    acte,
)
from ctg.noms import MARQUE, Chercheur
from ctg.sujets import chercher, il_y_a, sujet_de
from evaluation.models import Mesure
from fiches.models import FicheProjet, PerimetreFiche
from tests.navigation import formulaire

AU = timezone.localdate
EMAIL = "zoe.martin@exemple.fr"
GRAPHIES = ("Zoé Martin", "ZOE MARTIN", "Martin Zoé", "zoé\u00a0martin", EMAIL.upper(), "Zoe\u0301 Martin")


def il_y_a_jours(jours):
    return AU() - datetime.timedelta(days=jours)


@pytest.fixture
def compte_zoe(db):
    return Utilisateur.objects.create_user(EMAIL, "secret", prenom="Zoé", nom="Martin")


@pytest.fixture
def zoe(dijon, compte_zoe):
    """Somebody who left, with traces everywhere."""
    zoe = Personne.objects.create(
        convention=dijon, utilisateur=compte_zoe, prenom="Zoé", nom="Martin", email=EMAIL
    )
    ville = Organisme.objects.get(nom="Ville de Dijon")
    Fonction.objects.create(
        personne=zoe,
        intitule="Référente",
        organisme=ville,
        date_effet=il_y_a_jours(900),
        date_fin=il_y_a_jours(800),
    )
    mandat = Mandat.objects.create(
        utilisateur=compte_zoe, convention=dijon, role=Role.REFERENT, date_fin=il_y_a_jours(800)
    )
    PerimetreFiche.objects.create(mandat=mandat, fiche=FicheProjet.objects.get(code="PE-1"))
    return zoe


@pytest.fixture
def traces(zoe, compte_zoe, compte):
    """What each door leaves behind."""
    client = Client()
    client.force_login(compte_zoe)
    UserSession.objects.create(user=compte_zoe, ip="192.0.2.7", session_key=client.session.session_key)
    EmailAddress.objects.create(user=compte_zoe, email=EMAIL, verified=True)
    Authenticator.objects.create(user=compte_zoe, type="totp", data={"secret": "clé-secrète"})
    IdentiteExterne.objects.create(utilisateur=compte_zoe, emetteur="https://idp", sujet="sujet-de-zoe")
    Brouillon.objects.create(
        utilisateur=compte_zoe, adresse="/x/", donnees={"a": ["à moi"]}, updated_at=timezone.now()
    )
    Brouillon.objects.create(
        utilisateur=compte("lecteur"),
        adresse="/x/",
        donnees={"a": ["voir Zoé Martin"], "b": [EMAIL]},
        updated_at=timezone.now(),
    )
    fiche = FicheProjet.objects.get(code="PE-1")
    for graphie in GRAPHIES:
        fiche.description = f"Suivi par {graphie}, au service."
        fiche.save()
    fiche.description = "Plus de nom ici, sauf Zoé  Martin."
    fiche.save()
    mesure = Mesure.objects.first()
    mesure.saisie_par, mesure.commentaire = compte_zoe, "Donnée par Zoé Martin"
    mesure.save()
    with acte(Porte.COMMANDE, f"À la demande de {EMAIL}"):
        Organisme.objects.create(nom="Zoé Martin")
    organisme = Organisme.objects.get(nom="VYV")
    organisme.a_verifier = "Demander à Zoe Martin"
    organisme._change_reason = "Vu avec Zoé MARTIN"
    organisme.save()
    admin = Client()
    admin.force_login(compte("admin"))
    url = f"/admin/ctg/personne/{zoe.pk}/change/"
    assert admin.post(url, formulaire(admin.get(url))).status_code == 302
    return zoe


def base() -> str:
    """All that the database holds, but the tables of the packages that hold no text of ours."""
    return "\n".join(
        str(value)
        for modele in apps.get_models(include_auto_created=True)
        for ligne in modele._base_manager.values_list()
        for value in ligne
    )


def nomme(texte):
    return re.findall(r"zo(?:é|e|e\u0301)\W+martin|martin\W+zo[ée]|zoe\.martin@", texte, re.IGNORECASE)


def commande(*args):
    sortie = io.StringIO()
    call_command("anonymiser", *args, stdout=sortie, stderr=sortie)
    assert nomme(sortie.getvalue()) == []  # a scheduled job writes to a log
    return sortie.getvalue()


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


def test_a_shared_address_does_not_make_two_people_one(dijon):
    service = "petite-enfance@exemple.fr"
    a, b = (
        Personne.objects.create(convention=dijon, prenom=prenom, nom="Martin", email=service)
        for prenom in ("Zoé", "Ali")
    )

    with pytest.raises(CommandError, match="Plusieurs personnes") as refus:
        commande("--personne", service)
    assert f"n°\u00a0{a.pk}" in str(refus.value)
    dit = commande("--personne", str(a.pk))

    assert "la même adresse électronique" in dit
    b.refresh_from_db()
    assert str(b) == "Ali Martin"


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


def test_a_file_does_not_bring_a_name_back(zoe, dijon, tmp_path):
    (tmp_path / "convention.csv").write_text("slug,territoire,intitule\ndijon-2024,Dijon,CTG de Zoé Martin\n")
    call_command("charger_convention", tmp_path, "--forcer", verbosity=0)
    commande("--personne", str(zoe.pk))

    call_command("charger_convention", tmp_path, verbosity=0, stdout=io.StringIO(), stderr=io.StringIO())

    dijon.refresh_from_db()
    assert dijon.intitule == f"CTG de {MARQUE}"


# Export --------------------------------------------------------------------------------------------------


def test_all_that_is_held_on_one_person_is_exported(traces, compte_zoe, tmp_path):
    fichier = tmp_path / "zoe.json"
    call_command("exporter_personne", EMAIL, sortie=fichier, stdout=io.StringIO())

    assert fichier.stat().st_mode & 0o777 == 0o600
    contenu = json.loads(fichier.read_text())
    [personne] = contenu["personnes"]
    assert (personne["prénom"], personne["nom"], personne["convention"]) == (
        "Zoé",
        "Martin",
        str(traces.convention),
    )
    assert contenu["comptes"][0]["adresse électronique"] == EMAIL
    assert contenu["mandats"][0]["rôle"] == "référent de fiche"
    assert contenu["périmètres (fiches)"][0]["fiche"].startswith("PE-1")
    assert contenu["fonctions"][0]["organisme"] == "Ville de Dijon"
    assert contenu["sessions"][0]["ip"] == "192.0.2.7"
    assert contenu["brouillons"][0]["données"] == {"a": ["à moi"]}
    assert contenu["mesures saisies"]
    assert contenu["personnes : historique"][0]["sorte de modification"] == "ajout"
    textes = {(t["où"].partition(" PE-1")[0], t["champ"]) for t in contenu["textes qui nomment la personne"]}
    assert ("fiche projet", "description") in textes
    texte = fichier.read_text()
    assert "clé-secrète" not in texte
    assert compte_zoe.password not in texte
    assert {d.nom for d in donnees_personnelles.donnees()} <= set(contenu)


def test_what_one_wrote_is_exported(client, compte, tmp_path):
    client.force_login(compte("cooperation"))
    url = "/dijon-2024/fiches/PE-1/modifier/"
    client.post(url, formulaire(client.get(url)) | {"constat": "Un constat"})
    call_command(
        "exporter_personne", compte("cooperation").email, sortie=tmp_path / "c.json", stdout=io.StringIO()
    )

    [*_, derniere] = json.loads((tmp_path / "c.json").read_text())["modifications faites"]

    assert derniere["objet"].startswith("fiche projet PE-1")
    assert (derniere["sorte"], derniere["porte"]) == ("modification", "page")


def test_an_export_never_writes_over_a_file(zoe, tmp_path):
    fichier = tmp_path / "zoe.json"
    fichier.write_text("autre chose")
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("exporter_personne", EMAIL, sortie=fichier)
    with pytest.raises(CommandError, match="impossible d’écrire"):
        call_command("exporter_personne", EMAIL, sortie=tmp_path / "nulle-part" / "z.json")
    with pytest.raises(CommandError, match="Personne n’a"):
        call_command("exporter_personne", "x@exemple.fr", sortie=tmp_path / "x.json")

    assert fichier.read_text() == "autre chose"


# No model is forgotten -----------------------------------------------------------------------------------

NOMS_DE_CHAMPS = re.compile(
    r"prenom|first_name|last_name|mail|courriel|telephone|phone|^ip$|adresse_ip|signature"
)


def champs_de_personne(modele) -> set[str]:
    """Columns that point at a person, or look like one's name, address or number."""
    liens = {Utilisateur, Personne, Mandat}
    return {
        f.name
        for f in [*modele._meta.concrete_fields, *modele._meta.many_to_many]
        if (f.is_relation and f.related_model in liens)
        or isinstance(f, (models.EmailField, models.GenericIPAddressField))
        or (NOMS_DE_CHAMPS.search(f.name) and not f.is_relation)
    }


def oublies(modeles) -> set[str]:
    declares = champs_declares()
    return {
        f"{modele._meta.label}.{champ}"
        for modele in modeles
        for champ in champs_de_personne(modele) - declares.get(modele, set())
    }


def test_every_column_of_a_person_is_declared():
    """Declare it in the `vie_privee.py` of its app: how it is exported, and what an anonymisation does of it."""
    assert oublies(apps.get_models(include_auto_created=True)) == set()


def test_a_new_column_would_be_missed(monkeypatch):
    sans_mesures = [d for d in donnees_personnelles.donnees() if d.modele is not Mesure]
    monkeypatch.setattr(donnees_personnelles, "_donnees", sans_mesures)
    vus = apps.get_models(include_auto_created=True)
    assert oublies(vus) == {"evaluation.Mesure.saisie_par", "evaluation.HistoricalMesure.saisie_par"}

    monkeypatch.setitem(donnees_personnelles._sans_personne, Mesure, frozenset({"saisie_par"}))
    assert oublies(vus) == set()


def test_what_is_declared_exists():
    absents = {
        f"{modele._meta.label}.{champ}"
        for modele, champs in champs_declares().items()
        for champ in champs
        if champ not in {f.name for f in modele._meta.get_fields()}
    }

    assert absents == set()


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError, match="déjà déclarées"):
        donnees_personnelles.register(donnees_personnelles.donnees()[0])
