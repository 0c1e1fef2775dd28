"""Forms of the agenda and of the conduct of a meeting."""

from django import forms
from django.db.models import Q

from ctg.models import Convention, Document, Personne, Service
from ctg.textes import COMPTEUR, RICHE, TexteField
from fiches.models import FicheProjet
from gouvernance.forms import JOUR, EditionForm
from gouvernance.models import Decision, Label, PointOrdreDuJour


class FichesField(forms.ModelMultipleChoiceField):
    """Fiches by their code and title."""

    def label_from_instance(self, fiche):
        return f"{fiche.code} – {fiche.titre}"


class PointForm(EditionForm):
    documents = forms.ModelMultipleChoiceField(
        Document.objects.none(),
        label="documents à lire",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ceux de la page « Documents ».",
    )
    fiches = FichesField(
        FicheProjet.objects.none(),
        label="fiches concernées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = PointOrdreDuJour
        fields = (
            "intitule",
            "label",
            "duree",
            "rapporteur",
            "fonction_rapporteur",
            "texte",
            "documents",
            "fiches",
        )
        widgets = {"texte": forms.Textarea(attrs={"rows": 5, **COMPTEUR, **RICHE})}
        field_classes = {"texte": TexteField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        point: PointOrdreDuJour = self.instance
        convention: Convention = point.reunion.convention
        self.fields["label"].queryset = Label.objects.filter(convention=convention).order_by("ordre", "pk")
        self.fields["label"].empty_label = "tous les labels"
        self.fields["rapporteur"].queryset = (
            Personne.objects.filter(convention=convention)
            .filter(Q(is_anonyme=False) | Q(pk=point.rapporteur_id))
            .order_by("nom", "prenom", "pk")
        )
        self.fields["rapporteur"].empty_label = "aucune personne"
        self.fields["documents"].queryset = Document.objects.filter(convention=convention).order_by(
            "ordre", "pk"
        )
        liees = Q(points=point.pk) if point.pk else Q(pk=None)
        self.fields["fiches"].queryset = (
            FicheProjet.objects.filter(Q(date_fin=None) | liees, convention=convention)
            .select_related("axe")
            .distinct()
            .order_by("axe__ordre", "numero", "pk")
        )

    @property
    def liens(self) -> dict:
        """What `services.enregistrer_point` is told beside the point."""
        return {nom: self.cleaned_data[nom] for nom in ("documents", "fiches")}


class NotesForm(EditionForm):
    """What was said on one point."""

    class Meta:
        model = PointOrdreDuJour
        fields = ("notes",)
        widgets = {"notes": forms.Textarea(attrs={"rows": 4, **COMPTEUR})}
        field_classes = {"notes": TexteField}


class LigneDecisionForm(forms.Form):
    """A decision in one line; nothing is added while its text is empty."""

    texte = forms.CharField(label="décision", required=False, max_length=2_000)
    responsable = forms.ChoiceField(label="responsable", required=False)
    echeance = forms.DateField(label="échéance", required=False, widget=JOUR)

    def __init__(self, *args, choix, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["responsable"].choices = choix

    def clean(self):
        super().clean()
        if not self.cleaned_data.get("texte") and any(
            self.cleaned_data.get(n) for n in ("responsable", "echeance")
        ):
            self.add_error("texte", "Écrivez ce qui est décidé, ou videz le responsable et l’échéance.")
        return self.cleaned_data

    def get_decision(self, reunion, point: PointOrdreDuJour | None) -> Decision | None:
        if not self.cleaned_data["texte"]:
            return None
        genre, _, pk = self.cleaned_data["responsable"].partition("-")
        return Decision(
            reunion=reunion,
            point=point,
            label=point.label if point else None,
            texte=self.cleaned_data["texte"],
            responsable_id=pk if genre == "personne" else None,
            service_id=pk if genre == "service" else None,
            echeance=self.cleaned_data["echeance"],
        )


def choix_responsables(convention: Convention) -> list:
    personnes = Personne.objects.filter(convention=convention, is_anonyme=False).order_by(
        "nom", "prenom", "pk"
    )
    services = Service.objects.order_by("nom", "pk")
    return [
        ("", "à désigner"),
        ("Personnes", [(f"personne-{personne.pk}", str(personne)) for personne in personnes]),
        ("Services", [(f"service-{service.pk}", str(service)) for service in services]),
    ]
