"""Reminders: only to those who owe, on their days, never twice, and a mail server that fails breaks nothing."""

import datetime
import logging
import smtplib
import threading

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone

from ctg.models import Mandat, Personne
from evaluation.echeances import derniere_echeance, en_mots
from evaluation.equipe import collect_equipe
from evaluation.models import Avancement, Campagne, Indicateur, LigneSaisie, Mesure, Rappel, Saisie
from evaluation.rappels import annoncer, envoyer_rappels, relancer
from fiches.models import FicheProjet
from tests.conftest import COMPTES_PAR_NOM
from tests.evaluation.outils import campagne, clore, commencer, faire, mettre, qui, saisie


def le(jours, heure=9):
    """`jours` from the date limite of 2025, at that hour."""
    jour = campagne().date_limite + datetime.timedelta(days=jours)
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure)))


@pytest.fixture
def seule(db):
    """Only PE-1 and PE-2 of 2025 are left, and nobody was told anything."""
    Campagne.objects.exclude(pk=campagne().pk).filter(corrections=None).delete()
    Saisie.objects.exclude(fiche__code__in=["PE-1", "PE-2"]).delete()
    Rappel.objects.all().delete()
    mail.outbox.clear()


def destinataires():
    return sorted(courriel.to[0].partition("@")[0] for courriel in mail.outbox)


J = datetime.date(2026, 12, 15)


@pytest.mark.parametrize(
    ("today", "attendu"),
    [
        ("2026-11-30", None),
        ("2026-12-01", "2026-12-01"),
        ("2026-12-07", "2026-12-01"),
        ("2026-12-08", "2026-12-08"),
        ("2026-12-14", "2026-12-14"),
        ("2026-12-15", "2026-12-14"),
        ("2026-12-16", "2026-12-16"),
        ("2026-12-22", "2026-12-16"),
        ("2026-12-23", "2026-12-23"),
        ("2027-01-07", "2027-01-06"),
    ],
)
def test_days_of_reminders_then_every_week(today, attendu):
    jour = derniere_echeance(
        [-14, -7, -1, 1], J, ouverture=datetime.date(2026, 11, 1), today=datetime.date.fromisoformat(today)
    )

    assert (str(jour) if jour else None) == attendu


def test_no_reminder_of_a_day_before_the_opening():
    jours = {"ouverture": datetime.date(2026, 12, 10), "today": datetime.date(2026, 12, 12)}

    assert derniere_echeance([-14, -7, -1, 1], J, **jours) is None


@pytest.mark.parametrize(
    ("jours", "mots"),
    [
        (7, "dans 7\u00a0jours"),
        (1, "demain"),
        (0, "aujourd’hui"),
        (-1, "en retard d’un jour"),
        (-2, "en retard de 2\u00a0jours"),
    ],
)
def test_dates_in_words(jours, mots):
    assert en_mots(J + datetime.timedelta(days=jours), J) == mots


def test_only_those_who_owe_are_reminded_and_once(seule):
    envoyer_rappels(now=le(-7))
    assert destinataires() == ["petite-enfance", "referent"]  # PE-2 has no référent
    envoyer_rappels(now=le(-7, heure=18))
    envoyer_rappels(now=le(-5))
    assert len(mail.outbox) == 2

    mettre("soumise")
    mail.outbox.clear()
    envoyer_rappels(now=le(-1))
    assert destinataires() == ["petite-enfance"]  # to validate PE-1, and to enter PE-2
    texte = mail.outbox[0].body
    assert "PE-1" in texte
    assert "à valider" in texte
    clore()
    envoyer_rappels(now=le(1))
    assert len(mail.outbox) == 1


def test_the_mail_reads_without_html_and_leads_to_the_very_field(seule):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    Mesure.objects.filter(indicateur=indicateur, annee=2025).delete()
    envoyer_rappels(now=le(-7))
    [courriel] = [c for c in mail.outbox if c.to[0].startswith("referent")]
    lien = f"{settings.ADRESSE}/dijon-2024/evaluation/2025/saisie/PE-1/#champ-i{indicateur.pk}"

    assert "1 fiche à saisir pour 2025, dans 7\u00a0jours" in courriel.subject
    assert lien in courriel.body
    assert indicateur.intitule in courriel.body
    assert "<" not in courriel.body
    assert lien in courriel.alternatives[0].content
    assert "PE-1-03" not in courriel.body  # it has its value


def test_the_person_of_a_line_is_told_of_that_line_only(seule):
    ligne = LigneSaisie.objects.get(saisie=saisie(), indicateur__code="PE-1-01")
    Mesure.objects.filter(indicateur__fiche__code="PE-1", annee=2025).delete()
    ligne.responsable = Personne.objects.get(utilisateur=qui("cooperation"))
    ligne.save()

    envoyer_rappels(now=le(-7))
    [courriel] = [c for c in mail.outbox if c.to[0].startswith("cooperation")]

    assert "PE-1-01" in courriel.body
    assert "PE-1-02" not in courriel.body


def test_who_cannot_be_reached_is_said_and_gets_nothing(seule, client_de):
    ligne = LigneSaisie.objects.get(saisie=saisie(), indicateur__code="PE-1-01")
    Mesure.objects.filter(indicateur__code="PE-1-01", annee=2025).delete()
    for nom, utilisateur in (("Absente", None), ("Partie", qui("lecteur"))):
        Personne.objects.filter(utilisateur=utilisateur, utilisateur__isnull=False).update(utilisateur=None)
        ligne.responsable = Personne.objects.create(
            convention=campagne().convention, nom=nom, utilisateur=utilisateur
        )
        ligne.save()
        url = f"/dijon-2024/evaluation/2025/campagne/{campagne().pk}/relancer/"
        page = client_de("cooperation").get(url).content.decode()
        assert f"{nom} (PE-1)" in page
    Mandat.objects.filter(utilisateur__in=[qui("referent"), qui("petite-enfance")]).delete()

    envoyer_rappels(now=le(-7))

    assert mail.outbox == []
    page = client_de("cooperation").get("/dijon-2024/evaluation/2025/").content.decode()
    assert "aucun référent ni coordinateur" in page


def test_the_button_counts_once_a_day_and_spares_the_reminder_of_that_day(seule, client_de):
    url = f"/dijon-2024/evaluation/2025/campagne/{campagne().pk}/relancer/"
    client = client_de("cooperation")
    assert "2\u00a0courriels envoyés" in client.post(url, follow=True).content.decode()
    assert "déjà été relancé aujourd’hui" in client.post(url, follow=True).content.decode()
    assert len(mail.outbox) == 2

    relancer(campagne(), now=le(-7, heure=8))
    envoyer_rappels(now=le(-7, heure=9))
    assert len(mail.outbox) == 4


@pytest.mark.parametrize(
    ("action", "nom", "a_qui", "kwargs"),
    [
        ("soumettre", "referent", ["petite-enfance"], {}),
        ("soumettre", "petite-enfance", ["cooperation"], {}),
        ("renvoyer", "petite-enfance", ["referent"], {"champs": {"difficultes": "Lesquelles ?"}}),
    ],
)
def test_transitions_tell_the_next_person_once_committed(
    seule, django_capture_on_commit_callbacks, action, nom, a_qui, kwargs
):
    mettre("soumise" if action == "renvoyer" else "en_cours")

    with django_capture_on_commit_callbacks(execute=True):
        faire(action, nom, **kwargs)

    assert destinataires() == a_qui
    if kwargs:
        assert "Lesquelles ?" in mail.outbox[0].body
        assert "#champ-difficultes" in mail.outbox[0].body


def test_nothing_is_sent_if_it_rolls_back(seule, django_capture_on_commit_callbacks):
    commencer()

    def echouer():
        with transaction.atomic():
            faire("soumettre", "referent")
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        echouer()

    assert (mail.outbox, Rappel.objects.count()) == ([], 0)


class Panne:
    """A mail server that refuses, in words that hold the address."""

    def __init__(self, quand):
        self.quand = quand

    def __call__(self, *args, **kwargs):
        if self.quand == "ouvrir":
            raise ConnectionRefusedError
        return self

    def open(self):
        return None

    def close(self):
        return None

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no")})


@pytest.mark.parametrize("quand", ["ouvrir", "envoyer"])
def test_a_mail_server_that_fails_breaks_nothing_and_is_tried_again(
    seule, monkeypatch, caplog, django_capture_on_commit_callbacks, quand
):
    from evaluation import rappels

    commencer()
    panne = Panne(quand)
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        if quand == "ouvrir":
            panne.open = panne
            patch.setattr(rappels, "get_connection", lambda: panne)
        else:
            patch.setattr(rappels, "get_connection", panne)
        with django_capture_on_commit_callbacks(execute=True):
            faire("soumettre", "referent")

    assert (saisie().statut, mail.outbox) == ("soumise", [])
    assert "@" not in caplog.text
    assert Rappel.objects.get().date_envoi is None
    envoyer_rappels(now=timezone.now())
    assert destinataires() == ["petite-enfance"]
    envoyer_rappels(now=timezone.now())
    assert len(mail.outbox) == 1


def test_what_is_no_longer_owed_is_not_sent_late(seule):
    mettre("soumise")
    Rappel.objects.create(
        campagne=campagne(),
        saisie=saisie(),
        utilisateur=qui("petite-enfance"),
        nature="soumise",
        cle="soumise-1-1",
        created_at=timezone.now(),
    )
    faire("valider", "petite-enfance")

    envoyer_rappels(now=timezone.now())

    assert (mail.outbox, Rappel.objects.filter(cle="soumise-1-1").exists()) == ([], False)


def test_the_opening_tells_everyone_what_is_theirs(seule):
    annoncer("ouvrir", campagne().pk)

    assert destinataires() == ["petite-enfance", "referent"]
    assert "est ouverte, jusqu’au" in mail.outbox[0].body
    annoncer("ouvrir", campagne().pk)
    assert len(mail.outbox) == 2


def test_the_opening_of_a_correction_says_so_and_why(seule):
    pk = campagne().pk
    Campagne.objects.filter(pk=pk).update(
        nature="correction", parent=pk, motif="La valeur de PE-1-01 est fausse."
    )
    annoncer("ouvrir", pk)
    assert {m.subject for m in mail.outbox} == {
        "Pilotage CTG – Une correction de la saisie 2025 vous est demandée"
    }
    for texte in (mail.outbox[0].body, mail.outbox[0].alternatives[0][0]):
        assert "Motif : La valeur de PE-1-01 est fausse." in texte


def test_the_command_says_before_it_does(seule, capsys, monkeypatch):
    quand = le(-7)
    monkeypatch.setattr(timezone, "now", lambda: quand)

    call_command("envoyer_rappels", essai=True)
    assert "Compte referent" in capsys.readouterr().out
    assert (mail.outbox, Rappel.objects.count()) == ([], 0)
    call_command("envoyer_rappels")
    assert "2\u00a0courriels envoyés" in capsys.readouterr().out


def test_without_automatic_reminders_none_leaves(seule):
    Campagne.objects.filter(pk=campagne().pk).update(is_rappels_automatiques=False)

    envoyer_rappels(now=le(-7))

    assert mail.outbox == []


def test_two_commands_at_once_send_each_mail_once(donnees_partagees):
    Rappel.objects.all().delete()
    mail.outbox.clear()
    maintenant, depart, fautes = le(-7), threading.Barrier(3), []

    def lancer():
        try:
            depart.wait(timeout=30)
            envoyer_rappels(now=maintenant)
        except Exception as faute:  # noqa: BLE001 -- shown by the assertion
            fautes.append(faute)
        finally:
            connections.close_all()

    fils = [threading.Thread(target=lancer) for _ in range(3)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=120)

    assert fautes == []
    envoyes = [(c.to[0], c.subject) for c in mail.outbox]
    assert len(envoyes) == len(set(envoyes)) == Rappel.objects.count() > 3


@pytest.mark.django_db
@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
def test_the_team_read_by_fiche_agrees_with_the_rights(dijon, nom):
    """`evaluation.equipe` is the twin of « evaluation.saisir » and « evaluation.valider »."""
    from ctg.permissions import check

    equipe, compte = collect_equipe(dijon, today=timezone.localdate()), qui(nom)
    for fiche in FicheProjet.objects.filter(convention=dijon).select_related("axe").prefetch_related("axes"):
        assert equipe.peut_saisir(compte.pk, fiche) is bool(check(compte, "evaluation.saisir", fiche))
        valident = {c.pk for c in equipe.coordinateurs(fiche)} | equipe.charges
        assert (compte.pk in valident) is bool(check(compte, "evaluation.valider", fiche))
    assert Avancement.objects.exists()
