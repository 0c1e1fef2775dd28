"""Login by OpenID Connect: to the provider, and back. Whatever goes wrong ends on the login page, which says so."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from ctg.oidc import Echec, SansCompte

ECHEC = (
    "La connexion avec {nom} n’a pas abouti. Recommencez, ou entrez avec votre mot de passe ou un code reçu par "
    "courriel. Pas encore de compte ? Demandez au chargé de coopération de votre convention une invitation à "
    "l’adresse que vous utilisez chez {nom}."
)
SANS_COMPTE = (
    "Aucun compte actif ne correspond à l’adresse que vous utilisez chez {nom}. Demandez au chargé de coopération "
    "de votre convention une invitation à cette adresse."
)


class SiActif:
    """Where no provider is configured, these addresses lead nowhere."""

    permission_code = None

    def dispatch(self, request, *args, **kwargs):
        if not settings.OIDC_ACTIF:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class DepartView(SiActif, OIDCAuthenticationRequestView):
    pass


@method_decorator(login_not_required, name="dispatch")
class RetourView(SiActif, OIDCAuthenticationCallbackView):
    def get(self, request):
        if request.GET.get("error"):  # the person gave up, or the provider refused: whoever is here stays
            if request.session.get("oidc_states", {}).pop(request.GET.get("state"), None):
                request.session.modified = True
            return self.login_failure()
        try:
            return super().get(request)
        except SansCompte:
            return self.login_failure(SANS_COMPTE)
        except (Echec, SuspiciousOperation):
            return self.login_failure()

    def login_success(self):
        """By django-allauth, which asks for the second factor where there is one."""
        suite = self.success_url
        self.request.session.pop("oidc_login_next", None)
        return perform_login(self.request, self.user, redirect_url=suite)

    def login_failure(self, message=ECHEC):
        messages.error(self.request, message.format(nom=settings.OIDC_NOM))
        return redirect("account_login")
