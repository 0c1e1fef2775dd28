"""Where a structure stands, typed or clicked."""

from decimal import Decimal

from django.core.exceptions import ValidationError

from ctg.emprises import verifier_position
from ctg.forms_a_deux import ADeuxForm
from ctg.nombres import NombreField
from structures.models import Structure


class PositionForm(ADeuxForm):
    latitude = NombreField(
        label="latitude", max_digits=8, decimal_places=5, help_text="Par exemple 47,32167."
    )
    longitude = NombreField(
        label="longitude", max_digits=8, decimal_places=5, help_text="Par exemple 5,04147."
    )

    class Meta:
        model = Structure
        fields = ("latitude", "longitude", "source_coordonnees")
        help_texts = {
            "source_coordonnees": "Comment vous la connaissez : vue sur la carte, relevée sur place, plan…"
        }
        labels = {"source_coordonnees": "d’où vient cette position"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source_coordonnees"].required = True

    def clean_latitude(self) -> Decimal:
        return self._borner("latitude", 90)

    def clean_longitude(self) -> Decimal:
        return self._borner("longitude", 180)

    def clean(self):
        cleaned = super().clean()
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if latitude is not None and longitude is not None:
            try:
                verifier_position(latitude, longitude)
            except ValidationError as error:
                self.add_error("latitude", error)
        return cleaned

    def _borner(self, nom: str, borne: int) -> Decimal:
        value = self.cleaned_data[nom]
        if abs(value) > borne:
            raise ValidationError(f"Une {nom} est entre −{borne} et {borne} degrés.")
        return value

    def _post_clean(self):
        """The service writes, and checks the whole structure."""
