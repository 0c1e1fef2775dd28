"""Which figure of the registry an indicator is shown beside."""

from django import forms

from ctg.models import Quartier
from evaluation.models import LienRegistre
from structures.models import TypeStructure


class LienRegistreForm(forms.ModelForm):
    class Meta:
        model = LienRegistre
        fields = ("grandeur", "type_structure", "quartier")
        help_texts = {
            "grandeur": "Un chiffre de l’activité annuelle des structures inscrites dans l’année.",
        }

    def __init__(self, *args, instance: LienRegistre, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        convention = instance.indicateur.fiche.convention
        types = TypeStructure.objects.filter(structures__inscriptions__convention=convention)
        self.fields["type_structure"].queryset = types.distinct().order_by("ordre", "pk")
        self.fields["type_structure"].empty_label = "tous les types"
        quartiers = Quartier.objects.filter(
            decoupage__territoire=convention.territoire, decoupage__is_reference=True
        )
        self.fields["quartier"].queryset = quartiers.order_by("ordre", "pk")
        self.fields["quartier"].empty_label = "tous les quartiers, et les structures sans quartier"
