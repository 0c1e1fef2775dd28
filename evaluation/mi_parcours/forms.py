"""Forms of the mid-term review."""

from django import forms
from django.utils import timezone

from ctg.dates import date_plausible, saisie_de_jour
from ctg.permissions import check
from ctg.templatetags.affichage import date_longue
from ctg.textes import COMPTEUR, RICHE, TexteField
from evaluation.enums import AjoutPropose, Critere, IssueProposition, NatureProposition
from evaluation.models import AppreciationAxe, Proposition, RevueMiParcours
from fiches.models import Axe, FicheProjet
from gouvernance.enums import TypeInstance
from gouvernance.forms import DecisionsField, EditionForm
from gouvernance.models import Decision, PointOrdreDuJour

TEXTE = {"rows": 5, **COMPTEUR, **RICHE}
CONVENTION = "convention"


class IntroductionForm(EditionForm):
    class Meta:
        model = RevueMiParcours
        fields = ("introduction",)
        widgets = {"introduction": forms.Textarea(attrs=TEXTE)}
        field_classes = {"introduction": TexteField}


class AppreciationForm(EditionForm):
    class Meta:
        model = AppreciationAxe
        fields = tuple(Critere.values)
        widgets = dict.fromkeys(Critere.values, forms.Textarea(attrs=TEXTE))
        field_classes = dict.fromkeys(Critere.values, TexteField)


class PropositionForm(EditionForm):
    """What it is about is chosen once: a mistake is taken away and proposed again."""

    class Meta:
        model = Proposition
        fields = ("nature", "ajout", "motif", "intitule", "texte")
        widgets = {nom: forms.Textarea(attrs=TEXTE) for nom in ("motif", "texte")}
        field_classes = {"motif": TexteField, "texte": TexteField}
        help_texts = {
            "ajout": "Seulement pour « ajouter ».",
            "motif": "Ce qui, dans l’appréciation ou les bilans, y conduit.",
            "intitule": "Seulement pour réorienter ou ajouter : le titre qu’aura l’axe ou la fiche.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nature"].choices = [("", "Choisissez"), *NatureProposition.choices]
        self.fields["ajout"].choices = [("", "rien ne s’ajoute"), *AjoutPropose.choices]


class PropositionAjoutForm(PropositionForm):
    cible = forms.ChoiceField(
        label="sur quoi",
        help_text="Pour « ajouter » : l’axe sous lequel on ajoute, ou toute la convention pour un axe thématique.",
    )

    field_order = ("nature", "cible")

    def __init__(self, *args, user, instance: Proposition, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        self.fields["cible"].choices = [("", "—"), *cibles(user, instance.revue)]

    def clean_cible(self):
        genre, _, cle = self.cleaned_data["cible"].partition("-")
        self.instance.axe = Axe.objects.get(pk=cle) if genre == "axe" else None
        self.instance.fiche = FicheProjet.objects.get(pk=cle) if genre == "fiche" else None
        return self.cleaned_data["cible"]


def cibles(user, revue: RevueMiParcours) -> list[tuple[str, list[tuple[str, str]]]]:
    """What this person may propose about: groups of choices."""
    today = timezone.localdate()

    def permis(**cible) -> bool:
        return bool(check(user, "evaluation.ecrire_revue", Proposition(revue=revue, **cible)))

    axes = Axe.objects.filter(convention=revue.convention_id).en_vigueur(au=today)
    fiches = FicheProjet.objects.filter(convention=revue.convention_id).en_vigueur(au=today)
    fiches = fiches.for_list().prefetch_related("axes")
    groupes = [
        ("La convention", [(CONVENTION, "Toute la convention (un nouvel axe)")] if permis() else []),
        (
            "Un axe",
            [
                (f"axe-{a.pk}", str(a))
                for a in axes.order_by("rang", "parent__ordre", "ordre", "pk")
                if permis(axe=a)
            ],
        ),
        ("Une fiche", [(f"fiche-{f.pk}", str(f)) for f in fiches if permis(fiche=f)]),
    ]
    return [(nom, choix) for nom, choix in groupes if choix]


class PointsField(forms.ModelChoiceField):
    def label_from_instance(self, point):
        return f"{point.reunion} – {point}"


class PresenterForm(forms.Form):
    point = PointsField(
        PointOrdreDuJour.objects.none(),
        label="point de l’ordre du jour du comité de pilotage",
        empty_label="Choisissez un point",
        help_text="Un point s’ajoute depuis la page de la réunion.",
    )

    def __init__(self, *args, revue: RevueMiParcours, **kwargs):
        super().__init__(*args, **kwargs)
        points = PointOrdreDuJour.objects.filter(
            reunion__convention=revue.convention_id,
            reunion__instance_gouvernance__type_instance=TypeInstance.COPIL,
        )
        self.fields["point"].queryset = points.select_related("reunion__instance_gouvernance").order_by(
            "-reunion__date", "ordre"
        )


class TrancherForm(EditionForm):
    """Both are empty, or both are said: the constraint of the row says so."""

    decision = DecisionsField(
        Decision.objects.none(), label="décision", required=False, empty_label="pas encore de décision"
    )

    class Meta:
        model = Proposition
        fields = ("issue", "decision")

    def __init__(self, *args, instance: Proposition, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        self.fields["issue"].choices = [("", "pas encore décidée"), *IssueProposition.choices]
        reunion = instance.revue.point.reunion
        decisions = Decision.objects.filter(
            reunion__convention=reunion.convention_id,
            reunion__instance_gouvernance__type_instance=TypeInstance.COPIL,
            reunion__date__gte=reunion.date,
            remplacee_par=None,
        )
        self.fields["decision"].queryset = decisions.select_related("reunion").order_by(
            "-reunion__annee", "-reunion__rang", "-rang"
        )
        if not decisions.exists():
            self.fields["decision"].help_text = (
                f"Aucune n’est encore notée. Les décisions se notent sur la page de la réunion {reunion.numero} "
                f"({date_longue(reunion.date)}), une fois qu’elle s’est tenue."
            )


class AvenantForm(forms.Form):
    objet = forms.CharField(max_length=300, help_text="Ce que l’avenant change, en une ligne.")
    date_effet = forms.DateField(
        label="date d’effet",
        widget=saisie_de_jour(),
        validators=[date_plausible],
        help_text="Le premier jour où ce qu’il change sera en vigueur. Elle se corrige tant que le projet se prépare.",
    )
