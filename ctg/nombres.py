"""French numbers: « 1 234,5 » with any kind of space; what could be read two ways is refused."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

# U+0020, no-break, figure, punctuation, thin and narrow no-break spaces.
ESPACES = "\u0020\u00a0\u2007\u2008\u2009\u202f"
_GROUPES = re.compile(rf"^[+-]?[0-9]{{1,3}}(?:[{ESPACES}][0-9]{{3}})+(?:,[0-9]+)?$")
_SIMPLE = re.compile(r"^[+-]?[0-9]+(?:[.,][0-9]+)?$")
_AMBIGU = re.compile(r"^[+-]?[0-9]{1,3}\.[0-9]{3}$")
_TIRETS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2011": "-"})

# What SQLite (a float: 15 significant digits) and PostgreSQL both read back exactly as it was written.
CHIFFRES, DECIMALES = 15, 4
LIMITE = Decimal(10) ** (CHIFFRES - DECIMALES)

EXEMPLE = "Écrivez par exemple 1 234,5."


def lire_nombre(text: str, *, suffixes: str = "") -> Decimal | None:
    """Decimal, or None for an empty text; ValidationError with a remedy for anything doubtful.

    `suffixes`: signs that may follow the number, such as "%€". « 1.234 » is refused: it is 1234 for some
    and 1,234 for others.
    """
    cleaned = text.translate(_TIRETS).strip(ESPACES + "\t\r\n")
    if suffixes and cleaned[-1:] in suffixes:
        cleaned = cleaned[:-1].rstrip(ESPACES)
    if not cleaned:
        return None
    if _AMBIGU.match(cleaned):
        raise ValidationError(
            f"« {text} » peut se lire de deux façons : écrivez {cleaned.replace('.', ',')} ou {cleaned.replace('.', '')}.",
            code="ambigu",
        )
    if not (_GROUPES.match(cleaned) or _SIMPLE.match(cleaned)):
        raise ValidationError(f"« {text[:40]} » n’est pas un nombre. {EXEMPLE}", code="invalide")
    plain = "".join(char for char in cleaned if char not in ESPACES).replace(",", ".")
    if len(plain.lstrip("+-").replace(".", "")) > 16:
        raise ValidationError(f"« {text[:40]} » a trop de chiffres.", code="trop_long")
    return Decimal(plain)


def ecrire_nombre(value: Decimal | None) -> str:
    """The shortest French text that `lire_nombre` reads back: no grouping, decimal comma."""
    if value is None:
        return ""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in {"-0", ""} else text).replace(".", ",")


class NombreField(forms.CharField):
    """A text input that reads and shows French numbers; the server never guesses."""

    def __init__(
        self, *, suffixes="", max_digits=CHIFFRES, decimal_places=DECIMALES, min_value=None, **kwargs
    ):
        self.suffixes, self.decimal_places, self.min_value = suffixes, decimal_places, min_value
        self.max_entiers = max_digits - decimal_places
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value):
        return ecrire_nombre(value) if isinstance(value, Decimal | int) else value

    def to_python(self, value):
        number = lire_nombre(value or "", suffixes=self.suffixes)
        if number is None:
            return None
        entiers, _, decimales = f"{abs(number):f}".partition(".")
        if len(entiers.lstrip("0")) > self.max_entiers:
            raise ValidationError(f"« {value} » est trop grand.", code="trop_grand")
        if len(decimales.rstrip("0")) > self.decimal_places:
            message = (
                f"« {value} » a plus de {self.decimal_places} décimales."
                if self.decimal_places
                else f"« {value} » n’est pas un nombre entier."
            )
            raise ValidationError(message, code="trop_precis")
        if self.min_value is not None and number < self.min_value:
            raise ValidationError(f"Au moins {ecrire_nombre(Decimal(self.min_value))}.", code="trop_petit")
        return number

    def run_validators(self, value):
        """The length is the text's, checked before reading; a number has no length."""

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != (None if initial in (None, "") else Decimal(initial))
        except (ValidationError, ArithmeticError):
            return True
