"""The admin's forms of what the signed text gives: the same rule as everywhere, with the two fields that it asks for."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ctg.jetons import lire_jeton, signer_jeton


class ContractuelForm(forms.ModelForm):
    source_contrat = forms.CharField(
        label="source de ce qui est complété",
        required=False,
        max_length=200,
        help_text="Si un champ signé était vide.",
    )
    rectification = forms.CharField(
        label="motif de rectification matérielle",
        required=False,
        max_length=300,
        help_text="Si un champ signé est corrigé. Un changement du texte passe par un avenant.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "jeton" in self.fields:
            self.initial["jeton"] = (
                signer_jeton(self.instance, now=timezone.now()) if self.instance.pk else ""
            )

    def clean(self):
        cleaned = super().clean()
        self.instance.completer(cleaned.get("source_contrat") or "")
        self.instance.rectifier(cleaned.get("rectification") or "")
        return cleaned


class VersionneForm(ContractuelForm):
    """… of an object that other people edit on its own page: a form opened before it moved is refused."""

    jeton = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            jeton = lire_jeton(cleaned.get("jeton") or "", self.instance)
            if jeton is None or jeton.version != self.instance.version:
                raise ValidationError(
                    "Cette fiche a changé depuis que vous avez ouvert cette page : copiez ce que vous avez écrit, "
                    "rouvrez la page, et recommencez."
                )
        return cleaned
