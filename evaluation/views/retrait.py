"""What is taken away is asked for first; the history keeps it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.views.generic import TemplateView

from ctg.views import ConventionMixin
from evaluation.verrous import VerrouError


class RetraitView(ConventionMixin, TemplateView):
    """GET asks, or says what forbids it; POST takes it away. `nom`: « l’effet », « la proposition »."""

    template_name = "evaluation/retirer.html"
    nom = ""

    def get_objet(self):
        """Locked on a POST, and judged."""
        raise NotImplementedError

    def get_refus(self, objet) -> str:
        return ""

    def get_retour(self, objet) -> str:
        """Where one goes, whether it is taken away or not."""
        raise NotImplementedError

    def retirer(self, objet) -> None:
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        objet = self.get_objet()
        return super().get_context_data(
            objet=objet, nom=self.nom, retour=self.get_retour(objet), refus=self.get_refus(objet), **kwargs
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        objet = self.get_objet()
        retour = self.get_retour(objet)
        try:
            with transaction.atomic():
                self.retirer(objet)
        except VerrouError as error:
            messages.error(request, str(error))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            nom = f"{self.nom[:1].upper()}{self.nom[1:]}"
            messages.success(request, f"{nom} n’est plus là. L’historique en garde la trace.")
        return redirect(retour)
