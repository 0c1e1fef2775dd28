"""Settings of a convention."""

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg.forms import NiveauFormSet, ParametresForm
from ctg.jetons import lire_jeton, signer_jeton
from ctg.models import Convention
from ctg.views.mixins import ConventionMixin

CONFLIT = (
    "Quelqu’un a changé ces paramètres pendant que vous écriviez. Rien n’est perdu : vos choix sont ci-dessous. "
    "Comparez-les aux paramètres actuels, puis enregistrez de nouveau."
)


class ParametresView(ConventionMixin, TemplateView):
    permission_code = "ctg.parametrer"
    template_name = "ctg/parametres.html"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", ParametresForm(instance=self.convention, user=self.request.user))
        kwargs.setdefault("niveaux", NiveauFormSet(instance=self.convention, prefix="niveaux"))
        jeton = signer_jeton(self.convention, now=timezone.now())
        return super().get_context_data(jeton=jeton, erreurs=self.request.method == "POST", **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        convention = Convention.objects.select_for_update(of=("self",), no_key=True).get(
            pk=self.convention.pk
        )
        jeton = lire_jeton(request.POST.get("version", ""), convention)
        actuelle = convention.version
        form = ParametresForm(request.POST, request.FILES, instance=convention, user=request.user)
        niveaux = NiveauFormSet(request.POST, instance=convention, prefix="niveaux")
        valid = all([form.is_valid(), niveaux.is_valid()])
        if valid and (jeton is None or jeton.version != actuelle):
            form.add_error(None, CONFLIT)
            valid = False
        if not valid:
            return self.render_to_response(self.get_context_data(form=form, niveaux=niveaux))
        form.save()
        niveaux.save()
        messages.success(request, "Les paramètres sont enregistrés.")
        return redirect("ctg:parametres", convention=convention.slug)


class LogoView(ConventionMixin, View):
    """The logo of the convention, for whoever reads it."""

    def get(self, request, *args, **kwargs):
        if not self.convention.logo:
            raise Http404("Cette convention n’a pas de logo.")
        response = FileResponse(self.convention.logo.open("rb"))
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class CouleurView(ConventionMixin, View):
    """The colour of the convention as a style sheet: no style is written in a page."""

    def get(self, request, *args, **kwargs):
        couleur = self.convention.couleur
        css = f":root {{ --couleur: {couleur}; }}\n" if couleur else ""
        return HttpResponse(css, content_type="text/css; charset=utf-8")
