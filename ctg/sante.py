"""Whether the application can do its work: the database answers, a file can be written, somebody does the tasks."""

import datetime
import uuid
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django_tasks_db.models import DBTaskResult, get_date_max

ATTENTE = datetime.timedelta(minutes=10)
OCTETS = 4096  # a full disk still takes an empty file


def base(now: datetime.datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def fichiers(now: datetime.datetime) -> bool:
    nom = default_storage.save(f"sante/{uuid.uuid4().hex}", ContentFile(bytes(OCTETS)))
    try:
        return default_storage.size(nom) == OCTETS
    finally:
        default_storage.delete(nom)


def taches(now: datetime.datetime) -> bool:
    """No task has been waiting for a worker for ten minutes."""
    pretes = DBTaskResult.objects.ready().annotate(
        depuis=Coalesce(NullIf("run_after", Value(get_date_max())), "enqueued_at")
    )
    return not pretes.filter(depuis__lt=now - ATTENTE).exists()


CONTROLES: dict[str, Callable[[datetime.datetime], bool]] = {
    "base": base,
    "fichiers": fichiers,
    "taches": taches,
}


def examiner(*, now: datetime.datetime) -> dict[str, bool]:
    """{what: whether it answers}."""
    return {nom: _essayer(controle, now) for nom, controle in CONTROLES.items()}


def _essayer(controle: Callable[[datetime.datetime], bool], now: datetime.datetime) -> bool:
    try:
        return controle(now)
    except Exception:  # noqa: BLE001 -- whatever it is, it does not answer
        return False
