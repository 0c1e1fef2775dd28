"""What a worker does beside the requests. May be run twice, or be cut off: nothing is said twice, nothing is lost."""

from django.utils import timezone
from django_tasks import task

from evaluation.protocole import avis


@task()
def prevenir(genre: str, pk: int) -> None:
    """The mails to those who may approve what was just put to approval."""
    avis.prevenir(genre, pk, now=timezone.now())
