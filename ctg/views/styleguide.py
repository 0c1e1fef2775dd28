"""The components, each shown once: what a page is made of."""

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.views.generic import TemplateView

from ctg.dates import saisie_de_jour
from ctg.historique import Difference
from ctg.panneaux import composer

COULEURS = (
    ("encre", "textes"),
    ("encre-douce", "textes seconds"),
    ("papier", "cartes"),
    ("fond", "pages"),
    ("trait", "séparations"),
    ("trait-fort", "contours des champs"),
    ("marque", "liens et actions"),
    ("marque-pale", "survol, choix"),
    ("succes", "fait"),
    ("attention", "en retard, à vérifier"),
    ("danger", "refus, erreur"),
    ("info", "en cours"),
    *((f"axe-{rang}", f"axe {rang}") for rang in range(1, 7)),
)
TONS = (
    ("neutre", "circle-dashed", "à engager"),
    ("info", "circle-play", "en cours"),
    ("succes", "circle-check", "réalisée"),
    ("attention", "clock-alert", "en retard"),
    ("danger", "circle-x", "abandonnée"),
)
MESSAGES = (
    Message(constants.SUCCESS, "La fiche PE-1 est enregistrée."),
    Message(constants.INFO, "Pendant ce temps, une autre personne a modifié : Priorité. Tout est réuni."),
    Message(constants.WARNING, "Cette date n’existe pas : voici ce qui vaut aujourd’hui."),
    Message(constants.ERROR, "La campagne est close : rien n’est enregistré."),
)


class ExempleForm(forms.Form):
    """One field of each kind, and one that is refused."""

    intitule = forms.CharField(label="intitulé", help_text="En une phrase.")
    statut = forms.ChoiceField(choices=[("a_engager", "à engager"), ("en_cours", "en cours")])
    echeance = forms.DateField(label="échéance", widget=saisie_de_jour(), required=False)
    description = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    est_faite = forms.BooleanField(label="faite", required=False)
    code = forms.CharField(required=True)


class StyleguideView(TemplateView):
    permission_code = None  # any account
    template_name = "ctg/styleguide.html"

    def get_context_data(self, **kwargs):
        form = ExempleForm({"intitule": "Ouvrir le guichet unique", "statut": "en_cours"})
        return super().get_context_data(
            couleurs=COULEURS,
            tons=TONS,
            exemples_de_messages=MESSAGES,
            form=form,
            page_obj=Paginator(range(120), 50).page(2),
            difference=Difference(
                "", "description", "Description", "Un guichet ouvert.", "Un guichet ouvert le jeudi."
            ),
            panneaux=composer("styleguide", self.request, None, None),
            **kwargs,
        )
