"""Form pages that keep a draft on the server while one types, and give it back."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from ctg import brouillons

DEJA_RECU = "Ce formulaire était déjà enregistré : rien n’a été fait deux fois."


class BrouillonMixin:
    """A `post` begins with `avant_enregistrement`, and ends with `recevoir`; a GET shows `brouillon_data`."""

    garde_brouillon = True
    brouillon = None

    @property
    def brouillon_data(self):
        """The draft as form data on a GET, or None."""
        if self.request.method in {"GET", "HEAD"} and self.brouillon is None:
            self.brouillon = brouillons.lire(self.request.user, self.request.path) or False
        return brouillons.en_formulaire(self.brouillon) if self.brouillon else None

    def avant_enregistrement(self):
        """The answer to a draft, or to a form that was received already; None: go on and save.

        The object is read, and locked, before: the right to edit is the right to keep a draft.
        """
        if self.request.POST.get("brouillon") or self.request.POST.get("abandonner"):
            return self._brouillon(self.request)
        if brouillons.est_recu(self.request.POST.get("envoi", "")):
            messages.info(self.request, DEJA_RECU)
            return redirect(self.get_success_url())
        return None

    def _brouillon(self, request):
        if request.POST.get("abandonner"):
            brouillons.oublier(request.user, request.path)
            messages.info(request, "Le brouillon est abandonné : voici ce qui est enregistré.")
            return redirect(request.path)
        now = timezone.now()
        if not brouillons.garder(request.user, request.path, request.POST, now=now):
            return JsonResponse({"erreur": "Le brouillon n’a pas été gardé : enregistrez."}, status=409)
        heure = timezone.localtime(now).strftime("%H:%M")
        return JsonResponse({"heure": heure, "reste": settings.SESSION_INACTIVITE})

    def recevoir(self) -> None:
        """Call it in the transaction that saves: the draft has served, and this form is not taken twice."""
        brouillons.oublier(self.request.user, self.request.path)
        brouillons.recevoir(self.request.POST.get("envoi", ""), now=timezone.now())

    def get_context_data(self, **kwargs):
        kwargs["envoi"] = self.request.POST.get("envoi") or str(uuid.uuid4())
        kwargs["brouillon"] = self.brouillon or None
        return super().get_context_data(**kwargs)
