"""Mails leave by a worker: not in the request, once, and after the worker was cut off too."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evaluation import tasks
from evaluation.enums import StatutCampagne
from evaluation.models import Campagne, Rappel
from evaluation.rappels import envoyer_rappels
from evaluation.transitions import appliquer_campagne
from tests.evaluation.outils import travailler


def en_preparation() -> Campagne:
    """The campaign of 2026, of which nobody has been told anything."""
    campagne = Campagne.objects.get(annee=2026)
    Rappel.objects.filter(campagne=campagne).delete()
    Campagne.objects.filter(pk=campagne.pk).update(statut=StatutCampagne.EN_PREPARATION, date_ouverture=None)
    return campagne


@pytest.fixture
def ouvrir(compte, file_d_attente, django_capture_on_commit_callbacks):
    """Opens the campaign of 2026; who owes something is to be told."""

    def appliquer():
        campagne = en_preparation()
        with django_capture_on_commit_callbacks(execute=True):
            appliquer_campagne("ouvrir", campagne.pk, user=compte("cooperation"), now=timezone.now())

    return appliquer


def test_the_worker_sends_what_the_request_asked(donnees_partagees, compte, file_d_attente):
    campagne = en_preparation()
    appliquer_campagne("ouvrir", campagne.pk, user=compte("cooperation"), now=timezone.now())
    assert mail.outbox == []
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
    destinataires = [courriel.to[0] for courriel in mail.outbox]
    assert "referent@demo.invalid" in destinataires
    assert len(destinataires) == len(set(destinataires))
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_asked_twice_it_is_sent_once(ouvrir):
    ouvrir()
    [tache] = DBTaskResult.objects.all()
    tasks.annoncer.enqueue(*tache.args_kwargs["args"])
    travailler()
    nb = len(mail.outbox)
    envoyer_rappels(now=timezone.now())
    assert nb > 0
    assert len(mail.outbox) == nb


def test_cut_off_it_leaves_nobody_uninformed(ouvrir, monkeypatch):
    """Killed after one mail, it never comes back; the reminders of the day say the rest, and the first one nothing."""

    class Tue(BaseException):
        pass

    def envoyer(self, *args, **kwargs):
        if mail.outbox:
            raise Tue
        return normal(self, *args, **kwargs)

    ouvrir()
    normal = mail.EmailMultiAlternatives.send
    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMultiAlternatives, "send", envoyer)
        travailler()
    assert len(mail.outbox) == 1
    pris = Rappel.objects.exclude(date_envoi=None).count()
    envoyer_rappels(now=timezone.now())
    destinataires = [courriel.to[0] for courriel in mail.outbox]
    assert len(destinataires) == len(set(destinataires)) == Rappel.objects.count() - pris + 1
