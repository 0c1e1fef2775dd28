"""How long a text may be: far above what a page of a report holds, and never without a limit."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

TEXTE_MAX = 20_000
TROP_LONG = (
    "Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, "
    "ou gardez le détail dans un document."
)
# Not `max_length`: a browser would cut what is pasted, without a word.
texte_borne = MaxLengthValidator(TEXTE_MAX, TROP_LONG)
COMPTEUR = {"data-max": TEXTE_MAX}  # attribute of a text area: the page counts near the limit
RICHE = {"data-riche": ""}  # attribute of a text area that the editor of `ctg/editeur/` opens


def textes_bornes(*champs: str, name: str) -> models.CheckConstraint:
    condition = models.Q()
    for champ in champs:
        condition &= models.Q(LessThanOrEqual(Length(champ), TEXTE_MAX))
    return models.CheckConstraint(
        name=name,
        condition=condition,
        violation_error_message=f"Un texte a au plus {TEXTE_MAX} caractères : raccourcissez-le.",
    )


class TexteField(forms.CharField):
    """A text of several lines: browsers send CRLF for the line feeds that we keep."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")

    def has_changed(self, initial, data):
        return self.to_python(initial or "") != self.to_python(data)
