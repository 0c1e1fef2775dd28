"""Login, and what the person does with their own session."""

from allauth.account.views import LoginView
from django.conf import settings
from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from ctg.comptes_demo import COMPTES, MOT_DE_PASSE


class ConnexionView(LoginView):
    def get_context_data(self, **kwargs):
        comptes = COMPTES if settings.DEMO else []
        context = super().get_context_data(
            comptes_demo=comptes,
            mot_de_passe_demo=MOT_DE_PASSE,
            oidc_nom=settings.OIDC_NOM if settings.OIDC_ACTIF else "",
            **kwargs,
        )
        suite = context["redirect_field_value"]
        context["oidc_url"] = reverse("oidc_authentication_init", query={"next": suite} if suite else None)
        return context


@require_POST
def prolonger(request):
    """Any request counts as activity; this one says how long the session now lasts (seconds)."""
    return JsonResponse({"reste": settings.SESSION_INACTIVITE})


prolonger.permission_code = None  # any account, on its own session
