"""A line of annexe 2 or 2 bis, as an avenant writes it."""

from ctg.forms_avenant import AvenantForm
from ctg.models import Convention
from structures.models import Inscription, Structure

CHAMPS = ("annexe", "rubrique", "designation", "nom", "adresse", "gestionnaire")


class InscriptionForm(AvenantForm):
    """`inscription`: the line that is changed, or the last one of a structure that comes back; none: a new one."""

    def __init__(
        self, *args, convention: Convention, structure: Structure, inscription: Inscription | None, **kwargs
    ):
        super().__init__(*args, convention=convention, **kwargs)
        for nom in CHAMPS:
            self.fields[nom] = Inscription._meta.get_field(nom).formfield()
        initial = {"nom": structure.nom, "adresse": structure.adresse_complete}
        if inscription is not None:
            initial = {nom: getattr(inscription, nom) for nom in CHAMPS}
        for nom, valeur in initial.items():
            self.fields[nom].initial = valeur
        self.fields["rubrique"].help_text = "Le titre sous lequel la ligne est rangée dans l’annexe."

    def champs(self) -> dict[str, str]:
        return {nom: self.cleaned_data[nom] for nom in CHAMPS}


class RetirerForm(AvenantForm):
    """Nothing but the avenant."""
