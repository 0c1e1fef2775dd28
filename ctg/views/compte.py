"""Login, and what the person does with their own session."""

from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import perform_login
from allauth.account.views import LoginView, RequestLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from ctg.comptes_demo import COMPTES, MOT_DE_PASSE
from ctg.invitations import lire_invitation


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


class DemandeDeCodeView(RequestLoginCodeView):
    """Somebody who mistyped their address asks again: the code that is pending is another's, or nobody's."""

    def _redirect_to_pending_stage(self, request, stage):
        if stage.key == LoginByCodeStage.key:
            return None
        return super()._redirect_to_pending_stage(request, stage)


@require_POST
def prolonger(request):
    """Any request counts as activity; this one says how long the session now lasts (seconds)."""
    return JsonResponse({"reste": settings.SESSION_INACTIVITE})


prolonger.permission_code = None  # any account, on its own session


@method_decorator([login_not_required, sensitive_post_parameters(), never_cache], name="dispatch")
class InvitationView(FormView):
    """Whoever holds the link that was sent chooses the password of the account, once, and enters."""

    permission_code = None  # the link is the right
    template_name = "ctg/invitation.html"
    form_class = SetPasswordForm

    def dispatch(self, request, *args, **kwargs):
        self.compte = lire_invitation(kwargs["jeton"])
        if self.compte is None:
            return render(request, "ctg/invitation_perimee.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.compte}

    def get_context_data(self, **kwargs):
        return super().get_context_data(compte=self.compte, **kwargs)

    def form_valid(self, form):
        compte = form.save()
        messages.success(self.request, "Votre compte est ouvert.")
        return perform_login(self.request, compte, email_verification="none")
