"""What every table of figures shares: plausible years, numbers that any database reads back as written."""

from django.db import models
from django.db.models import Q

from ctg.nombres import CHIFFRES, DECIMALES, LIMITE

ANNEE_PLAUSIBLE = Q(annee__range=(2000, 2100))


def nombre_field(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=CHIFFRES, decimal_places=DECIMALES, null=True, blank=True)


def bornes(nom: str, *champs: str) -> models.CheckConstraint:
    """Every database reads back exactly what was written: SQLite knows no other limit."""
    condition = Q()
    for champ in champs:
        condition &= Q(**{champ: None}) | Q(**{f"{champ}__gt": -LIMITE, f"{champ}__lt": LIMITE})
    return models.CheckConstraint(
        name=nom,
        condition=condition,
        violation_error_message="Un nombre a au plus 11\u00a0chiffres avant la virgule et 4 après.",
    )
