"""Forms of the registry: a structure with its agréments and contacts, the figures of a year."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory
from django.utils import timezone

from ctg.dates import saisie_de_jour
from ctg.forms_a_deux import ADeuxForm
from ctg.formsets import PartieFormSet
from ctg.jetons import signer_jeton
from ctg.models import Organisme, Quartier
from ctg.nombres import NombreField
from structures.ages import AgeField
from structures.models import Activite, Agrement, Contact, Structure, TypeStructure
from structures.models.activite import CHIFFRES

JOUR = saisie_de_jour()
# What the signed text gives, and what it asks for when it is touched.
SIGNES = ("nom", "type_structure", "adresse", "code_postal", "commune", "gestionnaire")
DEMANDES = ("source_contrat", "rectification")
TYPE_SIGNE = "C’est le texte signé : pour corriger une erreur de copie, écrivez le motif de la rectification matérielle."


class StructureForm(forms.ModelForm):
    """`version` is the token of what the form was opened on: see `structures.fusion`."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    source_contrat = forms.CharField(
        label="source de ce que vous complétez",
        required=False,
        max_length=200,
        help_text="Par exemple : annexe 2, p. 3. Demandée quand vous complétez une partie vide du texte signé.",
    )
    rectification = forms.CharField(
        label="motif de rectification matérielle",
        required=False,
        max_length=300,
        help_text="Demandé pour corriger une erreur de copie dans le texte signé. Si le texte a changé : un avenant.",
    )
    capacite = NombreField(
        label="capacité (places)", required=False, max_digits=4, decimal_places=0, min_value=1
    )
    age_min = AgeField(label="âge minimal", required=False)
    age_max = AgeField(label="âge maximal", required=False)
    siret = forms.CharField(
        label="SIRET", required=False, max_length=20, help_text="Quatorze chiffres, avec ou sans espaces."
    )

    class Meta:
        model = Structure
        fields = (
            "nom",
            "type_structure",
            "adresse",
            "code_postal",
            "commune",
            "gestionnaire",
            "sous_type",
            "capacite",
            "quartier",
            "age_min",
            "age_max",
            "qpv",
            "nom_qpv",
            "siret",
            "source_complements",
            "autres_graphies",
        )
        widgets = {"autres_graphies": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "qpv": "Quartier prioritaire de la politique de la ville.",
            "source_complements": "D’où viennent le quartier, la capacité, les âges : ce que le texte ne donne pas.",
        }

    field_order = (*SIGNES, *DEMANDES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        structure = self.instance
        if structure.pk:
            self.initial["version"] = signer_jeton(structure, now=timezone.now())
        else:
            for name in DEMANDES:
                del self.fields[name]
        self.fields["type_structure"].queryset = TypeStructure.objects.order_by("ordre")
        self.fields["type_structure"].empty_label = "Choisissez un type"
        self.fields["gestionnaire"].queryset = Organisme.objects.order_by("nom")
        self.fields["quartier"].queryset = Quartier.objects.de_reference(structure.territoire)
        for name in ("gestionnaire", "quartier"):
            self.fields[name].empty_label = "à compléter"
        for name in ("sous_type", "qpv"):
            self.fields[name].choices = [("", "à compléter"), *self.fields[name].choices[1:]]

    def clean_siret(self):
        return re.sub(r"\s", "", self.cleaned_data["siret"])

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            motif = cleaned.get("rectification") or ""
            self.instance.completer(cleaned.get("source_contrat") or "")
            self.instance.rectifier(motif)
            if "type_structure" in self.changed_data and not motif:
                self.add_error("type_structure", TYPE_SIGNE)
        return cleaned

    def signes(self):
        return [self[name] for name in (*SIGNES, *DEMANDES) if name in self.fields]

    def autres(self):
        return [field for field in self if field.name not in {*SIGNES, *DEMANDES}]


class AgrementForm(forms.ModelForm):
    class Meta:
        model = Agrement
        fields = ("nature", "date_debut", "date_echeance")
        widgets = {"date_debut": JOUR, "date_echeance": JOUR}
        help_texts = {"date_echeance": ""}

    def clean_nature(self):
        nature = self.cleaned_data["nature"]
        if self.instance.source and "nature" in self.changed_data:
            raise ValidationError(
                f"Cet agrément est dans le texte signé ({self.instance.source}) : datez sa fin, et ajoutez l’autre."
            )
        return nature


class ContactForm(forms.ModelForm):
    class Meta:
        model = Contact
        fields = ("fonction", "nom", "telephone", "courriel", "date_effet", "date_fin")
        widgets = {"date_effet": JOUR, "date_fin": JOUR}
        labels = {
            "nom": "personne",
            "courriel": "courriel",
            "date_effet": "depuis le",
            "date_fin": "plus depuis le",
        }
        help_texts = {"date_effet": "", "date_fin": ""}


class AgrementsFormSet(PartieFormSet):
    titre = "agréments"
    CLE = ("nature",)

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.source and not form.instance.is_demonstration:
                raise ValidationError(
                    f"L’agrément « {form.instance} » est dans le texte signé ({form.instance.source}) : il ne se "
                    "supprime pas, datez sa fin."
                )


class ContactsFormSet(PartieFormSet):
    titre = "contacts"
    CLE = ("fonction", "nom", "date_fin")


AgrementFormSet = inlineformset_factory(
    Structure, Agrement, form=AgrementForm, formset=AgrementsFormSet, extra=1, max_num=10, validate_max=True
)
ContactFormSet = inlineformset_factory(
    Structure, Contact, form=ContactForm, formset=ContactsFormSet, extra=1, max_num=50, validate_max=True
)


def parties(structure: Structure, data=None) -> dict[str, forms.BaseInlineFormSet]:
    """The formsets of a structure, by the name of their part of the page."""
    agrements, contacts = (
        Agrement.objects.order_by("nature", "pk"),
        Contact.objects.order_by("date_fin", "pk"),
    )
    return {
        "agrements": AgrementFormSet(data, instance=structure, prefix="agrements", queryset=agrements),
        "contacts": ContactFormSet(data, instance=structure, prefix="contacts", queryset=contacts),
    }


class ActiviteForm(ADeuxForm):
    """The figures of one year; what is not known stays empty."""

    places = NombreField(required=False, max_digits=4, decimal_places=0, min_value=0)
    heures = NombreField(
        label="heures réalisées", required=False, max_digits=10, decimal_places=2, min_value=0
    )
    enfants = NombreField(
        label="enfants accueillis", required=False, max_digits=6, decimal_places=0, min_value=0
    )
    taux_occupation = NombreField(
        label="taux d’occupation (%)",
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=0,
        suffixes="%",
    )

    class Meta:
        model = Activite
        fields = ("places", "heures", "enfants", "taux_occupation", "source")
        help_texts = {
            "source": "D’où viennent ces chiffres, par exemple « déclaration de données à la Caf »."
        }

    def _post_clean(self):
        """A year that is emptied whole goes: its service says so, or refuses."""
        if any(self.cleaned_data.get(nom) is not None for nom in CHIFFRES):
            super()._post_clean()
            return
        for nom in CHIFFRES:
            setattr(self.instance, nom, None)
