"""Forms of what one does to an entry: send fields back, reopen, validate. The transitions say the other rules."""

import datetime

from django import forms
from django.core.exceptions import ValidationError

from ctg.forms import JOUR
from evaluation.campagnes import AVANCEMENT, PARTIES, champ_de, nom_du_champ
from evaluation.models import Saisie

COURT = forms.Textarea(attrs={"rows": 2})


class DateAVenirField(forms.DateField):
    widget = JOUR

    def __init__(self, *args, today: datetime.date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def clean(self, value):
        date = super().clean(value)
        if date and date < self.today:
            raise ValidationError("Cette date est passée : choisissez-en une à venir.")
        return date


class ChampsForm(forms.Form):
    """Fields of an entry to send back: a box and what is asked, each."""

    def __init__(self, *args, saisie: Saisie, **kwargs):
        super().__init__(*args, **kwargs)
        self.groupes: list[tuple[str, str]] = [
            *((champ_de(ligne.indicateur), str(ligne.indicateur)) for ligne in _lignes(saisie)),
            *((champ, nom_du_champ(champ)) for champ in (*AVANCEMENT, *PARTIES)),
        ]
        for champ, nom in self.groupes:
            self.fields[f"coche-{champ}"] = forms.BooleanField(label=nom, required=False)
            self.fields[f"dit-{champ}"] = forms.CharField(
                label=f"{nom} : ce que vous demandez", required=False, max_length=2000, widget=COURT
            )

    def rangees(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [(champ, self[f"coche-{champ}"], self[f"dit-{champ}"]) for champ, _ in self.groupes]

    def clean(self):
        cleaned = super().clean()
        for champ, _ in self.groupes:
            coche, dit = cleaned.get(f"coche-{champ}"), cleaned.get(f"dit-{champ}", "")
            if coche and not dit:
                self.add_error(f"dit-{champ}", "Dites ce que vous demandez pour ce champ.")
            elif dit and not coche:
                self.add_error(f"coche-{champ}", "Cochez ce champ pour le renvoyer, ou effacez la demande.")
        return cleaned

    def get_champs(self) -> dict[str, str]:
        return {
            champ: self.cleaned_data[f"dit-{champ}"]
            for champ, _ in self.groupes
            if self.cleaned_data[f"coche-{champ}"]
        }


class RenvoyerForm(ChampsForm):
    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.get_champs():
            raise ValidationError(
                "Cochez et commentez au moins un champ : seuls les champs commentés se rouvrent."
            )
        return cleaned


class RouvrirForm(ChampsForm):
    """An exception after the closing; without a field, the whole entry opens again."""

    def __init__(self, *args, today: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["jusqu_au"] = DateAVenirField(label="rouverte jusqu’au", today=today)
        self.fields["motif"] = forms.CharField(
            max_length=300, widget=COURT, help_text="Il reste dans l’historique."
        )


class ValiderForm(forms.Form):
    motif = forms.CharField(
        label="motif de l’exception",
        required=False,
        max_length=300,
        widget=COURT,
        help_text="Il reste dans l’historique.",
    )

    def __init__(self, *args, est_auteur: bool, **kwargs):
        """`est_auteur`: of the submission, who validates it only with a reason."""
        super().__init__(*args, **kwargs)
        self.fields["motif"].required = est_auteur


def _lignes(saisie: Saisie):
    return sorted(saisie.lignes.all(), key=lambda ligne: (ligne.indicateur.ordre, ligne.indicateur.pk))
