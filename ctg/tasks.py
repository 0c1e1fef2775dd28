"""What a worker does beside the requests. May be run twice, or be cut off: an invitation is sent again by its button."""

import datetime
import logging
from smtplib import SMTPException

from django.utils import timezone
from django_tasks import task

from ctg import invitations

logger = logging.getLogger(__name__)
PANNES = (SMTPException, OSError)
ESSAIS = 48  # the last ones an hour apart: two days


@task()
def inviter(compte: int, personne: int, par: int, role: str, site: str, essai: int = 0) -> None:
    """The mail of an invitation; put back in the queue while the mail server does not answer."""
    try:
        invitations.envoyer(compte, personne, par=par, role=role, site=site)
    except PANNES as panne:  # its words may hold the address
        logger.warning("Invitation de la personne %s pas encore partie : %s", personne, type(panne).__name__)
        if essai < ESSAIS:
            plus_tard = timezone.now() + datetime.timedelta(minutes=min(2**essai, 60))
            inviter.using(run_after=plus_tard).enqueue(compte, personne, par, role, site, essai + 1)
