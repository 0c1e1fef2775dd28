"""What a worker does beside the requests. May be run twice, or be cut off: nothing is said twice, nothing is lost."""

from django.utils import timezone
from django_tasks import task

from gouvernance import envois


@task()
def distribuer(envoi_id: int) -> dict[str, int]:
    """The mails of one message about a meeting."""
    resultat = envois.distribuer(envoi_id, now=timezone.now())
    return {"envoyes": resultat.nb_envoyes, "en_attente": resultat.nb_en_attente}
