"""What happens around each request: how long a session lasts, the second factor, the act that changes belong to."""

import time

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from ctg.adaptateurs import doit_second_facteur
from ctg.models.historique import Porte, acte
from ctg.views.brouillons import is_fetch, recueillir, sans_session

PAS_ACTIVITE = 30  # seconds between two writings of the last activity
FINIE = "Votre session a pris fin. Reconnectez-vous : ce que vous écriviez est gardé."


class ActeMiddleware:
    """All that one request changes is one act, with the door that it came by."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acte(_porte(request.path)):
            return self.get_response(request)


def _porte(path: str) -> str:
    if not path.startswith("/admin/"):
        return Porte.PAGE
    return Porte.IMPORT if path.endswith(("/import/", "/process_import/")) else Porte.ADMIN


class MauvaiseAdresseMiddleware:
    """The address of a button, opened as a page (an old tab, a login in between): a page that says so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not is_fetch(request):
            permises = response["Allow"]
            response = render(request, "405.html", status=405)
            response["Allow"] = permises
        return response


class SessionMiddleware:
    """Ends a session left idle, or too old; what was being sent is kept for the person's return."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self._sans_session(request) or self.get_response(request)
        now, session = time.time(), request.session
        debut = session.setdefault("debut", now)
        activite = session.setdefault("activite", now)
        if now - activite > settings.SESSION_INACTIVITE or now - debut > settings.SESSION_DUREE:
            return self._finir(request)
        if now - activite > PAS_ACTIVITE:
            session["activite"] = now
        response = self.get_response(request)
        # A page of a person is for that person: no copy stays in the browser after they left.
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def _finir(self, request):
        garde = recueillir(request)
        logout(request)
        if reponse := sans_session(request, garde=garde):
            return reponse
        messages.info(
            request,
            "Votre session a pris fin après un temps sans activité. Reconnectez-vous : ce que vous écriviez est gardé.",
        )
        return redirect_to_login(request.get_full_path())

    def _sans_session(self, request):
        """A form whose session is gone: closed in another tab, or its cookie lost."""
        garde = recueillir(request)
        if garde is None and request.method != "POST":
            return None
        if reponse := sans_session(request, garde=garde):
            return reponse
        if not garde:
            return None
        messages.info(request, FINIE)
        return redirect_to_login(request.get_full_path())


class SecondFacteurMiddleware:
    """Who owes a second factor sets one up before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        libre = request.path.startswith(("/compte/", "/static/", "/healthz"))
        if not libre and user.is_authenticated and doit_second_facteur(user) and not is_mfa_enabled(user):
            messages.warning(
                request,
                "Votre rôle demande un second facteur : une application d’authentification ou une clé de sécurité. "
                "Activez-en un pour continuer.",
            )
            return redirect("mfa_index")
        return self.get_response(request)
