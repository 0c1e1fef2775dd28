"""Secteurs of the other découpages, and the file of outlines."""

from django import forms

from ctg.contours import TAILLE_MAX, TROP_GROS
from ctg.forms_a_deux import ADeuxForm
from ctg.models import Quartier


class SecteurForm(ADeuxForm):
    compose_de = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="quartiers qui le composent, en entier",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Un quartier coupé en deux par ce découpage ne se coche dans aucun secteur.",
    )

    class Meta:
        model = Quartier
        fields = ("nom", "source")
        labels = {"source": "d’où vient ce secteur"}
        help_texts = {"source": "Par exemple : carte des secteurs de la direction, janvier 2025."}

    def __init__(self, *args, instance: Quartier, **kwargs):
        """What it is made of is read before the token says what the page showed."""
        initial = {}
        if instance.pk:
            initial["compose_de"] = list(instance.emboitements.values_list("quartier", flat=True))
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        self.fields["source"].required = True
        self.fields["compose_de"].queryset = Quartier.objects.de_reference(instance.decoupage.territoire)

    def _compares(self):
        """What it is made of too: two people who tick differently are told."""
        yield from super()._compares()
        yield self["compose_de"]


class ContoursForm(forms.Form):
    fichier = forms.FileField(
        label="fichier GeoJSON",
        help_text="En WGS 84 (longitudes et latitudes), 2\u202fMo au plus. Chaque zone porte le nom d’un quartier.",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
    )
    source = forms.CharField(
        label="d’où viennent ces contours",
        max_length=200,
        help_text="Qui les publie, et quand : « Quartiers, données ouvertes de la métropole, mars 2025 ».",
    )
    laisser = forms.BooleanField(
        label="laisser de côté les zones qui ne sont pas des quartiers de la convention",
        required=False,
        help_text="Sans cette case, un nom inconnu fait refuser le fichier : c’est souvent une faute de frappe.",
    )

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise forms.ValidationError(TROP_GROS)
        return fichier
