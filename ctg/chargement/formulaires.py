"""The form that brings a workbook."""

from django import forms

from ctg.imports.formulaires import FichierForm
from ctg.lecture_xlsx import MAX_FICHIER, MIO


class ClasseurForm(FichierForm):
    fichier = forms.FileField(
        label="Votre classeur",
        help_text=f"XLSX, {MAX_FICHIER // MIO} Mio au plus. Une feuille par tableau, aux titres du modèle.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        allow_empty_file=True,  # what reads it says what is missing
    )
