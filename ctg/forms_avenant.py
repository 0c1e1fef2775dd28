"""What every page that an avenant changes asks first: which avenant, or the new one that it makes known."""

from django import forms
from django.core.exceptions import ValidationError

from ctg.dates import date_plausible, saisie_de_jour
from ctg.models import Avenant, Convention


class AvenantForm(forms.Form):
    """An avenant, known or new. `signer` gives it, once the form is valid."""

    avenant = forms.ModelChoiceField(Avenant.objects.none(), required=False, empty_label="un nouvel avenant")
    numero = forms.IntegerField(
        label="numéro", required=False, min_value=1, max_value=99, help_text="D’un nouvel avenant."
    )
    date_effet = forms.DateField(
        label="date d’effet",
        required=False,
        widget=saisie_de_jour(),
        validators=[date_plausible],
        help_text="D’un nouvel avenant : le premier jour où ce qu’il change est en vigueur.",
    )
    objet = forms.CharField(required=False, max_length=300, help_text="D’un nouvel avenant.")

    def __init__(self, *args, convention: Convention, **kwargs):
        super().__init__(*args, **kwargs)
        self.convention = convention
        self.fields["avenant"].queryset = convention.avenants.order_by("numero")

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("avenant"):
            for name in ("numero", "date_effet"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(
                        name, "À remplir pour un nouvel avenant, ou choisissez-en un dans la liste."
                    )
        return cleaned

    def signer(self) -> Avenant:
        """The one that was chosen, else the new one, saved. Raises ValidationError."""
        cleaned = self.cleaned_data
        if cleaned["avenant"]:
            return cleaned["avenant"]
        avenant = Avenant(
            convention=self.convention,
            numero=cleaned["numero"],
            date_effet=cleaned["date_effet"],
            intitule=cleaned["objet"],
        )
        try:
            avenant.full_clean()
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        avenant.save()
        return avenant
