"""A date of a convention is of our time: year 0001 is a slip of the keyboard."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

PREMIERE, DERNIERE = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)
PHRASE = "Cette date n’est pas plausible : écrivez une année entre 2000 et 2100."


def date_plausible(jour: datetime.date) -> None:
    if not PREMIERE <= jour <= DERNIERE:
        raise ValidationError(PHRASE, code="date_implausible")


def date_plausible_constraint(champ: str, *, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(**{champ: None}) | Q(**{f"{champ}__range": (PREMIERE, DERNIERE)}),
        violation_error_message=PHRASE,
    )


def saisie_de_jour() -> forms.DateInput:
    """The calendar of the browser, within the same bounds."""
    bornes = {"min": PREMIERE.isoformat(), "max": DERNIERE.isoformat()}
    return forms.DateInput(attrs={"type": "date", **bornes}, format="%Y-%m-%d")


def derniere_annee_finie(jour: datetime.date) -> int:
    """On 31 December, that year is over."""
    return jour.year if (jour.month, jour.day) == (12, 31) else jour.year - 1
