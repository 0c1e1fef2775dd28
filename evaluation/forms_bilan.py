"""Forms of the steps of a bilan: what each action of `evaluation.transitions_bilan` is told."""

from django import forms
from django.utils import timezone

from ctg.models import Quartier
from ctg.templatetags.affichage import date_longue
from ctg.textes import RICHE, TexteField
from evaluation.models import Bilan, ConclusionCopil, RemarqueDebat
from fiches.models import FicheProjet
from gouvernance.enums import TypeInstance
from gouvernance.models import Reunion

JOUR = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CHAMPS_DEBAT = ("date", "intitule", "lieu", "quartier", "remarques", "is_modification_demandee")
TAILLE_CONTROLE = 50 * 1024 * 1024


def fiches_du_bilan(bilan: Bilan):
    """Those of the convention that were in force that year."""
    return FicheProjet.objects.filter(convention=bilan.convention_id).de_l_annee(bilan.annee).for_list()


class EtapeForm(forms.Form):
    """A step that is told nothing."""

    def __init__(self, *args, bilan: Bilan, **kwargs):
        super().__init__(*args, **kwargs)
        self.bilan = bilan

    @property
    def donnees(self) -> dict:
        return dict(self.cleaned_data)


class DebatForm(EtapeForm):
    date = forms.DateField(label="date de la réunion", widget=JOUR)
    intitule = forms.CharField(
        label="réunion", max_length=200, help_text="Par exemple : séminaire de quartier, comité technique."
    )
    lieu = forms.CharField(label="lieu", max_length=200, required=False)
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="quartier", required=False, empty_label="toute la ville"
    )
    remarques = TexteField(
        label="remarques générales", required=False, widget=forms.Textarea(attrs={"rows": 4, **RICHE})
    )
    is_modification_demandee = forms.BooleanField(
        label="des modifications sont demandées : une campagne de correction suivra", required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["quartier"].queryset = Quartier.objects.de_reference(self.bilan.convention.territoire)
        self.fiches = list(fiches_du_bilan(self.bilan))
        for fiche in self.fiches:
            self.fields[f"fiche-{fiche.pk}"] = TexteField(
                label=f"{fiche.code} – {fiche.titre}",
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def donnees(self) -> dict:
        propres = {nom: self.cleaned_data[nom] for nom in CHAMPS_DEBAT}
        par_fiche = {fiche: self.cleaned_data[f"fiche-{fiche.pk}"] for fiche in self.fiches}
        return propres | {"par_fiche": par_fiche}


class MotifForm(EtapeForm):
    motif = TexteField(
        label="motif",
        max_length=2000,
        help_text="Pourquoi cette étape n’a pas lieu. Il figure dans l’acte de publication.",
        widget=forms.Textarea(attrs={"rows": 4, **RICHE}),
    )


class AvalForm(EtapeForm):
    """Bound to what the person has read."""

    empreinte = forms.CharField(widget=forms.HiddenInput)
    motif = TexteField(
        label="observations", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["empreinte"].initial = self.bilan.empreinte


class RefusForm(AvalForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].label = "motif du refus"
        self.fields["motif"].required = True
        self.fields["motif"].help_text = "Ce qui est à corriger : il ouvre la campagne de correction."


class ReunionField(forms.ModelChoiceField):
    def label_from_instance(self, reunion):
        intitule = f", {reunion.intitule}" if reunion.intitule else ""
        return f"{date_longue(reunion.date)} – {reunion}{intitule}"


class ConclusionForm(EtapeForm):
    reunion = ReunionField(
        Reunion.objects.none(),
        label="réunion du COPIL",
        required=False,
        empty_label="une réunion qui n’est pas dans la liste",
    )
    date = forms.DateField(
        label="date du COPIL",
        required=False,
        widget=JOUR,
        help_text="Celle de la réunion choisie ; à écrire seulement si la réunion n’est pas dans la liste.",
    )
    texte = TexteField(
        label="conclusions", max_length=10_000, widget=forms.Textarea(attrs={"rows": 6, **RICHE})
    )
    is_modification_demandee = forms.BooleanField(
        label="des modifications sont demandées : une campagne de correction suivra", required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        tenues = Reunion.objects.maintenues().filter(
            convention=self.bilan.convention_id,
            instance_gouvernance__type_instance=TypeInstance.COPIL,
            date__range=(timezone.localdate(self.bilan.date_figement), timezone.localdate()),
        )
        self.fields["reunion"].queryset = tenues.for_list()
        if not tenues.exists():
            del self.fields["reunion"]
            self.fields["date"].help_text = ""

    def clean(self):
        donnees = super().clean()
        reunion, date = donnees.get("reunion"), donnees.get("date")
        if "date" in self.errors:
            return donnees
        if reunion is None and date is None:
            self.add_error(
                "date",
                "Choisissez la réunion, ou écrivez sa date."
                if "reunion" in self.fields
                else "Écrivez la date du COPIL.",
            )
        elif reunion is not None and date not in (None, reunion.date):
            self.add_error(
                "date", f"La réunion choisie est du {date_longue(reunion.date)} : effacez cette date."
            )
        elif reunion is not None:
            donnees["date"] = reunion.date
        return donnees


def motif_demande(bilan: Bilan) -> str:
    """What a refusal, or the COPIL, asked to correct."""
    dits = list(bilan.avals.exclude(motif="").values_list("motif", flat=True))
    conclusion = ConclusionCopil.objects.filter(bilan=bilan, is_modification_demandee=True).first()
    return "\n".join([*dits, *([conclusion.texte] if conclusion else [])])


def remarques_par_fiche(bilan: Bilan) -> dict[int, str]:
    """What the debates of a version said of each fiche."""
    dites: dict[int, str] = {}
    for fiche, texte in (
        RemarqueDebat.objects.filter(debat__bilan=bilan).order_by("pk").values_list("fiche_id", "texte")
    ):
        dites[fiche] = f"{dites[fiche]} {texte}" if fiche in dites else f"Dit au débat\u00a0: {texte}"
    return dites


class TextePublicForm(forms.Form):
    texte = TexteField(
        label="texte pour le public",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    confirmer = forms.BooleanField(
        label="les noms signalés ne désignent personne, ou seulement une fonction publique", required=False
    )


class ControleForm(forms.Form):
    fichier = forms.FileField(label="fichier à contrôler", help_text="PDF, XLSX ou JSON, 50 Mo au plus.")

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_CONTROLE:
            raise forms.ValidationError("Ce fichier dépasse 50 Mo : ce n’est pas un bilan publié.")
        return fichier


FORMULAIRES = {
    "ouvrir-debat": EtapeForm,
    "consigner": DebatForm,
    "clore-debat": EtapeForm,
    "dispenser-debat": MotifForm,
    "transmettre": EtapeForm,
    "avaliser": AvalForm,
    "refuser": RefusForm,
    "soumettre": EtapeForm,
    "conclure": ConclusionForm,
    "dispenser-copil": MotifForm,
    "publier": EtapeForm,
}
