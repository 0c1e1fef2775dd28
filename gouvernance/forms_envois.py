"""Forms of what is sent, cancelled, approved or refused about a meeting."""

from django import forms

from ctg.models import Personne
from ctg.textes import TexteField
from gouvernance.destinataires import collect_candidats
from gouvernance.models import Reunion


class DestinatairesForm(forms.Form):
    """`deja`: keys of those who have it already; they are not asked for again."""

    personnes = forms.ModelMultipleChoiceField(
        Personne.objects.none(),
        label="destinataires",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une personne."},
    )
    message = TexteField(
        label="message",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Facultatif : quelques mots, en tête du courriel.",
    )

    def __init__(self, *args, reunion: Reunion, deja: frozenset[int] = frozenset(), tous=None, **kwargs):
        super().__init__(*args, **kwargs)
        candidats = [c for c in collect_candidats(reunion) if c.personne.pk not in deja]
        self.fields["personnes"].queryset = Personne.objects.filter(pk__in=[c.personne.pk for c in candidats])
        self.fields["personnes"].choices = [(c.personne.pk, c.libelle) for c in candidats]
        voulus = tous if tous is not None else {c.personne.pk for c in candidats if c.is_propose}
        self.fields["personnes"].initial = [c.personne.pk for c in candidats if c.personne.pk in voulus]
        self.nb_candidats = len(candidats)


class MotifForm(forms.Form):
    motif = TexteField(
        label="motif",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez pourquoi."},
    )


class SansChampForm(forms.Form):
    """A step that is told nothing."""
