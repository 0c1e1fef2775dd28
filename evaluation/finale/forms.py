"""The form of a conclusion: it knows what it was opened on."""

from django import forms

from ctg.textes import COMPTEUR, RICHE, TexteField
from evaluation.models import ConclusionFinale
from gouvernance.forms import EditionForm


class ConclusionForm(EditionForm):
    class Meta:
        model = ConclusionFinale
        fields = ("texte", "is_ouverte")
        widgets = {"texte": forms.Textarea(attrs={"rows": 16, **COMPTEUR, **RICHE})}
        field_classes = {"texte": TexteField}
        help_texts = {
            "texte": "Ce que ces années ont changé, ce qui reste à faire, ce que la convention suivante devrait garder. "
            "Vide : rien ne s’imprime.",
        }
