"""Forms of the attendance: one for each holder of a seat, one for each person who came without a seat."""

from django import forms

from gouvernance.enums import EtatPresence
from gouvernance.feuille_presence import Ligne
from gouvernance.forms import EditionForm
from gouvernance.models import Invite, Presence


class PresenceForm(forms.Form):
    """One holder of a seat. `avant` is what the page showed: what another person noted meanwhile is not overwritten."""

    etat = forms.ChoiceField(
        label="présence",
        required=False,
        choices=[*EtatPresence.choices, ("", "non noté")],
        widget=forms.RadioSelect,
    )
    nom = forms.CharField(label="nom de la personne, facultatif", required=False, max_length=120)
    represente_par = forms.CharField(label="représenté par", required=False, max_length=120)
    avant = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, ligne: Ligne, **kwargs):
        self.ligne = ligne
        presence = ligne.presence
        par, nom = (presence.represente_par, presence.nom) if presence else ("", "")
        initial = {
            "etat": ligne.etat,
            "represente_par": par,
            "nom": nom,
            "avant": f"{ligne.etat}|{par}|{nom}",
        }
        prefix = f"s{ligne.membre.pk}" + (f"p{ligne.personne.pk}" if ligne.personne else "")
        super().__init__(*args, prefix=prefix, initial=initial, **kwargs)
        if ligne.personne:
            del self.fields["nom"]

    @property
    def valeur(self) -> str:
        lu = self.cleaned_data
        return f"{lu['etat']}|{lu['represente_par']}|{lu.get('nom', '')}"

    def has_changed(self) -> bool:
        return self.valeur != self.cleaned_data["avant"]

    def clean(self):
        super().clean()
        etat, par = self.cleaned_data.get("etat", ""), self.cleaned_data.get("represente_par", "")
        if par and etat in {"", EtatPresence.ABSENT, EtatPresence.EXCUSE}:
            etat = self.cleaned_data["etat"] = EtatPresence.REPRESENTE  # who writes by whom says it all
        if self.cleaned_data.get("nom") and not etat:
            etat = self.cleaned_data["etat"] = EtatPresence.PRESENT  # and so does who is named
        if etat == EtatPresence.REPRESENTE and not par:
            self.add_error("represente_par", "Écrivez par qui ce siège est représenté.")
        if etat == EtatPresence.PRESENT and par:
            self.add_error(
                "represente_par", "Présent ou représenté : choisissez « représenté », ou videz ce nom."
            )
        actuel = self.initial["avant"]
        if not self.errors and self.has_changed() and actuel not in {self.cleaned_data["avant"], self.valeur}:
            dit = dict(EtatPresence.choices).get(actuel.partition("|")[0], "non noté")
            self.add_error(
                "etat", f"Quelqu’un vient de noter « {dit} » pour ce siège : choisissez, puis enregistrez."
            )
        return self.cleaned_data

    def get_presence(self, reunion) -> Presence:
        lu = self.cleaned_data
        return Presence(
            reunion=reunion,
            membre=self.ligne.membre,
            personne=self.ligne.personne,
            nom=lu.get("nom", ""),
            etat=lu["etat"],
            represente_par=lu["represente_par"],
        )


class InviteForm(EditionForm):
    """Who came without a seat; a line whose name is emptied is taken off."""

    class Meta:
        model = Invite
        fields = ("nom", "fonction")
        labels = {"fonction": "fonction, facultative"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nom"].required = False

    def clean(self):
        super().clean()
        if self.cleaned_data.get("fonction") and not self.cleaned_data.get("nom") and not self.instance.pk:
            self.add_error("nom", "Écrivez le nom de cette personne, ou videz sa fonction.")
        return self.cleaned_data

    @property
    def is_retire(self) -> bool:
        return not self.cleaned_data["nom"]
