"""An effect noted, changed, taken away from the register: of the convention, of an axe, of a fiche; and its history."""

from functools import partial

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from ctg.historique import collect_historique
from ctg.views import ConventionMixin
from ctg.views.mixins import exiger
from evaluation.effets.forms import EffetAjoutForm, EffetEditForm
from evaluation.effets.services import enregistrer_effet, retirer_effet, verrou_de_l_effet
from evaluation.models import Effet
from evaluation.verrous import VerrouError
from evaluation.views.retrait import RetraitView
from gouvernance.views.edition import EditionView


class EffetMixin:
    """`pk` is an effect of the convention that this person may change; locked on a POST."""

    permission_code = "evaluation.ouvrir_effets"

    def get_effet(self) -> Effet:
        effets = Effet.objects.filter(convention=self.convention).for_list()
        if self.request.method == "POST":
            effets = effets.select_for_update(of=("self",), no_key=True)
        effet = get_object_or_404(effets, pk=self.kwargs["pk"])
        exiger(self.request.user, "evaluation.noter_effet", effet)
        return effet

    def get_refus_de(self, effet: Effet) -> str:
        ferme = verrou_de_l_effet(effet, today=timezone.localdate())
        return ferme.raison if ferme else ""

    @property
    def registre(self) -> str:
        return reverse("evaluation:effets", kwargs={"convention": self.convention.slug})


class EffetFormView(EffetMixin, EditionView):
    template_name = "evaluation/effets/formulaire.html"

    def get_retour(self):
        return self.registre

    def get_apres(self, objet):
        return f"{self.registre}#effet-{objet.pk}"

    def get_message(self, objet):
        return "L’effet est enregistré."

    def sauver(self, form):
        try:
            return enregistrer_effet(
                form.save(commit=False), user=self.request.user, now=timezone.localtime()
            )
        except VerrouError as error:
            raise ValidationError(f"{error} Ce que vous avez écrit est gardé ci-dessous.") from error


class EffetNoterView(EffetFormView):
    @property
    def form_class(self):
        return partial(EffetAjoutForm, user=self.request.user)

    def get_objet(self):
        return Effet(convention=self.convention)

    def get_titre(self):
        return "Noter un effet"


class EffetModifierView(EffetFormView):
    form_class = EffetEditForm

    def get_objet(self):
        return self.get_effet()

    def get_refus(self):
        return self.get_refus_de(self.objet)

    def get_titre(self):
        return "Modifier un effet"


class EffetRetirerView(EffetMixin, RetraitView):
    nom = "l’effet"

    def get_objet(self):
        return self.get_effet()

    def get_refus(self, objet):
        return self.get_refus_de(objet)

    def get_retour(self, objet):
        return self.registre

    def retirer(self, objet):
        retirer_effet(objet, user=self.request.user, now=timezone.localtime())


class EffetsHistoriqueView(ConventionMixin, TemplateView):
    permission_code = "ctg.lire_chiffres"
    template_name = "evaluation/effets/historique.html"

    def get_context_data(self, **kwargs):
        evenements = collect_historique("effets", self.request.user, self.convention, self.convention)
        page = Paginator(evenements, 30).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)
