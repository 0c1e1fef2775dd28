"""The form of a note on a decision."""

from django import forms

from ctg.permissions import check
from ctg.textes import RICHE, TexteField
from gouvernance.enums import EtatDecision
from gouvernance.forms import JOUR, EditionForm
from gouvernance.forms_seance import choix_responsables
from gouvernance.models import SuiteDecision


class SuiteForm(EditionForm):
    """The state is asked of who keeps the decisions only; a new due date and who does it, once the minutes are distributed."""

    confiee = forms.ChoiceField(
        label="nouveau responsable",
        required=False,
        help_text="Le compte rendu diffusé garde celui qui a été décidé ; la note dit qui reprend.",
    )

    class Meta:
        model = SuiteDecision
        fields = ("texte", "etat", "echeance")
        widgets = {"texte": forms.Textarea(attrs={"rows": 6, **RICHE}), "echeance": JOUR}
        field_classes = {"texte": TexteField}
        help_texts = {
            "texte": "Lu par tous ceux qui ont un mandat dans la convention. Une note ne se réécrit pas : "
            "on en ajoute une autre.",
            "echeance": "Vide : inchangée. Le compte rendu diffusé garde celle qui a été décidée ; la note dit le report.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        decision = self.instance.decision
        tient = check(user, "gouvernance.tenir", decision)
        if tient and decision.reunion.is_diffusee:
            actuel = decision.responsable or decision.service or "à désigner"
            (_, *choix) = choix_responsables(decision.reunion.convention)
            self.fields["confiee"].choices = [("", f"inchangé ({actuel})"), *choix]
        else:
            del self.fields["confiee"], self.fields["echeance"]
        if tient:
            actuel = decision.get_etat_display()
            self.fields["etat"].label = "état de la décision"
            self.fields["etat"].choices = [
                ("", f"inchangé ({actuel})"),
                *(choix for choix in EtatDecision.choices if choix[0] != decision.etat),
            ]
        else:
            del self.fields["etat"]

    def clean(self):
        super().clean()
        genre, _, pk = self.cleaned_data.get("confiee", "").partition("-")
        if genre == "personne":
            self.instance.responsable_id = int(pk)
        elif genre == "service":
            self.instance.service_id = int(pk)
        return self.cleaned_data
