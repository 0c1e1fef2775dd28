"""The form of the register: any kind of effect, in the same fields and the same order."""

from django import forms
from django.utils import timezone

from ctg.models import Convention
from ctg.permissions import check
from evaluation.forms_complements import EffetForm
from evaluation.models import Effet
from fiches.models import Axe, FicheProjet
from gouvernance.forms import EditionForm

CONVENTION = "convention"
INVITE = [("", "—")]


def objets_notables(user, convention: Convention) -> list[tuple[str, list[tuple[str, str]]]]:
    """What this person may note an effect of, today: groups of choices, those of the convention first."""
    today = timezone.localdate()

    def permis(**objet) -> bool:
        return bool(
            check(user, "evaluation.noter_effet", Effet(convention=convention, **{"fiche": None} | objet))
        )

    axes = (
        Axe.objects.filter(convention=convention)
        .en_vigueur(au=today)
        .order_by("rang", "parent__ordre", "ordre", "pk")
    )
    fiches = FicheProjet.objects.filter(convention=convention).en_vigueur(au=today)
    fiches = fiches.for_list().prefetch_related("axes")
    groupes = [
        ("La convention", [(CONVENTION, "Toute la convention")] if permis() else []),
        ("Un axe", [(f"axe-{axe.pk}", str(axe)) for axe in axes if permis(axe=axe)]),
        ("Une fiche", [(f"fiche-{fiche.pk}", str(fiche)) for fiche in fiches if permis(fiche=fiche)]),
    ]
    return [(nom, choix) for nom, choix in groupes if choix]


class EffetEditForm(EditionForm):
    """What it is of, and its year, are chosen once: a mistake is taken away and noted again."""

    is_attendu = EffetForm.base_fields["is_attendu"]

    class Meta(EffetForm.Meta):
        model = Effet

    def __init__(self, *args, instance: Effet, initial: dict | None = None, **kwargs):
        attendu = {} if instance.pk is None else {"is_attendu": "1" if instance.is_attendu else "0"}
        super().__init__(*args, instance=instance, initial=attendu | (initial or {}), **kwargs)


class EffetAjoutForm(EffetEditForm):
    objet = forms.ChoiceField(label="sur quoi porte l’effet")
    annee = forms.TypedChoiceField(label="année", coerce=int)

    field_order = ("objet", "annee")

    class Meta(EffetEditForm.Meta):
        fields = ("annee", *EffetEditForm.Meta.fields)

    def __init__(self, *args, user, instance: Effet, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        convention = instance.convention
        annees = [a for a in convention.annees if a <= timezone.localdate().year]
        self.fields["objet"].choices = INVITE + objets_notables(user, convention)
        self.fields["annee"].choices = INVITE + [(a, str(a)) for a in reversed(annees)]

    def clean_objet(self):
        """The object itself, in the convention: what is not proposed is refused by the choice."""
        genre, _, cle = self.cleaned_data["objet"].partition("-")
        self.instance.fiche = FicheProjet.objects.get(pk=cle) if genre == "fiche" else None
        self.instance.axe = Axe.objects.get(pk=cle) if genre == "axe" else None
        return self.cleaned_data["objet"]
