"""The admin's forms of what the signed text gives: the same rule as everywhere, with the two fields that it asks for."""

from django import forms


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

    def clean(self):
        cleaned = super().clean()
        self.instance.completer(cleaned.get("source_contrat") or "")
        self.instance.rectifier(cleaned.get("rectification") or "")
        return cleaned
