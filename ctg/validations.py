"""What holds of every text and every day, whatever the form or the door: added to the fields once, when all are known.

A field that had to remember it would forget it: tests/attaques/ found those that did. No migration holds it, for no
column changes.
"""

from django import forms
from django.apps import apps
from django.db import models

from ctg.dates import date_plausible
from ctg.signes import texte_lisible, une_ligne
from ctg.textes import texte_borne

APPS = ("ctg", "structures", "fiches", "gouvernance", "evaluation")


def installer() -> None:
    forms.CharField.default_validators = [texte_lisible]
    forms.DateField.default_validators = [date_plausible]
    for model in apps.get_models():
        if model._meta.app_label in APPS:
            for champ in model._meta.local_fields:
                if champ.name not in getattr(model, "dates_anciennes", ()):  # it has bounds of its own
                    _completer(champ)


def _completer(champ: models.Field) -> None:
    attendus = []
    if not champ.editable:  # what the application writes itself
        return
    if isinstance(champ, models.CharField) and not champ.choices:
        attendus = [texte_lisible, une_ligne]
    elif isinstance(champ, models.TextField):
        attendus = [texte_lisible, texte_borne]
    elif isinstance(champ, models.DateField) and not isinstance(champ, models.DateTimeField):
        attendus = [date_plausible]
    champ.validators.extend(regle for regle in attendus if regle not in champ.validators)
