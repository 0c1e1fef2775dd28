"""Forms of the calendar."""

from django import forms

from ctg.dates import saisie_de_jour
from ctg.models import Quartier
from ctg.perimetres import droits
from ctg.permissions import check
from ctg.textes import COMPTEUR, TexteField
from gouvernance.forms import EditionForm
from gouvernance.models import DateAnnuelle, InstanceGouvernance, Jalon


class JalonForm(EditionForm):
    """Who holds a quartier writes the dates of that one; the chargé de coopération those of all."""

    class Meta:
        model = Jalon
        fields = (
            "titre",
            "nature",
            "quartier",
            "date_debut",
            "date_fin",
            "lieu",
            "instance_gouvernance",
            "note",
        )
        widgets = {
            "date_debut": saisie_de_jour(),
            "date_fin": saisie_de_jour(),
            "note": forms.Textarea(attrs={"rows": 3, **COMPTEUR}),
        }
        field_classes = {"note": TexteField}
        help_texts = {
            "quartier": "",  # its empty choice says it
            "note": "Lue par tous ceux qui ont un mandat dans la convention.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        convention = self.instance.convention
        quartiers = Quartier.objects.de_reference(convention.territoire)
        if not check(user, "gouvernance.tenir", convention):
            quartiers = quartiers.filter(pk__in=droits(user, convention.pk).dans("quartiers"))
            self.fields["quartier"].required = True
            self.fields["quartier"].empty_label = "Choisissez un quartier"
        else:
            self.fields["quartier"].empty_label = "tout le territoire"
        self.fields["quartier"].queryset = quartiers
        self.fields["instance_gouvernance"].queryset = InstanceGouvernance.objects.filter(
            convention=convention
        ).order_by("ordre", "pk")
        self.fields["instance_gouvernance"].empty_label = "aucune"


class DateAnnuelleForm(EditionForm):
    class Meta:
        model = DateAnnuelle
        fields = ("titre", "jour", "mois", "note")
        widgets = {
            "jour": forms.NumberInput(attrs={"min": 1, "max": 31}),
            "note": forms.Textarea(attrs={"rows": 3, **COMPTEUR}),
        }
        field_classes = {"note": TexteField}
        help_texts = {"titre": "Par exemple : « Déclaration annuelle à la Caf »."}
