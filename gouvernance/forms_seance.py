"""Forms of the agenda, of the attendance and of the conduct of a meeting."""

from django import forms
from django.db.models import Q

from ctg.models import Convention, Document, Personne, Service
from ctg.textes import COMPTEUR, RICHE, TexteField
from fiches.models import FicheProjet
from gouvernance.enums import EtatPresence
from gouvernance.feuille_presence import Siege
from gouvernance.forms import JOUR, EditionForm
from gouvernance.models import Decision, Label, PointOrdreDuJour, Presence


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


class PresenceForm(forms.Form):
    """One seat. `avant` is what the page showed: what another person noted meanwhile is not overwritten."""

    etat = forms.ChoiceField(
        label="présence",
        required=False,
        choices=[*EtatPresence.choices, ("", "non noté")],
        widget=forms.RadioSelect,
    )
    represente_par = forms.CharField(label="représenté par", required=False, max_length=120)
    avant = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, siege: Siege, **kwargs):
        self.siege = siege
        presence = siege.presence
        par = presence.represente_par if presence else ""
        initial = {"etat": siege.etat, "represente_par": par, "avant": f"{siege.etat}|{par}"}
        super().__init__(*args, prefix=f"s{siege.membre.pk}", initial=initial, **kwargs)

    @property
    def valeur(self) -> str:
        return f"{self.cleaned_data['etat']}|{self.cleaned_data['represente_par']}"

    def has_changed(self) -> bool:
        return self.valeur != self.cleaned_data["avant"]

    def clean(self):
        super().clean()
        etat, par = self.cleaned_data.get("etat", ""), self.cleaned_data.get("represente_par", "")
        if par and etat in {"", EtatPresence.ABSENT, EtatPresence.EXCUSE}:
            etat = self.cleaned_data["etat"] = EtatPresence.REPRESENTE  # who writes by whom says it all
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
        return Presence(
            reunion=reunion,
            membre=self.siege.membre,
            etat=self.cleaned_data["etat"],
            represente_par=self.cleaned_data["represente_par"],
        )
