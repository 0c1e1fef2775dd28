"""What becomes of an indicator: replaced by another from a day on, copied."""

from django import forms

from evaluation.forms_indicateurs import DATE_ILLISIBLE, DATES_LUES, JOUR, IndicateurForm
from evaluation.models import Indicateur
from fiches.models import FicheProjet


class RemplacerForm(IndicateurForm):
    """The successor of an indicator, from a day on."""

    date_effet = forms.DateField(
        label="à partir du",
        widget=JOUR,
        input_formats=DATES_LUES,
        error_messages=DATE_ILLISIBLE,
        help_text="Premier jour du nouvel indicateur ; l’ancien est clos ce jour-là. Souvent le 1er janvier.",
    )
    motif = forms.CharField(
        label="motif du remplacement",
        max_length=300,
        help_text="Ce qui change et pourquoi ; il reste dans l’historique et explique la rupture de la courbe.",
    )

    def __init__(self, *args, ancien: Indicateur, **kwargs):
        self.ancien = ancien
        super().__init__(*args, **kwargs)

    def clean_date_effet(self):
        jour = self.cleaned_data["date_effet"]
        if self.ancien.date_effet and jour <= self.ancien.date_effet:
            raise forms.ValidationError(
                "Le nouvel indicateur commence après le début de celui qu’il remplace."
            )
        convention = self.fiche.convention
        if self.annees and not convention.date_debut <= jour <= convention.date_fin:
            raise forms.ValidationError("Choisissez un jour de la convention.")
        return jour

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"fiche"}


class CopierForm(forms.Form):
    fiche = forms.ModelChoiceField(
        FicheProjet.objects.none(),
        label="vers la fiche",
        empty_label=None,
        help_text="La même fiche, ou une autre de votre périmètre.",
    )
    code = forms.SlugField(label="code de la copie", max_length=30, help_text="Court et sans espace.")
    avec_cibles = forms.BooleanField(label="avec la valeur de départ et les cibles", required=False)

    def __init__(self, *args, fiches: list[FicheProjet], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fiche"].queryset = FicheProjet.objects.filter(pk__in=[f.pk for f in fiches]).order_by(
            "axe__ordre", "numero", "pk"
        )

    def clean(self):
        cleaned = super().clean()
        fiche, code = cleaned.get("fiche"), cleaned.get("code")
        if fiche and code and Indicateur.objects.filter(fiche=fiche, code=code, date_fin=None).exists():
            self.add_error("code", "Un indicateur de cette fiche a déjà ce code.")
        return cleaned
