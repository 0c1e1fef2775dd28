"""Forms of who holds a seat."""

from django import forms
from django.db.models import Q

from ctg.dates import date_plausible, saisie_de_jour
from ctg.models import Convention, Personne
from gouvernance.forms import EditionForm
from gouvernance.models import MandatMembre

ABSENTE = "Elle n’est pas dans la liste ? Ajoutez-la d’abord dans « Personnes »."


def personnes_de(convention: Convention, *, et: int | None = None):
    personnes = Personne.objects.filter(Q(is_anonyme=False) | Q(pk=et), convention=convention)
    return personnes.order_by("nom", "prenom", "pk")


class MandatForm(EditionForm):
    class Meta:
        model = MandatMembre
        fields = ("personne", "qualite", "date_debut", "date_fin")
        widgets = {"date_debut": saisie_de_jour(), "date_fin": saisie_de_jour()}
        help_texts = {"personne": ABSENTE}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        convention = self.instance.membre.instance_gouvernance.convention
        self.fields["personne"].queryset = personnes_de(convention, et=self.instance.personne_id)
        self.fields["personne"].empty_label = "Choisissez une personne"


class RemplacementForm(forms.Form):
    """Who comes, and from which day."""

    personne = forms.ModelChoiceField(
        Personne.objects.none(),
        label="personne qui prend le siège",
        empty_label="Choisissez une personne",
        help_text=ABSENTE,
    )
    date = forms.DateField(
        label="à partir du",
        widget=saisie_de_jour(),
        validators=[date_plausible],
        help_text="Le premier jour de son mandat ; la veille est le dernier jour de l’autre.",
    )

    def __init__(self, *args, mandat: MandatMembre, **kwargs):
        super().__init__(*args, **kwargs)
        convention = mandat.membre.instance_gouvernance.convention
        self.fields["personne"].queryset = personnes_de(convention).exclude(pk=mandat.personne_id)
