"""Who may approve is told once by mail, and only while it waits."""

from smtplib import SMTPException

import pytest
from django.core import mail

from ctg.models import Mandat
from evaluation.models import AvisApprobation
from evaluation.protocole import avis
from evaluation.protocole.approbation import appliquer
from tests.evaluation.protocole.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def soumise(question, soumettre):
    return soumettre(question)


def test_each_representant_is_told_once(soumise, compte, ville):
    for _ in range(2):
        avis.prevenir("question", soumise.pk, now=NOW)

    assert {courriel.to[0] for courriel in mail.outbox} == {compte("signataire").email, ville.email}
    assert len(mail.outbox) == 2
    assert f"/dijon-2024/protocole/questions/{soumise.pk}/" in mail.outbox[0].body
    assert soumise.libelle in mail.outbox[0].body


def test_the_submission_itself_tells_them(question, soumettre, compte, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        soumettre(question)

    assert [courriel.to[0] for courriel in mail.outbox] == [compte("signataire").email]


def test_who_has_answered_or_left_is_not_told(soumise, repondre, compte, ville):
    repondre(soumise, compte("signataire"))
    Mandat.objects.filter(utilisateur=ville).update(date_fin="2025-01-01")

    avis.prevenir("question", soumise.pk, now=NOW)

    assert mail.outbox == []


def test_what_could_not_leave_leaves_at_the_next_run(soumise, monkeypatch):
    def panne(self):
        raise SMTPException

    with monkeypatch.context() as coupe:
        coupe.setattr("django.core.mail.EmailMultiAlternatives.send", panne)
        avis.prevenir("question", soumise.pk, now=NOW)
    assert (len(mail.outbox), AvisApprobation.objects.get().date_envoi) == (0, None)

    assert avis.distribuer(now=NOW) == 1
    assert avis.distribuer(now=NOW) == 0
    assert len(mail.outbox) == 1


def test_what_was_taken_back_is_not_told(soumise, compte, monkeypatch):
    monkeypatch.setattr(avis, "_envoyer", lambda avis: False)
    avis.prevenir("question", soumise.pk, now=NOW)
    AvisApprobation.objects.update(date_envoi=None)
    appliquer("reprendre", soumise, user=compte("cooperation"), now=NOW)

    assert avis.distribuer(now=NOW) == 0
    assert not AvisApprobation.objects.exists()


def test_the_protocole_is_told_too(brouillon, soumettre):
    avis.prevenir("protocole", soumettre(brouillon).pk, now=NOW)

    assert "version 1 du protocole" in mail.outbox[0].body
    assert "/dijon-2024/protocole/v1/" in mail.outbox[0].body
