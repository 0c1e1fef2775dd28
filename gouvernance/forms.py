"""Forms of a meeting and of a decision; each knows the version that it was opened on."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator

from ctg.fusion import champ
from ctg.jetons import lire_jeton, signer_jeton
from ctg.models import Convention, Personne, Service
from gouvernance.models import Decision, InstanceGouvernance, Label, Reunion

JOUR = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CONFLIT = (
    "Quelqu’un a enregistré autre chose pendant que vous écriviez. Rien n’est perdu : ce que vous avez écrit est "
    "ci-dessous. Comparez, puis enregistrez de nouveau pour garder votre version."
)


class VersionneForm(forms.ModelForm):
    """`version`: the token of what the form was opened on, empty for something new."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflits: list[tuple[str, str]] = []
        if self.instance.pk:
            self.initial["version"] = signer_jeton(self.instance, now=timezone.now())

    def verifier_version(self) -> None:
        """A missing or forged token is a conflict too. The caller has locked the row."""
        if self.instance.pk is None:
            return
        jeton = lire_jeton(self.data.get("version", ""), self.instance)
        if jeton is None or jeton.version != self.instance.version:
            self._dire_conflit()

    def _dire_conflit(self) -> None:
        actuel = type(self)(instance=type(self.instance).objects.get(pk=self.instance.pk))
        for bound in actuel:
            leur, mien = champ(bound), champ(self[bound.name], self.data)
            if not bound.is_hidden and leur.canonique != mien.canonique:
                self.conflits.append((str(bound.label), leur.affichage))
        self.data = self.data.copy()
        self.data["version"] = actuel.initial["version"]
        self.add_error(None, CONFLIT)


class ReunionForm(VersionneForm):
    class Meta:
        model = Reunion
        fields = ("instance_gouvernance", "date", "lieu", "intitule", "compte_rendu")
        widgets = {"date": JOUR, "compte_rendu": forms.Textarea(attrs={"rows": 12})}
        help_texts = {
            "intitule": "Facultatif : ce qui distingue cette réunion, par exemple « Bilan de l’année ».",
            "compte_rendu": "Lu par tous ceux qui ont un mandat dans la convention. "
            "Une ligne qui commence par « - » devient une puce.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["instance_gouvernance"].queryset = InstanceGouvernance.objects.filter(
            convention=self.instance.convention_id
        ).order_by("ordre", "pk")
        self.fields["instance_gouvernance"].empty_label = "Choisissez une instance"


class DecisionsField(forms.ModelChoiceField):
    """Decisions by their number."""

    def label_from_instance(self, decision):
        return f"{decision.numero} – {Truncator(decision.texte).chars(60, truncate='…')}"


class DecisionForm(VersionneForm):
    remplace = DecisionsField(
        Decision.objects.none(),
        label="annule et remplace",
        required=False,
        empty_label="aucune décision",
        help_text="Une décision prise plus tôt, que celle-ci annule.",
    )

    class Meta:
        model = Decision
        fields = ("texte", "label", "responsable", "service", "echeance", "etat", "remplace")
        widgets = {"echeance": JOUR, "texte": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        decision: Decision = self.instance
        convention: Convention = decision.reunion.convention
        personnes = Personne.objects.filter(convention=convention)
        self.fields["label"].queryset = Label.objects.filter(convention=convention).order_by("ordre", "pk")
        self.fields["responsable"].queryset = personnes.filter(
            Q(is_anonyme=False) | Q(pk=decision.responsable_id)
        ).order_by("nom", "prenom", "pk")
        self.fields["service"].queryset = Service.objects.order_by("nom", "pk")
        self.fields["remplace"].queryset = (
            Decision.objects.filter(
                Q(remplacee_par=None) | Q(remplacee_par=decision.pk or 0),
                reunion__convention=convention,
                reunion__date__lte=decision.reunion.date,
            )
            .exclude(pk=decision.pk)
            .select_related("reunion")
            .order_by("-reunion__date", "-reunion__rang", "-rang")
        )
        self.fields["label"].empty_label = "tous les labels"
        self.fields["responsable"].empty_label = "aucune personne"
        self.fields["service"].empty_label = "aucun service"
