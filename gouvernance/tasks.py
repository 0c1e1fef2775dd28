"""What a worker does beside the requests. May be run twice, or be cut off: nothing is said twice, nothing is lost."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from gouvernance import envois
from gouvernance.models import EnvoiReunion


@task()
def distribuer(envoi_id: int) -> dict[str, int]:
    """The mails of one message about a meeting."""
    resultat = envois.distribuer(envoi_id, now=timezone.now())
    return {"envoyes": resultat.nb_envoyes, "en_attente": resultat.nb_en_attente}


def faire_partir(envoi: EnvoiReunion) -> None:
    """Once all is saved; what was done stays done, whatever becomes of its mails."""
    transaction.on_commit(partial(distribuer.enqueue, envoi.pk), robust=True)
