"""What one says of the next convention itself."""

from django import forms

from ctg.dates import saisie_de_jour
from ctg.enums import Precision
from ctg.models import Convention

DATES = ("debut", "fin", "mi_parcours")
INCONNUE = "Vide si elle n’est pas encore connue : elle s’affichera « à compléter »."


class NouvelleConventionForm(forms.ModelForm):
    class Meta:
        model = Convention
        fields = (
            "intitule",
            "slug",
            *(f"{sorte}_{nom}" for nom in DATES for sorte in ("date", "precision")),
            "numerotation",
        )
        widgets = {f"date_{nom}": saisie_de_jour() for nom in DATES}
        help_texts = {
            "slug": "Ce qui suit le nom du site dans l’adresse de ses pages : lettres sans accent, chiffres et tirets.",
            "date_debut": INCONNUE,
            "date_fin": INCONNUE,
            "date_mi_parcours": INCONNUE,
            "numerotation": "Les codes des fiches reprises restent ceux d’aujourd’hui.",
        }

        error_messages = {
            "slug": {"unique": "Une autre convention a déjà cette adresse : choisissez-en une autre."},
        }

    def __init__(self, *args, ancienne: Convention, **kwargs):
        super().__init__(*args, **kwargs)
        self.ancienne = ancienne
        self.instance.territoire = ancienne.territoire
        self.initial.setdefault("numerotation", ancienne.numerotation)
        for nom in DATES:
            self.fields[f"precision_{nom}"].choices = [
                ("", "Sans date"),
                *Convention._meta.get_field(f"precision_{nom}").choices,
            ]

    def clean(self):
        cleaned = super().clean()
        for nom in DATES:  # a date that is typed whole is known to the day
            if cleaned.get(f"date_{nom}") and not cleaned.get(f"precision_{nom}"):
                cleaned[f"precision_{nom}"] = Precision.JOUR
        milieu = cleaned.get("date_mi_parcours")
        bornes = (cleaned.get("date_debut") or milieu, cleaned.get("date_fin") or milieu)
        if milieu and not bornes[0] <= milieu <= bornes[1]:
            self.add_error(
                "date_mi_parcours", "Le mi-parcours est entre le début et la fin de la convention."
            )
        debut, fin = cleaned.get("date_debut"), self.ancienne.date_fin
        if debut and self.ancienne.date_debut and debut <= self.ancienne.date_debut:
            self.add_error(
                "date_debut",
                "La convention suivante commence après celle-ci : choisissez une date postérieure à son début.",
            )
        self.chevauche = bool(debut and fin and debut < fin)
        return cleaned
