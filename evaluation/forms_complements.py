"""Steps, means and parts of a value on the page of entry; each field carries what it was when the page was opened.

`avant…` hidden fields are the base of a merging: history cannot tell it, since other pages write these too.
"""

from decimal import Decimal

from django import forms
from django.http import QueryDict

from ctg.fusion import Champ, champ
from ctg.nombres import NombreField, ecrire_nombre
from ctg.templatetags.affichage import nombre
from ctg.textes import TexteField
from evaluation.enums import Ventilation
from evaluation.models import Effet, Indicateur, Mesure, ModaliteIndicateur
from evaluation.ventilation import EcartDetail, ecart_detail
from fiches.models import Etape, Moyen

AVANT = "avant-"
ACCEPTER, REPRENDRE = "accepter", "reprendre"
# What is no value: never merged, never compared.
TECHNIQUES = frozenset({"confirmer", "ecart"})


def is_technique(name: str) -> bool:
    return name in TECHNIQUES or name.startswith(AVANT)


class ComplementForm(forms.Form):
    def ajouter(self, name: str, champ_form: forms.Field, avant: str) -> None:
        """A field, and what it shows when the page is opened."""
        self.fields[name] = champ_form
        self.fields[f"{AVANT}{name}"] = forms.CharField(
            required=False, initial=avant, widget=forms.HiddenInput
        )

    @property
    def avant(self) -> forms.BoundField:
        """The hidden field of a form that has one value."""
        return self[f"{AVANT}{self.noms()[0]}"]

    def noms(self) -> list[str]:
        return [name for name in self.fields if not is_technique(name)]

    def origine(self, name: str, data: QueryDict) -> Champ | None:
        """The value that the page showed, if it says it."""
        cache = self[f"{AVANT}{name}"].html_name
        if cache not in data:
            return None
        lu = QueryDict(mutable=True)
        if data[cache]:
            lu[self[name].html_name] = data[cache]
        elif not isinstance(self.fields[name], forms.BooleanField):
            lu[self[name].html_name] = ""
        return champ(self[name], lu)


class EtapeForm(ComplementForm):
    champ = "etapes"

    def __init__(self, *args, etape: Etape, **kwargs):
        self.etape = etape
        super().__init__(*args, prefix=f"e{etape.pk}", **kwargs)
        faite = forms.BooleanField(label=etape.intitule, required=False, initial=etape.is_faite)
        self.ajouter("faite", faite, "on" if etape.is_faite else "")


class MoyenForm(ComplementForm):
    champ = "moyens"

    def __init__(self, *args, moyen: Moyen, **kwargs):
        self.moyen = moyen
        super().__init__(*args, prefix=f"m{moyen.pk}", **kwargs)
        realise = NombreField(
            label=f"{moyen.signataire}, {moyen.get_nature_display()}\u00a0: réalisé",
            required=False,
            suffixes="€",
            max_digits=12,
            decimal_places=2,
            min_value=0,
            initial=moyen.realise,
        )
        self.ajouter("realise", realise, ecrire_nombre(moyen.realise))


def faute_de_part(indicateur: Indicateur, valeur: Decimal | None) -> str:
    """Why this is no part of a value that is expected to be positive; empty: it is."""
    bas = indicateur.borne_min
    if valeur is None or valeur >= 0 or bas is None or bas < 0:
        return ""
    return f"{nombre(valeur)} : une part ne peut pas être négative, le total attendu ne l’est pas."


class DetailForm(ComplementForm):
    """The parts of one indicator, and what to do where they do not make the total."""

    def __init__(self, *args, indicateur: Indicateur, mesure: Mesure | None, **kwargs):
        self.indicateur = indicateur
        super().__init__(*args, prefix=f"d{indicateur.pk}", **kwargs)
        valeurs = {part.modalite_id: part.valeur for part in mesure.parts.all()} if mesure else {}
        self.modalites = {f"p{modalite.pk}": modalite for modalite in _dans_l_ordre(indicateur)}
        for name, modalite in self.modalites.items():
            valeur = valeurs.get(modalite.pk)
            part = NombreField(label=modalite.libelle, required=False, initial=valeur)
            self.ajouter(name, part, ecrire_nombre(valeur))
        self.fields["ecart"] = forms.ChoiceField(
            label="que faire de cet écart",
            required=False,
            choices=[
                ("", "—"),
                (ACCEPTER, "garder les deux\u00a0: l’écart reste dit"),
                (REPRENDRE, "reprendre le total du détail"),
            ],
        )
        self.remarque: EcartDetail | None = None
        if not self.data.get(self.add_prefix("ecart")):
            self.fields["ecart"].widget = forms.HiddenInput()

    def clean(self):
        donnees = super().clean()
        for name in self.modalites:
            if faute := faute_de_part(self.indicateur, donnees.get(name)):
                self.add_error(name, faute)
        return donnees

    def rapprocher(self, total: Decimal | None, *, a_change: bool) -> Decimal | None:
        """The total to write in place of the one typed, or None. Asks what to do where they disagree."""
        self.remarque = ecart_detail(
            self.indicateur, total, [self.cleaned_data[name] for name in self.modalites]
        )
        if self.remarque is None:
            return None
        choix = self.cleaned_data["ecart"]
        if choix == REPRENDRE:
            return self.remarque.detail
        if choix != ACCEPTER and (a_change or any(not is_technique(name) for name in self.changed_data)):
            self.fields["ecart"].widget = forms.Select(choices=self.fields["ecart"].choices)
            phrase = self.remarque.phrase
            self.add_error("ecart", f"{phrase[:1].upper()}{phrase[1:]}. Corrigez, ou dites que faire.")
        return None

    def get_changements(self) -> dict[ModaliteIndicateur, Decimal | None]:
        return {
            modalite: self.cleaned_data[name]
            for name, modalite in self.modalites.items()
            if name in self.changed_data
        }

    def parts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.modalites]

    def caches(self) -> list[forms.BoundField]:
        return [self[f"{AVANT}{name}"] for name in self.modalites]


def _dans_l_ordre(indicateur: Indicateur) -> list[ModaliteIndicateur]:
    if indicateur.ventilation == Ventilation.AUCUNE:
        return []
    return sorted(indicateur.modalites.all(), key=lambda modalite: (modalite.ordre, modalite.pk))


LONGS = ("constat", "parties_prenantes", "preuve")


class EffetForm(forms.ModelForm):
    """An observed effect, as annexe 5 words it."""

    is_attendu = forms.TypedChoiceField(
        label="était-il attendu",
        choices=[("", "—"), ("1", "attendu"), ("0", "inattendu")],
        coerce=lambda value: value == "1",
    )

    class Meta:
        model = Effet
        fields = ("constat", "sens", "is_attendu", "origine", "parties_prenantes", "preuve")
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in LONGS}
        field_classes = dict.fromkeys(LONGS, TexteField)
        help_texts = {
            "constat": "Ce qui a changé, et que l’on a pu observer.",
            "parties_prenantes": "Habitants, familles, professionnels, partenaires…",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["is_attendu"] = "1" if self.instance.is_attendu else "0"
