"""Who is told of the circuit of the minutes, once, and what the dashboard says waits for whom."""

import smtplib
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from ctg.models import Mandat, Organisme, Personne
from gouvernance.envois import reprendre
from gouvernance.models import EnvoiReunion
from gouvernance.transitions import appliquer

NOW = timezone.now()
TODAY = timezone.localdate()


@pytest.fixture
def faire(tenue, compte, django_capture_on_commit_callbacks):
    """faire("avaliser", "caf") does one step, and gives the mails that left with it."""

    def pas(action, nom, **champs):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            appliquer(action, tenue.pk, user=compte(nom), now=NOW, **champs)
        return list(mail.outbox)

    return pas


@pytest.fixture
def panne(monkeypatch):
    """Inside it, no mail leaves."""

    def tomber(self, *args, **kwargs):
        raise smtplib.SMTPServerDisconnected

    @contextmanager
    def en_panne():
        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", tomber)
            yield

    return en_panne


def test_whoever_may_give_the_aval_is_asked_for_it_once(faire, tenue, compte):
    courriels = faire("transmettre", "cooperation")

    assert {tuple(courriel.to) for courriel in courriels} == {
        ("caf@demo.invalid",),
        ("signataire@demo.invalid",),
    }
    courriel = courriels[0]
    assert courriel.subject.startswith("Pilotage CTG – Aval attendu sur un compte rendu : Comité de pilotage")
    lien = f"{settings.ADRESSE}{tenue.get_absolute_url()}#compte-rendu"
    for texte in (courriel.body, courriel.alternatives[0].content):
        assert lien in texte
        assert "Demandé par Compte cooperation" in texte
        assert "Caf de la Côte-d’Or" in texte
    assert "<" not in courriel.body
    assert reprendre(now=NOW) == []


def test_nobody_whose_account_is_closed_or_mandate_over_is_asked(faire, compte):
    Mandat.objects.filter(utilisateur=compte("signataire")).update(date_fin=TODAY)
    caf = compte("caf")
    caf.is_active = False
    caf.save()

    assert faire("transmettre", "cooperation") == []
    assert not EnvoiReunion.objects.exists()


def test_a_representant_of_another_organisme_is_not_asked(faire, compte, dijon):
    ville = Organisme.objects.get(nom="Ville de Dijon")
    Mandat.objects.create(
        utilisateur=compte("lecteur"), role="representant", convention=dijon, organisme=ville
    )

    assert "lecteur@demo.invalid" not in {c.to[0] for c in faire("transmettre", "cooperation")}


def test_the_charge_is_told_once_all_gave_it(faire, compte, dijon):
    ville = Organisme.objects.get(nom="Ville de Dijon")
    Mandat.objects.create(
        utilisateur=compte("lecteur"), role="representant", convention=dijon, organisme=ville
    )
    dijon.organismes_aval.set([*dijon.get_organismes_aval(), ville.pk])
    faire("transmettre", "cooperation")

    assert faire("avaliser", "caf") == []
    assert not EnvoiReunion.objects.filter(nature="aval_donne").exists()
    [courriel] = faire("avaliser", "lecteur")

    assert courriel.to == ["cooperation@demo.invalid"]
    assert "Aval donné, compte rendu à diffuser" in courriel.subject
    assert "Caf de la Côte-d’Or, Ville de Dijon" in courriel.body


def test_the_charge_is_told_why_it_was_refused(faire):
    faire("transmettre", "cooperation")

    [courriel] = faire("refuser", "caf", motif="Les montants <100 € manquent.")

    assert courriel.to == ["cooperation@demo.invalid"]
    assert "Aval refusé, compte rendu à corriger" in courriel.subject
    assert "Les montants <100 € manquent." in courriel.body
    assert "Les montants &lt;100 € manquent." in courriel.alternatives[0].content


@pytest.mark.parametrize("parti", ["compte fermé", "mandat fini"])
def test_a_charge_who_left_is_not_told(faire, compte, parti):
    faire("transmettre", "cooperation")
    charge = compte("cooperation")
    if parti == "compte fermé":
        charge.is_active = False
        charge.save()
    else:
        charge.mandats.update(date_fin=TODAY)

    assert faire("refuser", "caf", motif="À préciser") == []


def test_each_transmission_asks_again(faire):
    faire("transmettre", "cooperation")
    faire("refuser", "caf", motif="À préciser")

    assert len(faire("transmettre", "cooperation")) == 2


def test_a_server_that_fails_loses_neither_the_step_nor_the_mail(faire, tenue, panne, capsys):
    with panne():
        assert faire("transmettre", "cooperation") == []
    tenue.refresh_from_db()
    assert tenue.etat_compte_rendu == "transmis"

    call_command("envoyer_rappels")

    assert f"demande d’aval, réunion {tenue.pk} : 2 envoyé(s), 0 en attente" in capsys.readouterr().out
    demandes = [courriel for courriel in mail.outbox if "Aval attendu" in courriel.subject]
    assert sorted(courriel.to[0] for courriel in demandes) == ["caf@demo.invalid", "signataire@demo.invalid"]
    assert reprendre(now=NOW) == []


def test_what_is_over_when_the_server_comes_back_is_not_said(faire, tenue, panne, client_de):
    with panne():
        faire("transmettre", "cooperation")
        faire("refuser", "caf", motif="À préciser")
        faire("transmettre", "cooperation")
    mail.outbox.clear()

    reprendre(now=NOW)

    assert sorted(courriel.to[0] for courriel in mail.outbox) == [
        "caf@demo.invalid",
        "signataire@demo.invalid",
    ]
    page = client_de("cooperation").get(tenue.get_absolute_url()).content.decode()
    assert page.count("Demande d’aval, le") == 1
    assert "Aval refusé, le" not in page.partition('id="convocation"')[2].partition("</section>")[0]


def test_whoever_transmits_reads_who_will_be_told(tenue, client_de, dijon):
    client, url = client_de("cooperation"), f"{tenue.get_absolute_url()}compte-rendu/transmettre/"
    assert "Prévenus par courriel : Compte caf, Compte signataire." in client.get(url).content.decode()

    Personne.objects.filter(utilisateur__email__in=["caf@demo.invalid", "signataire@demo.invalid"]).update(
        utilisateur=None
    )

    assert "Personne n’a encore de compte pour donner cet aval" in client.get(url).content.decode()


A_FAIRE = {
    "caf": {"transmis": "aval attendu"},
    "signataire": {"transmis": "aval attendu"},
    "cooperation": {"avalise": "aval donné : à diffuser", "refuse": "aval refusé : à corriger"},
    "copil": {},
    "lecteur": {},
    "petite-enfance": {},
}


@pytest.mark.parametrize("etat", ["brouillon", "transmis", "avalise", "diffuse", "refuse"])
def test_the_dashboard_says_what_waits_for_whom(tenue, mener, compte, client_de, etat):
    if etat == "refuse":
        mener(tenue, "transmis")
        appliquer("refuser", tenue.pk, user=compte("caf"), now=NOW, motif="À préciser")
    elif etat != "brouillon":
        mener(tenue, etat)

    for nom, attendus in A_FAIRE.items():
        page = client_de(nom).get("/dijon-2024/").content.decode()
        lien = f'href="{tenue.get_absolute_url()}#compte-rendu">Compte rendu de la réunion {tenue.numero}<'
        assert (lien in page) is (etat in attendus), nom
        if etat in attendus:
            assert attendus[etat] in page


def test_one_who_has_answered_is_asked_no_more_while_another_is(tenue, mener, compte, dijon, client_de):
    ville = Organisme.objects.get(nom="Ville de Dijon")
    Mandat.objects.create(
        utilisateur=compte("lecteur"), role="representant", convention=dijon, organisme=ville
    )
    dijon.organismes_aval.set([*dijon.get_organismes_aval(), ville.pk])
    mener(tenue, "transmis")
    appliquer("avaliser", tenue.pk, user=compte("caf"), now=NOW)

    assert "aval attendu" not in client_de("caf").get("/dijon-2024/").content.decode()
    assert "aval attendu" in client_de("lecteur").get("/dijon-2024/").content.decode()
