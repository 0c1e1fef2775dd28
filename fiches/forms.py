"""Edition of a fiche: its rubrics, its steps, its means and its actors, saved together or not at all."""

from django import forms
from django.forms import inlineformset_factory
from django.utils import timezone

from ctg.jetons import signer_jeton
from ctg.models import Organisme, Quartier, Service, Signataire
from ctg.nombres import NombreField
from fiches.models import Etape, FicheProjet, Implication, Moyen
from structures.models import Structure

RUBRIQUES = (
    "constat",
    "objectif_general",
    "description",
    "publics",
    "territoire",
    "participation_detail",
    "resultats_attendus",
    "notes_internes",
)


class QuartiersField(forms.ModelMultipleChoiceField):
    """Boxes to tick; a forged key that no database could hold is an unknown choice like any other."""

    widget = forms.CheckboxSelectMultiple

    def _check_values(self, value):
        if any(len(str(key)) > 18 for key in value):
            raise forms.ValidationError(self.error_messages["invalid_choice"] % {"value": "…"})
        return super()._check_values(value)


class FicheForm(forms.ModelForm):
    """The signed title is not retyped here; an empty one is filled with its source.

    `version` is the token of what the form was opened on: see `fiches.fusion`.
    """

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    quartiers = QuartiersField(Quartier.objects.none(), required=False)

    class Meta:
        model = FicheProjet
        fields = (
            "intitule",
            "pilote",
            "service_pilote",
            "statut",
            "priorite",
            "constat",
            "objectif_general",
            "description",
            "publics",
            "territoire",
            "quartiers",
            "participation",
            "participation_detail",
            "resultats_attendus",
            "notes_internes",
            "source_complements",
        )
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 5}) for name in RUBRIQUES},
        }
        help_texts = {
            "constat": "Ce que le diagnostic montre, et qui justifie la fiche.",
            "objectif_general": "Ce que la fiche veut changer, en une ou deux phrases.",
            "description": "Ce qui sera fait, comment, avec qui. Une ligne qui commence par « - » devient une puce.",
            "publics": "À qui la fiche s’adresse.",
            "territoire": "Toute la ville, des quartiers, les quartiers prioritaires…",
            "resultats_attendus": "Ce qui devra se voir à la fin de la convention.",
            "source_complements": "Par exemple : fiche signée PE-1, p. 2. Obligatoire pour compléter l’intitulé.",
        }

    def __init__(self, *args, lit_notes: bool, **kwargs):
        super().__init__(*args, **kwargs)
        convention = self.instance.convention
        self.initial["version"] = signer_jeton(self.instance, now=timezone.now())
        self.fields["pilote"].queryset = Organisme.objects.order_by("nom")
        self.fields["service_pilote"].queryset = Service.objects.order_by("nom")
        self.fields["quartiers"].queryset = Quartier.objects.de_reference(convention.territoire)
        for name in ("pilote", "service_pilote"):
            self.fields[name].empty_label = "à compléter"
        if self.instance.intitule:
            self.fields["intitule"].disabled = True
            self.fields["intitule"].help_text = "Texte signé : il ne se modifie pas ici."
        if not lit_notes:
            del self.fields["notes_internes"]

    def clean(self):
        cleaned = super().clean()
        if (
            "intitule" in self.changed_data
            and cleaned.get("intitule")
            and not cleaned.get("source_complements")
        ):
            self.add_error(
                "source_complements", "Dites d’où vient l’intitulé : il fait partie du texte signé."
            )
        return cleaned


class EtapeForm(forms.ModelForm):
    class Meta:
        model = Etape
        fields = ("intitule", "echeance", "is_faite")
        widgets = {"echeance": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class MoyenForm(forms.ModelForm):
    prevu = NombreField(
        label="prévu", required=False, max_digits=12, decimal_places=2, min_value=0, suffixes="€"
    )
    accorde = NombreField(
        label="accordé", required=False, max_digits=12, decimal_places=2, min_value=0, suffixes="€"
    )
    realise = NombreField(
        label="réalisé", required=False, max_digits=12, decimal_places=2, min_value=0, suffixes="€"
    )

    class Meta:
        model = Moyen
        fields = ("signataire", "annee", "nature", "prevu", "accorde", "realise")

    def __init__(self, *args, convention, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signataire"].queryset = (
            Signataire.objects.filter(convention=convention)
            .select_related("organisme")
            .order_by("ordre", "pk")
        )
        if annees := convention.annees:
            choices = [("", "année"), *((annee, annee) for annee in annees)]
            self.fields["annee"] = forms.TypedChoiceField(label="année", choices=choices, coerce=int)


class ImplicationForm(forms.ModelForm):
    class Meta:
        model = Implication
        fields = ("organisme", "structure", "role")

    def __init__(self, *args, convention, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisme"].queryset = Organisme.objects.order_by("nom")
        self.fields["structure"].queryset = Structure.objects.of_convention(convention).order_by("nom")


def _formset(model, form, *, extra):
    return inlineformset_factory(
        FicheProjet, model, form=form, extra=extra, can_delete=True, max_num=200, validate_max=True
    )


EtapeFormSet = _formset(Etape, EtapeForm, extra=2)
MoyenFormSet = _formset(Moyen, MoyenForm, extra=2)
ImplicationFormSet = _formset(Implication, ImplicationForm, extra=2)


def parties(fiche: FicheProjet, data=None) -> dict[str, forms.BaseInlineFormSet]:
    """The formsets of a fiche, by the name of their part of the page."""
    convention = fiche.convention
    scope = {"form_kwargs": {"convention": convention}}
    return {
        "etapes": EtapeFormSet(
            data, instance=fiche, prefix="etapes", queryset=fiche.etapes.order_by("ordre", "pk")
        ),
        "moyens": MoyenFormSet(
            data,
            instance=fiche,
            prefix="moyens",
            queryset=fiche.moyens.order_by("annee", "signataire", "nature", "pk"),
            **scope,
        ),
        "implications": ImplicationFormSet(
            data, instance=fiche, prefix="implications", queryset=fiche.implications.order_by("pk"), **scope
        ),
    }
