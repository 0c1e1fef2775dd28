"""What happens around each request: how long a session lasts, the second factor, the act that changes belong to."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.defaults import page_not_found

from ctg.adaptateurs import doit_second_facteur
from ctg.models.historique import Porte, acte
from ctg.views.brouillons import demande_une_session, is_fetch, recueillir, sans_session

PAS_ACTIVITE = 30  # seconds between two writings of the last activity
FINIE = "Votre session a pris fin."
INACTIVE = "Votre session a pris fin après un temps sans activité."
GARDE = "Reconnectez-vous : ce que vous écriviez est gardé."
RECONNECTER = "Reconnectez-vous pour continuer."
# Codes that were noted on paper are no factor by themselves: they stand in for one of these.
SECONDS_FACTEURS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


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


class AdresseLisibleMiddleware:
    """No page has an address with a NUL, and PostgreSQL refuses to be asked for one: not found, before anything is asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path:
            return page_not_found(request, Http404())
        return self.get_response(request)


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
        if now - debut > settings.SESSION_DUREE:
            return self._finir(
                request,
                f"Votre session a pris fin : elle dure {settings.SESSION_DUREE // 3600} heures au plus.",
            )
        if now - activite > settings.SESSION_INACTIVITE:
            return self._finir(request, INACTIVE)
        if now - activite > PAS_ACTIVITE:
            session["activite"] = now
        response = self.get_response(request)
        # A page of a person is for that person: no copy stays in the browser after they left.
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def _finir(self, request, pourquoi: str):
        garde = recueillir(request)
        logout(request)
        if reponse := sans_session(request, garde=garde):
            return reponse
        messages.info(request, f"{pourquoi} {GARDE if garde else RECONNECTER}")
        return _reconnecter(request)

    def _sans_session(self, request):
        """A form whose session is gone: closed in another tab, or its cookie lost."""
        if request.method != "POST" or not demande_une_session(request):
            return None
        garde = recueillir(request)
        if reponse := sans_session(request, garde=garde):
            return reponse
        messages.info(request, f"{FINIE} {GARDE if garde else RECONNECTER}")
        return _reconnecter(request)


def _reconnecter(request):
    """To the login, then back to the same address; who was leaving has left."""
    if request.path == reverse("account_logout"):
        return redirect(settings.LOGIN_URL)
    return redirect_to_login(request.get_full_path())


class SecondFacteurMiddleware:
    """Who owes a second factor sets one up before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        libre = request.path.startswith(("/compte/", "/static/", "/healthz"))
        if libre or not user.is_authenticated or not doit_second_facteur(user):
            return self.get_response(request)
        if not is_mfa_enabled(user, types=SECONDS_FACTEURS):
            messages.warning(
                request,
                "Votre rôle demande un second facteur : une application d’authentification ou une clé de sécurité. "
                "Activez-en un pour continuer.",
            )
            return redirect("mfa_index")
        return self.get_response(request)
