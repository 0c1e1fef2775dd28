"""The admin's forms of what the signed text gives: the same rule as everywhere, with the two fields that it asks for."""

from django import forms
from django.core.exceptions import ValidationError

from ctg.forms_a_deux import ADeuxForm

# What gives a signed row its place and its time: moved with a reason, like the text itself.
PLACE = frozenset(
    {
        "code",
        "numero",
        "source",
        "date_effet",
        "date_fin",
        "succede_a",
        "structure",
        "type_structure",
        "annee",
    }
)
MOTIF = (
    "Cette ligne vient du texte signé : écrivez le motif de la rectification matérielle, "
    "ou le numéro de l’avenant qui la clôt ou la déplace."
)


class SansSuppressionMixin:
    """Signed rows are closed at a date, never deleted; what was added here by mistake may be."""

    def has_delete_permission(self, request, obj=None):
        if obj is None:  # the action on several rows at once
            return False
        signe = bool(getattr(obj, "source", "")) and not getattr(obj, "is_demonstration", False)
        return not signe and super().has_delete_permission(request, obj)


class ContractuelForm(ADeuxForm):
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
        motif = cleaned.get("rectification") or ""
        self.instance.completer(cleaned.get("source_contrat") or "")
        self.instance.rectifier(motif)
        deplaces = PLACE.intersection(self.changed_data)
        if self.instance.pk and deplaces:
            if not motif:
                raise ValidationError(dict.fromkeys(deplaces, MOTIF))
            self.instance._change_reason = f"Rectification matérielle : {motif}"
        return cleaned
