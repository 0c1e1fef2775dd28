"""Login, and what the person does with their own session."""

import hashlib

from allauth.account.signals import login_code_rejected
from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import perform_login
from allauth.account.views import LoginView, RequestLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.core.cache import cache
from django.db import transaction
from django.dispatch import receiver
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from ctg.comptes_demo import COMPTES, MOT_DE_PASSE
from ctg.invitations import lire_invitation
from ctg.models import Utilisateur
from ctg.sessions import restante

ENTRE_DEUX_CODES = 60  # seconds
DEJA_PARTI = "Un code vient de partir à cette adresse : lisez vos courriels. Vous pourrez en demander un autre dans une minute."


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


def cle_de_la_demande(request, email: str) -> str:
    """Of that address, asked from that browser: nobody else keeps one from receiving theirs."""
    qui = f"{request.session.session_key}{email.strip().lower()}"
    return f"code-{hashlib.sha256(qui.encode()).hexdigest()}"


@receiver(login_code_rejected)
def oublier_la_demande(sender, request, user, last_attempt, **kwargs):
    """After the last wrong attempt the code is worth nothing: another is asked for at once."""
    if last_attempt:
        cache.delete(cle_de_la_demande(request, user.email))


class DemandeDeCodeView(RequestLoginCodeView):
    """Somebody who mistyped their address asks again: the code that is pending is another's, or nobody's.

    A form that is sent twice sends one code: the second would make the first one false.
    """

    def get(self, request, *args, **kwargs):
        request.session.setdefault("demande_de_code", True)  # two clicks belong to one session
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if request.session.session_key is None:
            request.session.create()
        self.cle = cle_de_la_demande(request, request.POST.get("email", ""))
        if not cache.add(self.cle, True, ENTRE_DEUX_CODES):
            messages.info(request, DEJA_PARTI)
            return redirect("account_confirm_login_code")
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form):
        cache.delete(self.cle)  # nothing left
        return super().form_invalid(form)

    def _redirect_to_pending_stage(self, request, stage):
        if stage.key == LoginByCodeStage.key:
            return None
        return super()._redirect_to_pending_stage(request, stage)


@require_POST
def prolonger(request):
    """Any request counts as activity; this one says how long the session now lasts (seconds)."""
    return JsonResponse(restante(request))


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
        with transaction.atomic():
            Utilisateur.objects.select_for_update(no_key=True).get(pk=self.compte.pk)
            if lire_invitation(self.kwargs["jeton"]) is None:  # somebody was quicker
                return render(self.request, "ctg/invitation_perimee.html", status=404)
            compte = form.save()
        messages.success(self.request, "Votre compte est ouvert.")
        return perform_login(self.request, compte, email_verification="none")
