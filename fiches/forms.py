"""Edition of a fiche: its rubrics, its steps, its means and its actors, saved together or not at all."""

from decimal import Decimal

from django import forms
from django.forms import inlineformset_factory
from django.utils import timezone

from ctg.dates import saisie_de_jour
from ctg.forms_avenant import AvenantForm
from ctg.formsets import PartieFormSet
from ctg.jetons import signer_jeton
from ctg.models import Organisme, Quartier, Service, Signataire
from ctg.nombres import NombreField
from ctg.textes import COMPTEUR, RICHE, TexteField
from fiches.models import Axe, Etape, FicheProjet, Implication, Moyen
from fiches.models.fiche import PILOTE
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


# What the signed text gives, and what it asks for when it is touched.
CONTRACTUELS = ("intitule", "pilote", "service_pilote", "source_contrat", "rectification")


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
    source_contrat = forms.CharField(
        label="source de ce que vous complétez",
        required=False,
        max_length=200,
        help_text="Par exemple : fiche signée PE-1, p. 2. Demandée quand vous complétez une partie vide du texte signé.",
    )
    rectification = forms.CharField(
        label="motif de rectification matérielle",
        required=False,
        max_length=300,
        help_text="Demandé pour corriger une erreur de copie dans le texte signé. Si le texte a changé : un avenant.",
    )
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
            **{name: forms.Textarea(attrs={"rows": 5, **COMPTEUR, **RICHE}) for name in RUBRIQUES},
        }
        field_classes = dict.fromkeys(RUBRIQUES, TexteField)
        help_texts = {
            "constat": "Ce que le diagnostic montre, et qui justifie la fiche.",
            "objectif_general": "Ce que la fiche veut changer, en une ou deux phrases.",
            "description": "Ce qui sera fait, comment, avec qui.",
            "publics": "À qui la fiche s’adresse.",
            "territoire": "Toute la ville, des quartiers, les quartiers prioritaires…",
            "resultats_attendus": "Ce qui devra se voir à la fin de la convention.",
            "source_complements": "D’où viennent les rubriques que le texte signé ne donne pas.",
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
        if not lit_notes:
            del self.fields["notes_internes"]

    def clean(self):
        cleaned = super().clean()
        self.instance.completer(cleaned.get("source_contrat") or "")
        self.instance.rectifier(cleaned.get("rectification") or "")
        return cleaned

    def contractuels(self):
        return [self[name] for name in CONTRACTUELS]

    def autres(self):
        return [field for field in self if field.name not in CONTRACTUELS]


PREVU = "prevu-"
ORDRE_DES_MOYENS = ("annee", "signataire__ordre", "nature", "pk")


class AvenantFicheForm(AvenantForm):
    """What an avenant changes of the signed text of a fiche."""

    intitule = forms.CharField(label="intitulé de la fiche", required=False, max_length=300)
    pilote = forms.ModelChoiceField(Organisme.objects.none(), required=False, empty_label="à compléter")
    service_pilote = forms.ModelChoiceField(Service.objects.none(), required=False, empty_label="à compléter")
    axes = forms.ModelMultipleChoiceField(
        Axe.objects.none(), label="axes portés", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, fiche: FicheProjet, **kwargs):
        super().__init__(*args, convention=fiche.convention, **kwargs)
        self.fields["pilote"].queryset = Organisme.objects.order_by("nom")
        self.fields["service_pilote"].queryset = Service.objects.order_by("nom")
        self.fields["axes"].queryset = Axe.objects.filter(
            convention=fiche.convention_id, date_fin=None, rang__gt=1
        ).order_by("ordre", "pk")
        for name in ("intitule", "pilote", "service_pilote"):
            self.fields[name].initial = getattr(fiche, name)
        self.fields["axes"].initial = [axe.pk for axe in fiche.axes.all()]
        for moyen in fiche.moyens.select_related("signataire__organisme").order_by(*ORDRE_DES_MOYENS):
            self.fields[f"{PREVU}{moyen.pk}"] = NombreField(
                label=f"prévu {moyen.annee}, {moyen.signataire}, {moyen.get_nature_display()}",
                required=False,
                max_digits=12,
                decimal_places=2,
                min_value=0,
                suffixes="€",
                initial=moyen.prevu,
                show_hidden_initial=True,  # what was not touched is not written, whatever it became meanwhile
            )

    def prevus(self) -> dict[int, Decimal | None]:
        """{means: what the avenant plans}, of those that it changes."""
        return {
            int(nom.removeprefix(PREVU)): self.cleaned_data[nom]
            for nom in self.changed_data
            if nom.startswith(PREVU)
        }

    def champs(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("intitule", "pilote", "service_pilote", "axes")}


class EtapeForm(forms.ModelForm):
    class Meta:
        model = Etape
        fields = ("intitule", "echeance", "is_faite")
        widgets = {"echeance": saisie_de_jour()}


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

    def __init__(self, *args, convention, source: str = "", motif: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.completer(source)
        self.instance.rectifier(motif)
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


class EtapesFormSet(PartieFormSet):
    titre = "étapes"


class MoyensFormSet(PartieFormSet):
    titre = "moyens"
    CLE = ("signataire", "annee", "nature")


class ImplicationsFormSet(PartieFormSet):
    titre = "acteurs"
    CLE = ("organisme", "structure", "role")

    def clean(self):
        super().clean()
        if any(form.instance.is_du_pilote for form in self.deleted_forms):
            raise forms.ValidationError(PILOTE)


def _formset(model, form, formset):
    return inlineformset_factory(
        FicheProjet, model, form=form, formset=formset, extra=2, max_num=200, validate_max=True
    )


EtapeFormSet = _formset(Etape, EtapeForm, EtapesFormSet)
MoyenFormSet = _formset(Moyen, MoyenForm, MoyensFormSet)
ImplicationFormSet = _formset(Implication, ImplicationForm, ImplicationsFormSet)


def parties(fiche: FicheProjet, data=None) -> dict[str, forms.BaseInlineFormSet]:
    """The formsets of a fiche, by the name of their part of the page."""
    convention = fiche.convention
    scope = {"form_kwargs": {"convention": convention}}
    contrat = (
        {"source": data.get("source_contrat", ""), "motif": data.get("rectification", "")} if data else {}
    )
    return {
        "etapes": EtapeFormSet(
            data, instance=fiche, prefix="etapes", queryset=fiche.etapes.order_by("ordre", "pk")
        ),
        "moyens": MoyenFormSet(
            data,
            instance=fiche,
            prefix="moyens",
            queryset=fiche.moyens.order_by("annee", "signataire", "nature", "pk"),
            form_kwargs={"convention": convention, **contrat},
        ),
        "implications": ImplicationFormSet(
            data, instance=fiche, prefix="implications", queryset=fiche.implications.order_by("pk"), **scope
        ),
    }
