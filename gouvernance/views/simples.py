"""Small forms of this app: where they come from, and what asks before it deletes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from ctg.views import ConventionMixin
from gouvernance.views.edition import EditionView


class FormulaireView(EditionView):
    """`get_fil`: the (address, name) pages above this one."""

    template_name = "gouvernance/formulaire_simple.html"
    retrait = retrait_dit = ""  # the address that takes it back, and what its link says

    def get_fil(self) -> list[tuple[str, str]]:
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        accueil = reverse("gouvernance:index", kwargs={"convention": self.convention.slug})
        fil = [(accueil, "Gouvernance"), *self.get_fil()]
        retirer = ""
        if self.retrait and self.objet.pk:
            adresse = {"convention": self.convention.slug, "pk": self.objet.pk}
            retirer = reverse(self.retrait, kwargs=adresse)
        kwargs.setdefault("siege", None)
        return super().get_context_data(fil=fil, retirer=retirer, retirer_dit=self.retrait_dit, **kwargs)


class RetraitView(ConventionMixin, View):
    """GET asks, POST deletes: `get_objet` locks while saving, `retirer` is the service."""

    permission_code = "gouvernance.tenir"
    titre = question = action = message = ""

    def get_objet(self):
        raise NotImplementedError

    def retirer(self, objet) -> None:
        objet.delete()

    def get(self, request, *args, **kwargs):
        objet = self.get_objet()
        context = {
            "convention": self.convention,
            "titre": self.titre.format(objet),
            "question": self.question.format(objet),
            "action": self.action,
            "retour": objet.get_absolute_url(),
        }
        return render(request, "ctg/confirmer.html", context)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        objet = self.get_objet()
        retour = objet.get_absolute_url()
        try:
            self.retirer(objet)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, self.message.format(objet))
        return redirect(retour)
