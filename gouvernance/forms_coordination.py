"""Forms of a post of coordination and of what it costs."""

from django import forms

from ctg.models import Organisme
from ctg.nombres import NombreField
from gouvernance.forms import EditionForm
from gouvernance.models import FinancementPoste, PosteCooperation


class PosteForm(EditionForm):
    """What the signed text does not say of a post."""

    etp = NombreField(
        label="équivalents temps plein",
        max_digits=5,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text="Par exemple 1 ou 2,5. Vide : pas connu.",
    )

    class Meta:
        model = PosteCooperation
        fields = ("etp", "employeur")
        help_texts = {"employeur": "L’organisme qui emploie les personnes de ce poste."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["employeur"].queryset = Organisme.objects.order_by("nom", "pk")
        self.fields["employeur"].empty_label = "pas connu"


def _montant(label: str) -> NombreField:
    return NombreField(
        label=label,
        suffixes="€",
        max_digits=12,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text="Vide : pas connu, ce qui n’est pas zéro.",
    )


class FinancementForm(EditionForm):
    prevu = _montant("prévu (€)")
    realise = _montant("réalisé (€)")

    class Meta:
        model = FinancementPoste
        fields = ("annee", "financeur", "prevu", "realise")
        widgets = {"annee": forms.NumberInput(attrs={"min": 2000, "max": 2100})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["financeur"].queryset = Organisme.objects.order_by("nom", "pk")
        self.fields["financeur"].empty_label = "Choisissez un organisme"
