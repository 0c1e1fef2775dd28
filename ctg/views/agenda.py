"""One's own agenda: the page that gives its secret address, and the feed at that address."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from ctg.agenda import ecrire_agenda, renouveler, revoquer, titulaire
from ctg.models import AdresseAgenda

CACHE = "private, max-age=900"
RETIREE = "Cette adresse d’agenda n’existe pas, ou a été retirée."


class AgendaView(TemplateView):
    """POST: `retirer` takes the address back; without it, a new address is made, and shown on that page alone."""

    permission_code = None  # any account, its own agenda
    template_name = "ctg/agenda.html"

    def post(self, request, *args, **kwargs):
        if request.POST.get("retirer"):
            if revoquer(request.user):
                messages.success(
                    request, "L’adresse est retirée : les agendas qui la lisaient ne reçoivent plus rien."
                )
            else:
                messages.info(request, "Il n’y avait plus d’adresse : rien n’est changé.")
            return redirect("mon_agenda")
        secret = renouveler(request.user, now=timezone.now())
        url = f"{settings.ADRESSE}{reverse('ctg:ics', kwargs={'secret': secret})}"
        return self.render_to_response(self.get_context_data(url=url))

    def get_context_data(self, **kwargs):
        adresse = AdresseAgenda.objects.filter(utilisateur=self.request.user).first()
        return super().get_context_data(**{"url": "", "adresse": adresse} | kwargs)


@method_decorator(login_not_required, name="dispatch")
class AgendaIcsView(View):
    """Read by the agenda of a telephone or of an office, which has no session: the secret says whose it is."""

    permission_code = None  # the address is the right; what it holds is asked of the rights of its holder
    http_method_names = ["get", "head"]

    def get(self, request, *args, **kwargs):
        user = titulaire(kwargs["secret"])
        if user is None:
            raise Http404(RETIREE)
        contenu = ecrire_agenda(user, today=timezone.localdate())
        etag = f'"{hashlib.sha256(contenu).hexdigest()[:32]}"'
        response = HttpResponse(contenu, content_type="text/calendar; charset=utf-8")
        response["ETag"] = etag
        response["Cache-Control"] = CACHE
        response["Content-Disposition"] = 'inline; filename="pilotage-ctg.ics"'
        response["Referrer-Policy"] = "no-referrer"
        return get_conditional_response(request, etag=etag, response=response)
