"""What changes a line of the annexes: an avenant, or a fact on its day."""

import datetime

from django import forms

from ctg.dates import date_plausible, saisie_de_jour
from ctg.forms_avenant import AvenantForm
from ctg.models import Avenant, Convention
from structures.inscriptions import Fait
from structures.models import Inscription, Structure

PAR_AVENANT, A_UNE_DATE = "avenant", "date"
DE_L_AVENANT = ("avenant", "numero", "date_effet", "objet")
DU_FAIT = ("jour", "motif", "source")
LIGNE = ("annexe", "rubrique", "designation", "nom", "adresse", "gestionnaire")


class ActeForm(AvenantForm):
    """`agir` gives what changes the line, once the form is valid."""

    par = forms.ChoiceField(
        label="ce qui la change",
        choices=((PAR_AVENANT, "un avenant"), (A_UNE_DATE, "un fait, à sa date, sans avenant")),
        initial=PAR_AVENANT,
        widget=forms.RadioSelect,
        required=False,
    )
    jour = forms.DateField(
        label="à partir du",
        required=False,
        widget=saisie_de_jour(),
        validators=[date_plausible],
        help_text="Le premier jour où ce n’est plus comme avant : ce qui ferme le 31 août au soir change le 1er septembre.",
    )
    motif = forms.CharField(
        required=False, max_length=300, help_text="Par exemple : fermeture de la structure, déménagement."
    )
    source = forms.CharField(
        label="ce qui le dit",
        required=False,
        max_length=200,
        help_text="Par exemple : courrier du gestionnaire du 12 mars 2027.",
    )

    def clean(self):
        if self.cleaned_data.get("par") != A_UNE_DATE:
            return super().clean()
        for nom in DU_FAIT:
            if not self.cleaned_data.get(nom) and nom not in self.errors:
                self.add_error(nom, "À remplir pour ce qui change sans avenant.")
        return self.cleaned_data

    def agir(self) -> Avenant | Fait:
        """Raises ValidationError."""
        lus = self.cleaned_data
        if lus.get("par") == A_UNE_DATE:
            return Fait(lus["jour"], lus["motif"], lus["source"])
        return self.signer()

    @property
    def date_du_changement(self) -> datetime.date:
        lus = self.cleaned_data
        if lus.get("par") == A_UNE_DATE:
            return lus["jour"]
        return lus["avenant"].date_effet if lus["avenant"] else lus["date_effet"]

    def de_l_avenant(self):
        return [self[nom] for nom in DE_L_AVENANT]

    def du_fait(self):
        return [self[nom] for nom in DU_FAIT]


class InscriptionForm(ActeForm):
    """`inscription`: the line that is changed, or the last one of a structure that comes back; none: a new one."""

    def __init__(
        self, *args, convention: Convention, structure: Structure, inscription: Inscription | None, **kwargs
    ):
        super().__init__(*args, convention=convention, **kwargs)
        for nom in LIGNE:
            self.fields[nom] = Inscription._meta.get_field(nom).formfield()
        initial = {
            "nom": structure.nom,
            "adresse": structure.adresse_complete,
            "gestionnaire": str(structure.gestionnaire or ""),
        }
        if inscription is not None:
            initial = {nom: getattr(inscription, nom) for nom in LIGNE}
        for nom, valeur in initial.items():
            self.fields[nom].initial = valeur
        self.fields["rubrique"].help_text = "Le titre sous lequel la ligne est rangée dans l’annexe."

    def champs(self) -> dict[str, str]:
        return {nom: self.cleaned_data[nom] for nom in LIGNE}

    def de_la_ligne(self):
        return [self[nom] for nom in LIGNE]


class RetirerForm(ActeForm):
    """Nothing but what makes it leave."""
