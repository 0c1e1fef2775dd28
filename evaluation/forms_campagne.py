"""Forms of a campaign. Each says a rule of one field; the services say the others."""

import datetime

from django import forms
from django.core.exceptions import ValidationError

from ctg.jours import ecrire_jours, lire_jours
from ctg.models import Convention, Personne
from ctg.textes import TexteField
from evaluation.forms_etats import COURT, ChampsForm, DateAVenirField
from evaluation.models import Campagne, Indicateur, Saisie
from evaluation.preparation import Choix, Proposition
from fiches.models import FicheProjet

LONG = forms.Textarea(attrs={"rows": 4})


class PersonneChoiceField(forms.ModelChoiceField):
    """Every select of a page shares one list, read once."""

    def __init__(self, convention: Convention, **kwargs):
        personnes = Personne.objects.filter(convention=convention, is_anonyme=False).order_by(
            "nom", "prenom", "pk"
        )
        super().__init__(
            personnes,
            required=False,
            empty_label="le référent de la fiche, sinon le coordinateur",
            **kwargs,
        )


class PreparationForm(forms.Form):
    """Date, message, reminders; and for each fiche: chosen or not, each indicator due or not, and who enters it."""

    date_limite = DateAVenirField(label="date limite de saisie", today=datetime.date.min)
    consigne = TexteField(
        label="message à ceux qui saisissent",
        required=False,
        max_length=5000,
        widget=LONG,
        help_text="Il figure dans l’annonce par courriel.",
    )
    jours_rappel = forms.CharField(
        label="jours des rappels",
        required=False,
        max_length=60,
        help_text="Par rapport à la date limite : -7 est une semaine avant, 1 le lendemain. Vide : ceux de la convention.",
    )
    is_rappels_automatiques = forms.BooleanField(label="envoyer les rappels automatiquement", required=False)

    def __init__(
        self,
        *args,
        convention: Convention,
        propositions: list[Proposition],
        campagne: Campagne | None,
        today: datetime.date,
        **kwargs,
    ):
        self.propositions = propositions
        super().__init__(*args, **kwargs)
        self.fields["date_limite"].today = today
        self.fields["jours_rappel"].help_text += f" ({convention.jours_rappel})"
        if campagne is None:
            self.initial["is_rappels_automatiques"] = True
            lignes = None
        else:
            for name in ("date_limite", "consigne", "jours_rappel", "is_rappels_automatiques"):
                self.initial[name] = getattr(campagne, name)
            lignes = _lignes_actuelles(campagne)
        modele = PersonneChoiceField(convention)
        choix = list(modele.choices)
        for proposition in propositions:
            self._ajouter(proposition, lignes, convention, choix)

    def _ajouter(self, proposition: Proposition, lignes, convention: Convention, choix) -> None:
        fiche = proposition.fiche
        self.fields[f"f{fiche.pk}"] = forms.BooleanField(
            label=f"{fiche.code} {fiche.titre}",
            required=False,
            initial=lignes is None or fiche.pk in lignes,
        )
        actuelles = (lignes or {}).get(fiche.pk)
        for indicateur, is_du in proposition.indicateurs:
            if actuelles is None:
                attendu, responsable = is_du, indicateur.responsable_id
            else:
                attendu, responsable = indicateur.pk in actuelles, actuelles.get(indicateur.pk)
            self.fields[f"i{indicateur.pk}"] = forms.BooleanField(
                label=f"{indicateur.code} {indicateur.intitule}", required=False, initial=attendu
            )
            champ = PersonneChoiceField(
                convention, label=f"{indicateur.code} : saisi par", initial=responsable
            )
            champ.widget.choices = choix
            self.fields[f"r{indicateur.pk}"] = champ

    def clean_jours_rappel(self):
        texte = self.cleaned_data["jours_rappel"].strip()
        return ecrire_jours(lire_jours(texte)) if texte else ""

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(f"f{p.fiche.pk}") for p in self.propositions):
            self.add_error(None, "Choisissez au moins une fiche.")
        return cleaned

    def rangees(self) -> list[tuple[Proposition, forms.BoundField, list[tuple]]]:
        """(fiche, its box, [(indicateur, due by its periodicity, its box, who enters it)])."""
        return [
            (
                p,
                self[f"f{p.fiche.pk}"],
                [(i, is_du, self[f"i{i.pk}"], self[f"r{i.pk}"]) for i, is_du in p.indicateurs],
            )
            for p in self.propositions
        ]

    def generaux(self) -> list[forms.BoundField]:
        return [self[name] for name in self.base_fields]

    def get_choix(self) -> Choix:
        cleaned = self.cleaned_data
        return Choix(
            **{name: cleaned[name] for name in self.base_fields},
            fiches={
                p.fiche: {i: cleaned[f"r{i.pk}"] for i, _ in p.indicateurs if cleaned[f"i{i.pk}"]}
                for p in self.propositions
                if cleaned[f"f{p.fiche.pk}"]
            },
        )


def _lignes_actuelles(campagne: Campagne) -> dict[int, dict[int, int | None]]:
    """{fiche: {indicateur: who enters it}}."""
    return {
        saisie.fiche_id: {ligne.indicateur_id: ligne.responsable_id for ligne in saisie.lignes.all()}
        for saisie in campagne.saisies.prefetch_related("lignes")
    }


class DateLimiteForm(forms.Form):
    date_limite = DateAVenirField(label="nouvelle date limite", today=datetime.date.min)
    motif = forms.CharField(
        max_length=300, widget=COURT, help_text="Pourquoi elle change : le motif reste dans l’historique."
    )

    def __init__(self, *args, today: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date_limite"].today = today


class IndicateurChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Indicateur) -> str:
        return f"{obj.fiche.code} : {obj}"


class AjouterForm(forms.Form):
    """One more fiche, or one more indicator of a fiche that is in the campaign."""

    fiche = forms.ModelChoiceField(FicheProjet.objects.none(), required=False, empty_label="—")
    indicateur = IndicateurChoiceField(Indicateur.objects.none(), required=False, empty_label="—")

    def __init__(self, *args, campagne: Campagne, fiches, indicateurs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fiche"].queryset = fiches
        self.fields["indicateur"].queryset = indicateurs
        self.fields["responsable"] = PersonneChoiceField(campagne.convention, label="saisi par")
        self.fields["fiche"].help_text = "Avec ses indicateurs dus cette année."
        self.fields["responsable"].help_text = "De l’indicateur ajouté."

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("fiche")) is bool(cleaned.get("indicateur")) and not self.errors:
            raise ValidationError("Choisissez une fiche, ou un indicateur : l’un des deux.")
        return cleaned


class CorrectionForm(forms.Form):
    """A campaign that corrects a closed one: dates, reason, and for each fiche what is asked.

    `remarques`: {fiche: what was said of it}; these fiches are ticked.
    """

    date_limite = DateAVenirField(label="date limite de saisie", today=datetime.date.min)
    motif = forms.CharField(
        max_length=2000,
        widget=LONG,
        help_text="Ce qui est à corriger, et pourquoi. La page du bilan le montre avec ses versions.",
    )

    def __init__(self, *args, saisies: list[Saisie], today: datetime.date, remarques=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date_limite"].today = today
        remarques = remarques or {}
        data = kwargs.get("data") or (args[0] if args else None)
        self.parties = []
        for saisie in saisies:
            self.fields[f"f{saisie.fiche_id}"] = forms.BooleanField(
                label=f"{saisie.fiche.code} {saisie.fiche.titre}",
                required=False,
                initial=saisie.fiche_id in remarques,
                help_text=remarques.get(saisie.fiche_id, ""),
            )
            self.parties.append((saisie, ChampsForm(data, saisie=saisie, prefix=f"c{saisie.fiche_id}")))

    def clean(self):
        cleaned = super().clean()
        for saisie, partie in self.parties:
            if not partie.is_valid():
                self.add_error(f"f{saisie.fiche_id}", "Corrigez les champs de cette fiche.")
            elif partie.get_champs() and not cleaned.get(f"f{saisie.fiche_id}"):
                self.add_error(f"f{saisie.fiche_id}", "Cochez la fiche, ou effacez ses demandes.")
        if not self.errors and not self.get_fiches():
            raise ValidationError("Nommez au moins une fiche à corriger.")
        return cleaned

    def get_fiches(self) -> dict[FicheProjet, dict[str, str]]:
        return {
            saisie.fiche: partie.get_champs()
            for saisie, partie in self.parties
            if self.cleaned_data.get(f"f{saisie.fiche_id}")
        }

    def rangees(self):
        return [(saisie, self[f"f{saisie.fiche_id}"], partie) for saisie, partie in self.parties]
