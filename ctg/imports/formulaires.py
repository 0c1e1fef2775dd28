"""The forms of an import."""

from django import forms
from django.core.exceptions import ValidationError

from ctg.imports.colonnes import IGNOREE, verifier
from ctg.imports.depots import Depot
from ctg.imports.importable import Importable
from ctg.lecture_xlsx import MAX_FICHIER, MIO

NB_EXEMPLES, LONGUEUR_EXEMPLE = 3, 40


class FichierForm(forms.Form):
    fichier = forms.FileField(
        label="Votre fichier",
        help_text=f"XLSX, ODS ou CSV, {MAX_FICHIER // MIO} Mio au plus. La première ligne donne le nom des colonnes.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt,.tsv"}),
        allow_empty_file=True,  # what reads it says what is missing
    )

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > MAX_FICHIER:
            raise ValidationError(
                f"Ce fichier dépasse {MAX_FICHIER // MIO} Mio : déposez-le en plusieurs fois."
            )
        return fichier


class ColonnesForm(forms.Form):
    """One field for each title of the file."""

    def __init__(self, *args, importable: Importable, depot: Depot, **kwargs):
        super().__init__(*args, **kwargs)
        self.importable, self.depot = importable, depot
        choix = [(IGNOREE, "— ne pas importer —"), *((c.champ, c.titre) for c in importable.toutes)]
        for rang, titre in enumerate(depot.tableau.titres):
            if titre:
                self.fields[f"colonne-{rang}"] = forms.ChoiceField(
                    label=f"« {titre} »",
                    help_text=self._exemples(rang),
                    choices=choix,
                    initial=depot.champs[rang],
                    required=False,
                )

    def _exemples(self, rang: int) -> str:
        lus = dict.fromkeys(ligne.cellules[rang].strip() for ligne in self.depot.tableau.lignes)
        dits = [lu if len(lu) <= LONGUEUR_EXEMPLE else f"{lu[:LONGUEUR_EXEMPLE]}…" for lu in lus if lu][
            :NB_EXEMPLES
        ]
        return f"Par exemple : {' ; '.join(dits)}" if dits else "Cette colonne est vide."

    def clean(self):
        super().clean()
        if not self.errors:
            verifier(self.importable, self.champs)

    @property
    def champs(self) -> list[str]:
        return [
            self.cleaned_data.get(f"colonne-{rang}", IGNOREE)
            for rang in range(len(self.depot.tableau.titres))
        ]
