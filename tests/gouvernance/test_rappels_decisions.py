"""Reminders of decisions: to who answers for them, on their days, never twice for the same thing."""

import datetime
import io
import smtplib

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from ctg.models import Fonction, Mandat, Personne, Service
from gouvernance.models import Decision, RappelDecision
from gouvernance.rappels import envoyer_rappels_decisions, jour_de_rappel

J = datetime.date(2027, 3, 31)


def le(jours, heure=9):
    """`jours` from the due date, at that hour."""
    jour = J + datetime.timedelta(days=jours)
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure)))


@pytest.fixture
def confiee(decider, reunir, zoe):
    """A decision that Zoé answers for; no other is to be reminded of."""
    Decision.objects.update(etat="faite")
    decision = decider(reunir("2027-01-15", is_anterieure=True), responsable=zoe, echeance=J)
    mail.outbox.clear()
    return decision


def envoyer(jours, **options):
    return envoyer_rappels_decisions(now=le(jours), **options)


@pytest.mark.parametrize(
    ("jours", "attendu"),
    [(-8, None), (-7, -7), (0, -7), (1, 1), (28, 1), (29, 29), (56, 29), (57, 57), (400, 393)],
)
def test_a_week_before_the_day_after_then_every_four_weeks(jours, attendu):
    jour = jour_de_rappel(J, J + datetime.timedelta(days=jours))

    assert jour == (None if attendu is None else J + datetime.timedelta(days=attendu))


def test_the_responsible_is_told_once_for_each_day(confiee):
    nombres = []
    for jours in (-8, -7, -6, 0, 1, 2, 28, 29):
        envoyer(jours)
        envoyer(jours)
        nombres.append(len(mail.outbox))

    assert nombres == [0, 1, 1, 1, 2, 2, 2, 3]
    assert {tuple(courriel.to) for courriel in mail.outbox} == {("zoe@exemple.fr",)}


def test_the_mail_says_what_when_and_where(confiee, decider):
    decider(confiee.reunion, texte="Signer **le bail**", responsable=confiee.responsable, echeance=J)
    envoyer(1)
    [courriel] = mail.outbox

    assert courriel.subject == "Pilotage CTG – 2 décisions à suivre, dont 2 en retard"
    lien = f"{settings.ADRESSE}/dijon-2024/gouvernance/decisions/{confiee.pk}/"
    assert lien in courriel.body
    assert lien in courriel.alternatives[0].content
    assert "Signer le bail" in courriel.body
    assert "31\u00a0mars\u00a02027 : en retard" in courriel.body
    assert "<" not in courriel.body


@pytest.mark.parametrize(
    "champs",
    [{"etat": "faite"}, {"etat": "abandonnee"}, {"echeance": None}],
)
def test_nobody_is_told_of_what_waits_for_nothing(confiee, champs):
    for champ, valeur in champs.items():
        setattr(confiee, champ, valeur)
    confiee.save()

    assert envoyer(1) == []
    assert mail.outbox == []


def test_a_decision_that_was_replaced_is_not_reminded(confiee, decider):
    decider(confiee.reunion, remplace=confiee)

    assert envoyer(1) == []


def test_a_due_date_that_moves_is_another_thing(confiee):
    envoyer(1)
    confiee.echeance = J + datetime.timedelta(days=30)
    confiee.save()

    envoyer(10)
    assert len(mail.outbox) == 1
    envoyer(31)
    assert len(mail.outbox) == 2


def test_nobody_who_left_is_written_to(confiee, zoe, compte, dijon):
    fonction = Fonction.objects.create(personne=zoe, intitule="Adjointe", date_fin=J)
    assert envoyer(1) == []
    fonction.date_fin = None
    fonction.save()
    assert len(envoyer(1)) == 1

    mail.outbox.clear()
    referent = Personne.objects.get(utilisateur=compte("referent"))
    confiee.responsable = referent
    confiee.save()
    Mandat.objects.filter(utilisateur=compte("referent")).update(date_fin=J)
    assert envoyer(1) == []
    Mandat.objects.filter(utilisateur=compte("referent")).update(date_fin=None)
    envoyer(1)
    assert [courriel.to for courriel in mail.outbox] == [["referent@demo.invalid"]]


def test_somebody_without_an_address_is_not_written_to(confiee, zoe):
    zoe.email = ""
    zoe.save()

    assert envoyer(1) == []


def test_a_server_that_fails_loses_nothing_and_sends_nothing_twice(confiee, monkeypatch):
    def tomber(self, *args, **kwargs):
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as panne:
        panne.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", tomber)
        [envoi] = envoyer(1)
    assert envoi.parti is False
    assert RappelDecision.objects.get().date_envoi is None

    [envoi] = envoyer(2)
    assert envoi.parti is True
    envoyer(2)
    assert len(mail.outbox) == 1


def test_what_was_done_while_the_server_failed_is_not_sent(confiee, monkeypatch):
    monkeypatch.setattr("gouvernance.rappels._envoyer", lambda *args, **kwargs: False)
    envoyer(1)
    RappelDecision.objects.update(date_envoi=None)
    monkeypatch.undo()
    confiee.etat = "faite"
    confiee.save()

    assert envoyer(2) == []
    assert not RappelDecision.objects.exists()


def test_a_trial_writes_nothing_and_says_who(confiee):
    [envoi] = envoyer(1, essai=True)

    assert (str(envoi.personne), envoi.decisions, envoi.parti) == ("Zoé Martin", [confiee], None)
    assert (mail.outbox, RappelDecision.objects.count()) == ([], 0)


def test_the_command_sends_them_and_its_log_names_nobody(confiee, monkeypatch):
    confiee.echeance = timezone.localdate() - datetime.timedelta(days=1)
    confiee.save()
    essai, log = io.StringIO(), io.StringIO()
    call_command("envoyer_rappels", "--essai", stdout=essai)
    assert f"décisions {confiee.numero}, Zoé Martin" in essai.getvalue()

    call_command("envoyer_rappels", stdout=log)

    assert f"décisions {confiee.numero}" in log.getvalue()
    assert "Martin" not in log.getvalue()
    assert "zoe@exemple.fr" in [courriel.to[0] for courriel in mail.outbox]


# Of a service, or of nobody ------------------------------------------------------------------------------


@pytest.fixture
def du_service(confiee, service):
    confiee.responsable, confiee.service = None, service
    confiee.save()
    return confiee


def test_a_service_is_reminded_by_the_people_known_in_it(du_service, zoe, service):
    Fonction.objects.create(personne=zoe, intitule="Directrice", service=service)

    envoyer(-7)
    envoyer(-6)

    [courriel] = mail.outbox
    assert courriel.to == ["zoe@exemple.fr"]
    assert f"Confiée à votre service : {service}." in courriel.body
    assert f"Confiée à votre service : {service}." in courriel.alternatives[0].content


@pytest.mark.parametrize("partie", ["fonction finie", "sans adresse", "autre service"])
def test_where_nobody_is_known_in_the_service_the_charge_is_told_which(du_service, zoe, service, partie):
    fonction = Fonction.objects.create(personne=zoe, intitule="Directrice", service=service)
    if partie == "fonction finie":
        fonction.date_fin = J - datetime.timedelta(days=30)
    elif partie == "sans adresse":
        zoe.email = ""
        zoe.save()
    else:
        fonction.service = Service.objects.exclude(pk=service.pk).first()
    fonction.save()

    for jours in (-7, -6, 1, 2):
        envoyer(jours)

    assert [courriel.to for courriel in mail.outbox] == [["cooperation@demo.invalid"]] * 2
    assert f"Confiée au service « {service} », où personne n’a d’adresse connue" in mail.outbox[0].body


def test_what_nobody_answers_for_is_told_to_the_charge_once_it_is_late(confiee):
    confiee.responsable = None
    confiee.save()

    assert envoyer(0) == []
    envoyer(1)
    envoyer(2)

    [courriel] = mail.outbox
    assert courriel.to == ["cooperation@demo.invalid"]
    assert "Personne n’en répond : désignez un responsable" in courriel.body


def test_what_was_given_to_somebody_meanwhile_is_theirs(du_service, zoe, monkeypatch):
    with monkeypatch.context() as panne:
        panne.setattr("gouvernance.rappels._prendre", lambda rappel, now: False)
        envoyer(1)
    assert RappelDecision.objects.get().personne != zoe
    du_service.responsable, du_service.service = zoe, None
    du_service.save()

    envoyer(2)

    assert [courriel.to for courriel in mail.outbox] == [["zoe@exemple.fr"]]
    assert RappelDecision.objects.get().personne == zoe
