"""Every door against every lock: what is locked does not move, whoever asks and however."""

import csv
import threading
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from evaluation import declencheurs, services, verrous
from evaluation.campagnes import champ_de
from evaluation.models import (
    Avancement,
    Campagne,
    Effet,
    Indicateur,
    Mesure,
    ModaliteIndicateur,
    Saisie,
    ValeurVentilee,
)
from evaluation.services import Ecriture
from evaluation.verrous import VerrouError
from fiches.models import Etape, Moyen
from tests.conftest import FIXTURES
from tests.evaluation.outils import campagne, clore, dans, faire, fiche, mettre, qui, saisie
from tests.navigation import formulaire

URL = "/dijon-2024/evaluation/2025/saisie/PE-1/"
VERROUS = ("non_ouverte", "close", "soumise", "validee")


def poser(verrou):
    """The entry of PE-1 in 2025, under that lock."""
    if verrou == "non_ouverte":
        Saisie.objects.filter(campagne=campagne()).delete()
        campagne().delete()
    elif verrou == "close":
        clore()
    else:
        mettre(verrou)


def valeur():
    return Mesure.objects.get(indicateur__code="PE-1-01", annee=2025).valeur


@pytest.mark.django_db
@pytest.mark.parametrize("verrou", VERROUS)
def test_the_service_refuses_and_says_which_lock(verrou):
    poser(verrou)

    with pytest.raises(VerrouError) as refus:
        Ecriture(fiche(), 2025, user=qui("cooperation"), now=timezone.now())

    assert refus.value.verrou.code == verrou
    assert "chargé de coopération" in refus.value.verrou.raison


@pytest.mark.django_db
@pytest.mark.parametrize("verrou", VERROUS)
def test_the_page_shows_back_what_was_typed_when_the_lock_falls(client_de, verrou):
    client, avant = client_de("petite-enfance"), valeur()
    mettre("en_cours")
    data = formulaire(client.get(URL)) | {
        f"{champ_de(Indicateur.objects.get(code='PE-1-01'))}-valeur": "1234",
        "avancement-difficultes": "Un long texte qu’il ne faut pas perdre",
    }
    if verrou in {"soumise", "validee"}:
        faire("soumettre", "referent")
        if verrou == "validee":
            faire("valider", "cooperation")
    else:
        poser(verrou)

    reponse = client.post(URL, data)
    page = reponse.content.decode()

    assert (reponse.status_code, valeur()) == (409, avant)
    assert "Un long texte qu’il ne faut pas perdre" in page
    assert "1234" in page
    assert "n’est pas enregistré" in page
    relue = client.get(
        URL
    ).content.decode()  # kept as a draft, shown beside the values, none of which can be typed
    assert "Un long texte qu’il ne faut pas perdre" in relue
    assert 'name="avancement-difficultes"' not in relue
    client.post(URL, {"abandonner": "1"})
    assert "Un long texte" not in client.get(URL).content.decode()


@pytest.mark.django_db
def test_fields_closed_by_a_sending_back_are_shown_back_too(client_de):
    client = client_de("referent")
    mettre("en_cours")
    data = formulaire(client.get(URL)) | {
        "avancement-difficultes": "Celui-ci est ouvert",
        "avancement-ajustements": "Celui-ci ne l’est plus",
    }
    faire("soumettre", "referent")
    faire("renvoyer", "petite-enfance", champs={"difficultes": "Lesquelles ?"})

    page = client.post(URL, data)

    assert page.status_code == 409
    assert "Celui-ci ne l’est plus" in page.content.decode()
    assert Avancement.objects.get(fiche=fiche(), annee=2025).difficultes != "Celui-ci est ouvert"
    relue = client.get(URL).content.decode()
    assert "Lesquelles ?" in relue
    assert 'name="avancement-difficultes"' in relue
    assert 'name="avancement-ajustements"' not in relue
    assert "Celui-ci ne l’est plus" in relue


@pytest.mark.django_db
@pytest.mark.parametrize("verrou", VERROUS)
@pytest.mark.parametrize("modele", ["mesure", "avancement", "valeurventilee"])
def test_the_administration_has_no_door(client_de, verrou, modele):
    poser(verrou)
    client, avant = client_de("admin"), valeur()
    pk = Mesure.objects.get(indicateur__code="PE-1-01", annee=2025).pk

    for adresse in (
        f"/admin/evaluation/{modele}/add/",
        f"/admin/evaluation/{modele}/{pk}/change/",
        f"/admin/evaluation/{modele}/{pk}/delete/",
        f"/admin/evaluation/{modele}/import/",
    ):
        assert client.post(adresse, {"valeur": "1", "annee": "2025"}).status_code in {302, 403, 404}, adresse
    assert valeur() == avant


def _source(dossier, valeur):
    """What somebody sends back: the demonstration, with another value."""
    for nom in ("convention", "mesures"):
        with (FIXTURES / "demo" / f"{nom}.csv").open(encoding="utf-8", newline="") as lu:
            lignes = list(csv.DictReader(lu))
        for ligne in lignes:
            if nom == "mesures" and (ligne["indicateur"], ligne["annee"]) == ("PE-1-01", "2025"):
                ligne["valeur"] = valeur
        with (dossier / f"{nom}.csv").open("w", encoding="utf-8", newline="") as ecrit:
            ecrivain = csv.DictWriter(ecrit, lignes[0].keys())
            ecrivain.writeheader()
            ecrivain.writerows(lignes)
    return dossier


@pytest.mark.django_db
@pytest.mark.parametrize("forcer", [False, True])
def test_the_loader_does_not_enter_a_closed_campaign(tmp_path, forcer):
    clore()
    avant = valeur()

    with pytest.raises(CommandError, match="campagne 2025 est close"), transaction.atomic():
        call_command("charger_convention", _source(tmp_path, "7"), forcer=forcer)

    assert valeur() == avant


@pytest.mark.django_db
def test_the_loader_says_nothing_of_what_it_does_not_change(tmp_path):
    clore()

    call_command("charger_convention", _source(tmp_path, str(valeur().normalize())))


# The floor: triggers --------------------------------------------------------------------------------------


@pytest.fixture
def partie(db):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    modalite = ModaliteIndicateur.objects.create(indicateur=indicateur, ordre=1, libelle="0-3 ans")
    mesure = Mesure.objects.get(indicateur=indicateur, annee=2025)
    return ValeurVentilee.objects.create(mesure=mesure, modalite=modalite, valeur=Decimal(1))


def gestes(partie):
    """{table and event: a raw write that goes round every service}."""
    mesure, avancement = partie.mesure, Avancement.objects.get(fiche=fiche(), annee=2025)
    libre = Indicateur.objects.create(
        fiche=fiche(), code="PE-1-99", ordre=99, intitule="x", nature="entier", type_indicateur="moyens"
    )
    deuxieme = ModaliteIndicateur.objects.create(indicateur=mesure.indicateur, ordre=2, libelle="3-6 ans")
    ailleurs = Mesure.objects.create(indicateur=libre, annee=2026, valeur=1)
    return {
        "mesure insert": lambda: Mesure.objects.bulk_create([Mesure(indicateur=libre, annee=2025, valeur=1)]),
        "mesure update": lambda: Mesure.objects.filter(pk=mesure.pk).update(valeur=1),
        "mesure update into": lambda: Mesure.objects.filter(pk=ailleurs.pk).update(annee=2025),
        "mesure update out of": lambda: Mesure.objects.filter(pk=mesure.pk).update(annee=2027),
        "mesure delete": lambda: Mesure.objects.filter(pk=mesure.pk)._raw_delete("default"),
        "avancement insert": lambda: Avancement.objects.bulk_create(
            [Avancement(fiche=fiche("PE-4"), annee=2025)]
        ),
        "avancement update": lambda: Avancement.objects.filter(pk=avancement.pk).update(difficultes="x"),
        "avancement delete": lambda: Avancement.objects.filter(pk=avancement.pk)._raw_delete("default"),
        "part insert": lambda: ValeurVentilee.objects.bulk_create(
            [ValeurVentilee(mesure=mesure, modalite=deuxieme, valeur=1)]
        ),
        "part update": lambda: ValeurVentilee.objects.filter(pk=partie.pk).update(valeur=3),
        "part delete": lambda: ValeurVentilee.objects.filter(pk=partie.pk)._raw_delete("default"),
        **gestes_de_la_fiche(),
    }


def gestes_de_la_fiche():
    f, effet = (
        fiche(),
        {"annee": 2025, "constat": "x", "sens": "positif", "is_attendu": True, "origine": "direct"},
    )
    signataire, autre = f.convention.signataires.order_by("pk")[:2]
    Moyen.objects.filter(fiche=f, nature="en_nature").delete()
    rang = {"fiche": f, "annee": 2025, "nature": "en_nature"}
    depense = Moyen.objects.create(**rang, signataire=signataire, realise=10)
    ailleurs = Moyen.objects.create(**rang | {"annee": 2027}, signataire=autre, realise=10)
    observe = Effet.objects.create(convention=f.convention, fiche=f, **effet)
    etape, faite = (
        Etape.objects.create(fiche=f, ordre=90 + i, intitule="x", is_faite=i) for i in (False, True)
    )
    moyens, etapes, effets = Moyen.objects, Etape.objects, Effet.objects
    return {
        "moyen insert": lambda: moyens.bulk_create([Moyen(**rang, signataire=autre, realise=0)]),
        "moyen update": lambda: moyens.filter(pk=depense.pk).update(realise=None),
        "moyen update into": lambda: moyens.filter(pk=ailleurs.pk).update(annee=2025),
        "moyen delete": lambda: moyens.filter(pk=depense.pk)._raw_delete("default"),
        "étape insert": lambda: etapes.bulk_create([Etape(fiche=f, ordre=99, intitule="x", is_faite=True)]),
        "étape done": lambda: etapes.filter(pk=etape.pk).update(is_faite=True),
        "étape undone": lambda: etapes.filter(pk=faite.pk).update(is_faite=False),
        "étape delete": lambda: etapes.filter(pk=faite.pk)._raw_delete("default"),
        "effet insert": lambda: effets.bulk_create([Effet(convention=f.convention, fiche=f, **effet)]),
        "effet update": lambda: effets.filter(pk=observe.pk).update(constat="y"),
        "effet delete": lambda: effets.filter(pk=observe.pk)._raw_delete("default"),
    }


NOMS_DES_GESTES = (
    "moyen insert", "moyen update", "moyen update into", "moyen delete", "étape insert", "étape done",
    "étape undone", "étape delete", "effet insert", "effet update", "effet delete",
    "mesure insert", "mesure update", "mesure update into", "mesure update out of", "mesure delete",
    "avancement insert", "avancement update", "avancement delete", "part insert", "part update", "part delete",
)  # fmt: skip


@pytest.mark.parametrize("nom", NOMS_DES_GESTES)
def test_nothing_enters_a_closed_campaign_by_the_database_itself(partie, nom):
    Avancement.objects.filter(fiche=fiche("PE-4"), annee=2025).delete()
    Campagne.objects.filter(annee=2026).delete()  # steps are those of the last campaign
    geste = gestes(partie)[nom]
    clore()

    with pytest.raises(DatabaseError, match=declencheurs.CLOSE), transaction.atomic():
        geste()


@pytest.mark.parametrize("nom", NOMS_DES_GESTES)
@pytest.mark.parametrize("etat", ["ouverte", "exception"])
def test_an_open_campaign_or_an_exception_that_runs_lets_it_in(partie, nom, etat):
    """The control of the test above: the same writes are taken."""
    Campagne.objects.filter(annee=2026).delete()
    Avancement.objects.filter(fiche=fiche("PE-4"), annee=2025).delete()
    geste = gestes(partie)[nom]
    if etat == "exception":
        clore()
        for code in ("PE-1", "PE-4"):
            faire("rouvrir", "cooperation", code, motif="Oubli", jusqu_au=dans(1))
    if nom == "mesure delete":
        ValeurVentilee.objects.filter(pk=partie.pk).delete()

    with transaction.atomic():
        geste()
        transaction.set_rollback(True)


def test_an_exception_that_is_over_is_a_closed_campaign_again(partie):
    clore()
    faire("rouvrir", "cooperation", motif="Oubli", jusqu_au=dans(1))
    Saisie.objects.filter(pk=saisie().pk).update(date_exception=dans(-1))

    with pytest.raises(DatabaseError, match=declencheurs.CLOSE), transaction.atomic():
        Mesure.objects.filter(pk=partie.mesure_id).update(valeur=1)


def test_what_is_not_of_the_year_stays_free_in_the_database(partie):
    Campagne.objects.filter(annee=2026).delete()
    f = fiche()
    moyen = Moyen.objects.create(
        fiche=f,
        signataire=f.convention.signataires.first(),
        annee=2025,
        nature="en_nature",
        prevu=1,
        source="x",
    )
    etape = Etape.objects.create(fiche=f, ordre=90, intitule="x")
    clore()

    Moyen.objects.filter(pk=moyen.pk).update(accorde=12)
    Moyen.objects.filter(pk=moyen.pk)._raw_delete("default")
    Etape.objects.filter(pk=etape.pk).update(intitule="Renommée")


@pytest.mark.parametrize("modele", [Mesure, Avancement, ValeurVentilee, Effet, Moyen, Etape])
def test_triggers_come_back_after_a_migration_that_makes_the_table_anew(donnees_partagees, modele):
    """SQLite makes a table anew to change a column, and its triggers go with the old one."""
    clore()
    emit_pre_migrate_signal(0, interactive=False, db="default")
    with connection.schema_editor() as editeur:
        if connection.vendor == "sqlite":
            editeur._remake_table(modele)
    emit_post_migrate_signal(0, interactive=False, db="default")

    with pytest.raises(DatabaseError, match=declencheurs.CLOSE), transaction.atomic():
        Mesure.objects.filter(indicateur__code="PE-1-01", annee=2025).update(valeur=1)
    with pytest.raises(DatabaseError, match=declencheurs.CLOSE), transaction.atomic():
        Avancement.objects.filter(fiche=fiche(), annee=2025).update(difficultes="x")


# Races ----------------------------------------------------------------------------------------------------


def course(saisir, tour):
    """An entry and the closing at the same instant; (moment of the closing, moment of the value or None)."""
    depart = threading.Barrier(2)
    fautes = []

    def lancer(tache):
        try:
            depart.wait(timeout=30)
            tache()
        except (VerrouError, DatabaseError):
            pass  # a refusal is one of the two fair outcomes
        except Exception as faute:  # noqa: BLE001 -- shown by the assertion
            fautes.append(faute)
        finally:
            connections.close_all()

    taches = (lambda: saisir(tour), clore)
    fils = [threading.Thread(target=lancer, args=(tache,)) for tache in taches]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)
    assert fautes == []


def ecrire(tour):
    with transaction.atomic():
        ecriture = Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now())
        ecriture.mesure(Indicateur.objects.get(code="PE-1-01"), {"valeur": 10_000 + tour})


def _rouvrir_tout():
    """Back to the start line, around the service."""
    Campagne.objects.filter(pk=campagne().pk).update(statut="ouverte", date_cloture=None)


def _apres_la_cloture():
    """Whether a value was committed after the closing of its campaign: the order of the commits, not of the clocks."""
    derniere = Mesure.historique.filter(indicateur__code="PE-1-01", annee=2025).latest("history_id")
    close = campagne().historique.latest("history_id")
    return derniere.history_date > close.history_date and derniere.valeur == valeur()


def test_fifty_races_never_leave_a_value_later_than_the_closing(donnees_partagees):
    issues = set()
    for tour in range(50):
        course(ecrire, tour)
        assert campagne().statut == "close"
        ecrite = valeur() == 10_000 + tour
        issues.add(ecrite)
        assert not (ecrite and _apres_la_cloture()), tour
        _rouvrir_tout()
    assert issues  # every race had an issue


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_without_the_locks_the_race_is_seen(donnees_partagees, monkeypatch):
    """The negative control: neither the row lock nor the trigger, and a slow writer after its check."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE evaluation_mesure DISABLE TRIGGER USER")
    verifie, ferme = threading.Event(), threading.Event()
    vrai = verrous.saisie_courante
    monkeypatch.setattr(verrous, "saisie_courante", lambda f, a, verrouiller=False: vrai(f, a))

    def lent(fiche_, annee, *, now):
        choisie = verrous.saisie_courante(fiche_, annee)
        assert verrous.verrou(choisie, annee, today=timezone.localdate(now)) is None
        verifie.set()
        assert ferme.wait(timeout=60)
        return choisie

    monkeypatch.setattr(services, "ouvrir_saisie", lent)
    monkeypatch.setattr(services, "commencer", lambda s: None)
    try:
        fil = threading.Thread(target=lambda: (ecrire(0), connections.close_all()))
        fil.start()
        assert verifie.wait(timeout=60)
        clore()
        ferme.set()
        fil.join(timeout=60)
        assert (campagne().statut, valeur()) == ("close", 10_000)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE evaluation_mesure ENABLE TRIGGER USER")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pose", "dit"), [("close", "est close depuis"), ("soumise", "Soumise le"), ("validee", "Validée le")]
)
def test_what_was_spent_and_done_does_not_move_beside_a_locked_entry(client_de, dijon, pose, dit):
    Campagne.objects.exclude(annee=2025).delete()
    f, client = fiche(), client_de("cooperation")
    signataire = dijon.signataires.order_by("pk").first()
    f.moyens.filter(signataire=signataire, annee=2025).delete()
    moyen = Moyen.objects.create(
        fiche=f, signataire=signataire, annee=2025, nature="fonctionnement", accorde=1, realise=10
    )
    etape = Etape.objects.create(fiche=f, ordre=90, intitule="Une étape")
    faite = Etape.objects.create(fiche=f, ordre=91, intitule="Une étape faite", is_faite=True)
    poser(pose)
    adresse = "/dijon-2024/fiches/PE-1/modifier/"
    data = formulaire(client.get(adresse))
    rang = {data[nom]: nom.removesuffix("-id") for nom in data if nom.endswith("-id")}

    refus = client.post(adresse, data | {f"{rang[str(moyen.pk)]}-realise": "11"})
    assert dit in refus.content.decode()
    refus = client.post(adresse, data | {f"{rang[str(etape.pk)]}-is_faite": "on"})
    assert dit in refus.content.decode()
    assert client.post(adresse, data | {f"{rang[str(moyen.pk)]}-DELETE": "on"}).status_code == 200
    refus = client.post(adresse, data | {f"{rang[str(faite.pk)]}-DELETE": "on"})
    assert dit in refus.content.decode()
    assert Etape.objects.filter(pk=faite.pk).exists()
    assert (Moyen.objects.get(pk=moyen.pk).realise, Etape.objects.get(pk=etape.pk).is_faite) == (10, False)

    # What is not the entry's stays free.
    assert client.post(adresse, data | {f"{rang[str(moyen.pk)]}-accorde": "12"}).status_code == 302
    assert Moyen.objects.get(pk=moyen.pk).accorde == 12
