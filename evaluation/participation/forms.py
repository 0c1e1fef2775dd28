"""The form of an event of participation."""

from django import forms
from django.utils import timezone

from ctg.dates import saisie_de_jour
from ctg.models import Quartier
from ctg.nombres import NombreField
from ctg.textes import COMPTEUR, RICHE, TexteField
from evaluation.enums import NiveauParticipation, PublicParticipant
from evaluation.models import EvenementParticipation
from fiches.models import Axe, FicheProjet
from gouvernance.forms import DecisionsField, EditionForm
from gouvernance.models import Decision

TEXTE = {"rows": 4, **COMPTEUR, **RICHE}


class EvenementForm(EditionForm):
    publics = forms.MultipleChoiceField(
        label="qui est venu",
        choices=PublicParticipant.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    nb_personnes = NombreField(
        label="nombre de personnes",
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=0,
        help_text=EvenementParticipation._meta.get_field("nb_personnes").help_text,
    )
    decision = DecisionsField(
        Decision.objects.none(),
        label="décision qui a suivi",
        required=False,
        empty_label="aucune, ou pas encore",
    )

    field_order = ("intitule", "date_debut", "date_fin", "niveau", "publics", "nb_personnes")

    class Meta:
        model = EvenementParticipation
        fields = (
            "intitule",
            "date_debut",
            "date_fin",
            "niveau",
            "nb_personnes",
            "quartiers",
            "fiches",
            "axes",
            "is_gouvernance",
            "paroles",
            "changements",
            "decision",
        )
        widgets = {
            "date_debut": saisie_de_jour(),
            "date_fin": saisie_de_jour(),
            **dict.fromkeys(("quartiers", "fiches", "axes"), forms.CheckboxSelectMultiple),
            **{nom: forms.Textarea(attrs=TEXTE) for nom in ("paroles", "changements")},
        }
        field_classes = {"paroles": TexteField, "changements": TexteField}
        help_texts = {"intitule": "Par exemple « Atelier des parents à la ludothèque »."}

    def __init__(self, *args, user, instance: EvenementParticipation, initial: dict | None = None, **kwargs):
        notes = [present.public for present in instance.publics.all()] if instance.pk else []
        super().__init__(*args, instance=instance, initial={"publics": notes} | (initial or {}), **kwargs)
        self.fields["niveau"].choices = [("", "Choisissez un niveau"), *NiveauParticipation.choices]
        convention, today = instance.convention, timezone.localdate()
        gardes = {
            nom: [objet.pk for objet in getattr(instance, nom).all()] if instance.pk else []
            for nom in ("fiches", "axes", "quartiers")
        }
        fiches = FicheProjet.objects.filter(convention=convention)
        axes = Axe.objects.filter(convention=convention)
        # What was chosen stays there, though it is no longer in force.
        self.fields["fiches"].queryset = (
            fiches.en_vigueur(au=today) | fiches.filter(pk__in=gardes["fiches"])
        ).for_list()
        self.fields["axes"].queryset = (
            axes.en_vigueur(au=today) | axes.filter(pk__in=gardes["axes"])
        ).order_by("rang", "parent__ordre", "ordre", "pk")
        self.fields["quartiers"].queryset = Quartier.objects.de_reference(
            convention.territoire
        ).select_related("decoupage")
        self.fields["decision"].queryset = (
            Decision.objects.visible_to(user)
            .filter(reunion__convention=convention)
            .select_related("reunion")
            .order_by("-reunion__annee", "-reunion__rang", "-rang")
        )
