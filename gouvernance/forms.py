"""Forms of a meeting and of a decision; each knows what it was opened on."""

from django import forms
from django.db.models import Q
from django.utils.text import Truncator

from ctg.forms_a_deux import ADeuxForm
from ctg.models import Convention, Personne, Service
from ctg.textes import COMPTEUR, RICHE, TexteField
from gouvernance.models import Decision, InstanceGouvernance, Label, PointOrdreDuJour, Reunion

JOUR = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CONFLIT = (
    "Quelqu’un a enregistré autre chose pendant que vous écriviez. Votre version est gardée ci-dessous, l’autre est en "
    "haut de la page : enregistrez de nouveau pour garder la vôtre."
)


class EditionForm(ADeuxForm):
    """What is saved is shown on the page, whole, beside what was typed."""

    def dire_conflit(self, conflit) -> str:
        return CONFLIT


class ReunionForm(EditionForm):
    class Meta:
        model = Reunion
        fields = ("instance_gouvernance", "date", "heure_debut", "duree", "lieu", "intitule")
        widgets = {"date": JOUR, "heure_debut": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        help_texts = {
            "intitule": "Facultatif : ce qui distingue cette réunion, par exemple « Bilan de l’année ».",
            "duree": "Facultatif. Par exemple 120 pour deux heures, 210 pour une demi-journée.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["instance_gouvernance"].queryset = InstanceGouvernance.objects.filter(
            convention=self.instance.convention_id
        ).order_by("ordre", "pk")
        self.fields["instance_gouvernance"].empty_label = "Choisissez une instance"


class CompteRenduForm(EditionForm):
    class Meta:
        model = Reunion
        fields = ("compte_rendu",)
        widgets = {"compte_rendu": forms.Textarea(attrs={"rows": 24, **COMPTEUR, **RICHE})}
        field_classes = {"compte_rendu": TexteField}
        help_texts = {
            "compte_rendu": "Lu par l’équipe et la Caf ; par les membres du COPIL une fois diffusé. "
            "Une ligne qui commence par « - » devient une puce.",
        }


class DecisionsField(forms.ModelChoiceField):
    """Decisions by their number."""

    def label_from_instance(self, decision):
        return f"{decision.numero} – {Truncator(decision.texte).chars(60, truncate='…')}"


class DecisionForm(EditionForm):
    remplace = DecisionsField(
        Decision.objects.none(),
        label="annule et remplace",
        required=False,
        empty_label="aucune décision",
        help_text="Une décision prise plus tôt, que celle-ci annule.",
    )

    class Meta:
        model = Decision
        fields = ("texte", "point", "label", "responsable", "service", "echeance", "etat", "remplace")
        widgets = {"echeance": JOUR, "texte": forms.Textarea(attrs={"rows": 5, **RICHE})}
        field_classes = {"texte": TexteField}

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
        self.fields["point"].queryset = PointOrdreDuJour.objects.filter(reunion=decision.reunion_id).order_by(
            "ordre"
        )
        self.fields["point"].empty_label = "hors de l’ordre du jour"
        if decision.pk and decision.reunion.is_verrouillee:
            for nom in ("texte", "point", "label", "responsable", "service", "echeance"):
                self.fields[nom].disabled = True
            # The bound field, which was read already: it has copied the help of the field.
            self["texte"].help_text = (
                "Le compte rendu est diffusé : ce qui a été décidé ne change plus. Une échéance ou un responsable qui change "
                "se dit par « Noter la suite », sur la page de la décision."
                if decision.reunion.is_diffusee
                else "Le compte rendu est parti pour aval : ce qui est décidé ne change plus jusqu’à sa diffusion."
            )
        self.fields["label"].empty_label = "tous les labels"
        self.fields["responsable"].empty_label = "aucune personne"
        self.fields["service"].empty_label = "aucun service"
