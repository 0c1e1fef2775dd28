"""The form of a note on a decision."""

from django import forms

from ctg.permissions import check
from ctg.textes import RICHE, TexteField
from gouvernance.enums import EtatDecision
from gouvernance.forms import EditionForm
from gouvernance.models import SuiteDecision


class SuiteForm(EditionForm):
    """The state is asked of who keeps the decisions only."""

    class Meta:
        model = SuiteDecision
        fields = ("texte", "etat")
        widgets = {"texte": forms.Textarea(attrs={"rows": 6, **RICHE})}
        field_classes = {"texte": TexteField}
        help_texts = {
            "texte": "Lu par tous ceux qui ont un mandat dans la convention. Une note ne se réécrit pas : "
            "on en ajoute une autre.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        decision = self.instance.decision
        if check(user, "gouvernance.tenir", decision):
            actuel = decision.get_etat_display()
            self.fields["etat"].label = "état de la décision"
            self.fields["etat"].choices = [
                ("", f"inchangé ({actuel})"),
                *(choix for choix in EtatDecision.choices if choix[0] != decision.etat),
            ]
        else:
            del self.fields["etat"]
