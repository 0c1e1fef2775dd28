"""Entry of one year for one fiche: a form for each indicator, and one for the progress in words."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django import forms

from ctg.nombres import CHIFFRES, DECIMALES, LIMITE, NombreField, ecrire_nombre
from ctg.templatetags.affichage import nombre
from ctg.textes import COMPTEUR, RICHE, TexteField
from evaluation.enums import EtatMesure, NatureIndicateur, SituationMesure
from evaluation.forms_complements import ComplementForm, DetailForm, EtapeForm, MoyenForm
from evaluation.models import Avancement, Indicateur, Mesure

SUFFIXES = {NatureIndicateur.POURCENTAGE: "%", NatureIndicateur.MONTANT: "€"}
OUI_NON = (("", "—"), ("1", "oui"), ("0", "non"))
ECHELLE = (("", "—"), *((str(note), str(note)) for note in range(1, 6)))
CENTIEME = Decimal("0.01")
# One value in several controls: it is merged, and written, as a whole.
VALEUR = frozenset({"valeur", "numerateur", "denominateur", "sans_objet"})
LONGS = ("realisations", "publics_touches", "difficultes", "ajustements", "decision_demandee")


def nombre_de(indicateur: Indicateur, label: str) -> NombreField:
    """A number as the nature of the indicator wants it: its value, or one part of it."""
    is_entier = indicateur.nature in NatureIndicateur.SANS_DECIMALE
    return NombreField(
        label=label,
        required=False,
        suffixes=SUFFIXES.get(indicateur.nature, ""),
        decimal_places=0 if is_entier else DECIMALES,
        max_digits=CHIFFRES - DECIMALES if is_entier else CHIFFRES,
    )


def _est_arrondi(saisie: Decimal, calcul: Decimal) -> bool:
    """Whether what was typed is the exact figure, rounded to as many decimals as were typed."""
    return calcul.quantize(Decimal(1).scaleb(min(saisie.as_tuple().exponent, 0)), ROUND_HALF_UP) == saisie


class MesureForm(forms.Form):
    """The value of one indicator. An empty value is « non renseignée », never zero."""

    valeur = forms.CharField(label="valeur", required=False)
    numerateur = NombreField(label="numérateur", required=False)
    denominateur = NombreField(label="dénominateur", required=False)
    etat = forms.ChoiceField(label="état", choices=EtatMesure.choices)
    sans_objet = forms.BooleanField(label="sans objet cette année", required=False)
    motif = TexteField(
        label="motif",
        required=False,
        max_length=2000,
        help_text="Pourquoi la valeur manque ou est sans objet.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    commentaire = TexteField(
        label="commentaire", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    confirmer = forms.BooleanField(label="je confirme cette valeur", required=False)

    detail: DetailForm | None = None  # the parts of the value, on the page of entry
    total_repris: Decimal | None = None  # the total that its parts make, where the person takes it

    def __init__(self, *args, indicateur: Indicateur, mesure: Mesure | None, **kwargs):
        self.indicateur, self.mesure = indicateur, mesure
        super().__init__(*args, initial=_initial(indicateur, mesure), prefix=f"i{indicateur.pk}", **kwargs)
        self.fields["valeur"] = self._valeur_field()
        if indicateur.nature != NatureIndicateur.POURCENTAGE:
            del self.fields["numerateur"], self.fields["denominateur"]
        if not self.is_bound or not self._hors_bornes_saisi():
            self.fields["confirmer"].widget = forms.HiddenInput()

    def _valeur_field(self) -> forms.Field:
        nature = self.indicateur.nature
        label = f"valeur ({self.indicateur.unite_affichee})" if self.indicateur.unite_affichee else "valeur"
        if nature == NatureIndicateur.TEXTE:
            return TexteField(
                label=label, required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
            )
        if nature in {NatureIndicateur.OUI_NON, NatureIndicateur.ECHELLE}:
            choices = OUI_NON if nature == NatureIndicateur.OUI_NON else ECHELLE
            return forms.TypedChoiceField(
                label=label, required=False, choices=choices, coerce=Decimal, empty_value=None
            )
        return nombre_de(self.indicateur, label)

    def _hors_bornes_saisi(self) -> bool:
        """Whether the field of confirmation has to be shown: decided on what was typed."""
        self.fields["confirmer"].widget = forms.CheckboxInput()
        self.full_clean()
        return self.has_error("confirmer") or bool(self.data.get(self.add_prefix("confirmer")))

    def clean(self):
        cleaned = super().clean()
        if self.indicateur.nature == NatureIndicateur.POURCENTAGE:
            self._clean_fraction(cleaned)
        valeur = cleaned.get("valeur")
        is_vide = valeur in (None, "")
        if cleaned.get("sans_objet"):
            if not is_vide:
                self.add_error(
                    "sans_objet", "Un indicateur sans objet n’a pas de valeur : effacez l’une ou l’autre."
                )
            if not cleaned.get("motif"):
                self.add_error("motif", "Dites en quelques mots pourquoi cet indicateur est sans objet.")
        elif isinstance(valeur, Decimal):
            self._clean_bornes(cleaned, valeur)
        return cleaned

    def _clean_fraction(self, cleaned) -> None:
        if {"numerateur", "denominateur", "valeur"} & set(self.errors):
            return
        numerateur, denominateur = cleaned.get("numerateur"), cleaned.get("denominateur")
        if (numerateur is None) != (denominateur is None):
            manquant = "denominateur" if denominateur is None else "numerateur"
            self.add_error(manquant, "Numérateur et dénominateur vont ensemble.")
        elif denominateur is not None:
            if denominateur <= 0:
                self.add_error("denominateur", "Le dénominateur doit être plus grand que zéro.")
                return
            calcul = (100 * numerateur / denominateur).quantize(CENTIEME, ROUND_HALF_UP)
            if abs(calcul) >= LIMITE:
                self.add_error(
                    "denominateur",
                    f"{nombre(numerateur)} sur {nombre(denominateur)} donne un pourcentage trop grand "
                    "pour être vrai : corrigez l’un ou l’autre.",
                )
                return
            saisie = cleaned.get("valeur")
            # A percentage typed beside its fraction may be rounded, not contradict it: nothing else is saved in silence.
            if saisie is not None and "valeur" in self.changed_data and not _est_arrondi(saisie, calcul):
                self.add_error(
                    "valeur",
                    f"{nombre(saisie)} % ne correspond pas à {nombre(numerateur)} sur "
                    f"{nombre(denominateur)}, soit {nombre(calcul)} %. Corrigez l’un ou l’autre.",
                )
                return
            cleaned["valeur"] = calcul

    def _clean_bornes(self, cleaned, valeur: Decimal) -> None:
        bas, haut = self.indicateur.borne_min, self.indicateur.borne_max
        hors = (bas is not None and valeur < bas) or (haut is not None and valeur > haut)
        is_connue = self.mesure is not None and valeur == self.mesure.valeur  # confirmed when it was written
        if hors and not is_connue and not cleaned.get("confirmer"):
            bornes = f"entre {nombre(bas)} et {nombre(haut)}"
            if bas is None:
                bornes = f"au plus {nombre(haut)}"
            elif haut is None:
                bornes = f"au moins {nombre(bas)}"
            self.add_error(
                "confirmer",
                f"{nombre(valeur)} est inhabituel : on attend {bornes}. Corrigez, ou cochez la case.",
            )

    def get_valeurs(self) -> dict:
        """Field values of the `Mesure`; call it on a valid form."""
        cleaned = self.cleaned_data
        valeur = cleaned["valeur"]
        is_texte = self.indicateur.nature == NatureIndicateur.TEXTE
        situation = SituationMesure.RENSEIGNEE
        if cleaned["sans_objet"]:
            situation = SituationMesure.SANS_OBJET
        elif valeur in (None, ""):
            situation = SituationMesure.NON_RENSEIGNEE
        return {
            "situation": situation,
            "valeur": None if is_texte else valeur,
            "valeur_texte": valeur if is_texte else "",
            "numerateur": cleaned.get("numerateur"),
            "denominateur": cleaned.get("denominateur"),
            "etat": cleaned["etat"],
            "motif": cleaned["motif"],
            "commentaire": cleaned["commentaire"],
        }

    def get_changements(self) -> dict:
        """Those of the values that the person changed: the others are not written."""
        changes = set(self.changed_data)
        valeurs = self.get_valeurs()
        if self.total_repris is not None:
            changes |= {"valeur"}
            valeurs |= {"situation": SituationMesure.RENSEIGNEE, "valeur": self.total_repris}
            valeurs |= {"numerateur": None, "denominateur": None}
        if self.mesure is None:
            return valeurs if self.total_repris is not None or not self.is_vide else {}
        simples = {"etat", "motif", "commentaire"}
        return {
            name: valeur
            for name, valeur in valeurs.items()
            if (name in changes if name in simples else changes & VALEUR)
        }

    @property
    def is_vide(self) -> bool:
        """Nothing was said of this indicator: no row is made of it."""
        valeurs = self.get_valeurs()
        return valeurs["situation"] == SituationMesure.NON_RENSEIGNEE and not (
            valeurs["motif"] or valeurs["commentaire"]
        )


def _initial(indicateur: Indicateur, mesure: Mesure | None) -> dict:
    if mesure is None:
        return {"etat": EtatMesure.DEFINITIVE}
    valeur = mesure.valeur_texte or mesure.valeur
    if indicateur.nature in {NatureIndicateur.OUI_NON, NatureIndicateur.ECHELLE}:
        valeur = ecrire_nombre(mesure.valeur)
    return {
        "valeur": valeur,
        "numerateur": mesure.numerateur,
        "denominateur": mesure.denominateur,
        "etat": mesure.etat,
        "sans_objet": mesure.situation == SituationMesure.SANS_OBJET,
        "motif": mesure.motif,
        "commentaire": mesure.commentaire,
    }


class AvancementForm(forms.ModelForm):
    """Each long field carries its writing prompt."""

    class Meta:
        model = Avancement
        fields = (
            "statut",
            "taux_avancement",
            "realisations",
            "publics_touches",
            "difficultes",
            "ajustements",
            "decision_demandee",
        )
        widgets = {name: forms.Textarea(attrs={"rows": 4, **COMPTEUR, **RICHE}) for name in LONGS}
        field_classes = dict.fromkeys(LONGS, TexteField)
        help_texts = {
            "statut": "Où en est la fiche à la fin de l’année.",
            "taux_avancement": "Votre estimation, de 0 à 100. Les étapes faites s’affichent à côté.",
            "realisations": "Ce qui a été fait, pour qui, avec qui.",
            "publics_touches": "Qui en a bénéficié, et combien si vous le savez.",
            "difficultes": "Ce qui a freiné.",
            "ajustements": "Ce que vous changez pour la suite.",
            "decision_demandee": "Ce que vous demandez au COPIL. Laissez vide si rien n’est demandé.",
        }


@dataclass
class FormulaireSaisie:
    """The forms of a fiche and a year, and the token of the state that they were opened on."""

    mesures: list[MesureForm]
    avancement: AvancementForm
    jeton: str
    etapes: list[EtapeForm] = field(default_factory=list)
    moyens: list[MoyenForm] = field(default_factory=list)
    erreurs: list[str] = field(default_factory=list)

    @classmethod
    def construire(
        cls,
        indicateurs,
        avancement: Avancement | None,
        annee: int,
        *,
        data=None,
        jeton: str,
        etapes=(),
        moyens=(),
    ):
        """`data`: what was typed; a form that it does not hold shows what is saved."""

        def lie(prefix):
            return data if data and any(name.startswith(f"{prefix}-") for name in data) else None

        mesures = []
        for indicateur in indicateurs:
            mesure = next((m for m in indicateur.mesures.all() if m.annee == annee), None)
            form = MesureForm(lie(f"i{indicateur.pk}"), indicateur=indicateur, mesure=mesure)
            form.detail = DetailForm(lie(f"d{indicateur.pk}"), indicateur=indicateur, mesure=mesure)
            mesures.append(form)
        return cls(
            mesures,
            AvancementForm(lie("avancement"), instance=avancement, prefix="avancement"),
            jeton,
            etapes=[EtapeForm(lie(f"e{etape.pk}"), etape=etape) for etape in etapes],
            moyens=[MoyenForm(lie(f"m{moyen.pk}"), moyen=moyen) for moyen in moyens],
        )

    @property
    def details(self) -> list[DetailForm]:
        return [form.detail for form in self.mesures if form.detail.modalites]

    @property
    def complements(self) -> list[ComplementForm]:
        return [*self.details, *self.etapes, *self.moyens]

    @property
    def formulaires(self) -> list[forms.BaseForm]:
        return [*self.mesures, self.avancement, *self.complements]

    def is_valid(self) -> bool:
        valides = [form.is_valid() for form in self.formulaires]  # each says its faults
        rapproches = [self._rapprocher(form) for form in self.mesures if form.detail.modalites]
        return all(valides) and all(rapproches)

    @staticmethod
    def _rapprocher(form: MesureForm) -> bool:
        """The parts of a value against its total; one that is « sans objet » has none to compare."""
        if form.errors or form.detail.errors or form.cleaned_data["sans_objet"]:
            return True
        change = bool(VALEUR & set(form.changed_data))
        form.total_repris = form.detail.rapprocher(form.cleaned_data["valeur"], a_change=change)
        return not form.detail.errors
