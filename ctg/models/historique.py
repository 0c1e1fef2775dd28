"""Who changed what, when, by which door: django-simple-history, and what we say beside each of its lines.

Legal effect (`Temporel`) is another thing: this is who typed what, and it never changes what is in force.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import models
from django.dispatch import receiver
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record


class Porte(models.TextChoices):
    """By which door a change came."""

    PAGE = "page", "page"
    ADMIN = "admin", "administration"
    IMPORT = "import", "import"
    COMMANDE = "commande", "commande"


@dataclass(slots=True)
class Acte:
    """One act of one person, or of one command: all that it changes bears its number."""

    porte: str = Porte.COMMANDE
    motif: str = ""
    numero: UUID = field(default_factory=uuid4)


_acte: ContextVar[Acte | None] = ContextVar("acte", default=None)


@contextmanager
def acte(porte: str, motif: str = ""):
    """What is written inside is one act; acts do not nest: the outer one counts."""
    if _acte.get() is not None:
        yield _acte.get()
        return
    token = _acte.set(Acte(porte, motif))
    try:
        yield _acte.get()
    finally:
        _acte.reset(token)


class Trace(models.Model):
    """The base of every history line."""

    acte = models.UUIDField("acte", db_index=True)
    porte = models.CharField("porte", max_length=10, choices=Porte)

    class Meta:
        abstract = True


class Historique(HistoricalRecords):
    """`m2m_fields`: the links that are kept too. The search column is not: it says nothing of its own."""

    def __init__(self, **options):
        super().__init__(
            bases=[Trace],
            history_change_reason_field=models.TextField(null=True),
            excluded_fields=options.pop("excluded_fields", []),
            **options,
        )

    def get_change_reason_for_object(self, instance, history_type, using):
        own = super().get_change_reason_for_object(instance, history_type, using)
        courant = _acte.get()
        return own or (courant.motif if courant else "") or None


@receiver(pre_create_historical_record)
def signer(sender, history_instance, **kwargs):
    """The number of the act and its door, on each line."""
    courant = _acte.get() or Acte()
    history_instance.acte = courant.numero
    history_instance.porte = courant.porte
