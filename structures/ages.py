"""Ages as people say them, « 10 mois », « 3 ans », « 2 ans 6 mois », kept as months."""

import re

from django import forms
from django.core.exceptions import ValidationError

from ctg.templatetags.affichage import pluriel

_AGE = re.compile(r"(?:(\d{1,3})\s*ans?)?(?:\s*(?:et\s*)?(\d{1,4})\s*mois)?", re.IGNORECASE)
EXEMPLE = "Écrivez par exemple 10 mois, 3 ans ou 2 ans 6 mois."


def lire_age(texte: str) -> int | None:
    """Months; None for an empty text. A number alone is refused: months or years?"""
    propre = " ".join(texte.split())
    if not propre:
        return None
    lu = _AGE.fullmatch(propre)
    if propre.isdecimal():
        raise ValidationError(f"« {propre} » : dites si ce sont des mois ou des ans. {EXEMPLE}")
    if not lu:
        raise ValidationError(f"« {propre[:40]} » n’est pas un âge. {EXEMPLE}")
    ans, mois = (int(part or 0) for part in lu.groups())
    return 12 * ans + mois


def ecrire_age(mois: int | None) -> str:
    """What `lire_age` reads back: months under two years, then years."""
    if mois is None:
        return ""
    if mois < 24 and mois != 12:
        return f"{mois}\u00a0mois"
    ans, reste = divmod(mois, 12)
    dit = f"{ans}\u00a0an{pluriel(ans)}"
    return f"{dit} {reste}\u00a0mois" if reste else dit


def ecrire_ages(age_min: int | None, age_max: int | None) -> str:
    """« de 10 mois à 3 ans »; empty where neither is known."""
    if age_min is None and age_max is None:
        return ""
    if age_max is None:
        return f"à partir de {ecrire_age(age_min)}"
    return (
        f"de {ecrire_age(age_min)} à {ecrire_age(age_max)}" if age_min else f"jusqu’à {ecrire_age(age_max)}"
    )


class AgeField(forms.CharField):
    """A text input that reads and shows an age; what it gives is months."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", EXEMPLE)
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value):
        return ecrire_age(value) if isinstance(value, int) else value

    def to_python(self, value):
        return lire_age(value or "")

    def run_validators(self, value):
        """The length is the text's; a number of months has none."""

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True
