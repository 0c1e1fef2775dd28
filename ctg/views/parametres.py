"""Settings of a convention."""

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg.entetes import TELECHARGEMENT
from ctg.forms import NiveauFormSet, ParametresForm
from ctg.fusion_parametres import DEUX_LOGOS, FusionParametres
from ctg.jetons import lire_jeton, signer_jeton
from ctg.models import Convention
from ctg.views.deux_versions import DeuxVersions, demander, dire_la_reunion
from ctg.views.mixins import ConventionMixin


class ParametresView(ConventionMixin, TemplateView):
    permission_code = "ctg.parametrer"
    template_name = "ctg/parametres.html"

    def get_context_data(self, **kwargs):
        # Signed before the rest is read: what is saved in between is then asked, never lost.
        jeton = signer_jeton(self.convention, now=timezone.now())
        kwargs.setdefault("form", ParametresForm(instance=self.convention, user=self.request.user))
        kwargs.setdefault("niveaux", NiveauFormSet(instance=self.convention, prefix="niveaux"))
        return super().get_context_data(jeton=jeton, erreurs=self.request.method == "POST", **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        verrouillees = Convention.objects.select_related("territoire")
        convention = verrouillees.select_for_update(of=("self",), no_key=True).get(pk=self.convention.pk)
        self.convention.version = convention.version  # what a page drawn again shows is this one
        data, fusion, deux_logos = request.POST, None, False
        jeton = lire_jeton(request.POST.get("version", ""), convention)
        a_deux = FusionParametres(convention, user=request.user)
        if a_deux.a_bouge(jeton):
            fusion = a_deux.fusionner(jeton, request.POST)
            if fusion.conflits:
                return self.demander(fusion)
            data = fusion.data
            touche_au_logo = "logo" in request.FILES or "logo-clear" in request.POST
            deux_logos = touche_au_logo and a_deux.a_change_de_logo(jeton)
        form = ParametresForm(data, request.FILES, instance=convention, user=request.user)
        niveaux = NiveauFormSet(data, instance=convention, prefix="niveaux")
        valid = all([form.is_valid(), niveaux.is_valid()])
        if deux_logos:
            form.add_error("logo", DEUX_LOGOS)
        if not valid or deux_logos:
            return self.render_to_response(self.get_context_data(form=form, niveaux=niveaux))
        if form.has_changed() or niveaux.has_changed():  # the same form sent twice is one change
            form.save()
            niveaux.save()
        messages.success(request, "Les paramètres sont enregistrés.")
        dire_la_reunion(request, fusion)
        return redirect("ctg:parametres", convention=convention.slug)

    def demander(self, fusion):
        if "logo" in self.request.FILES:
            messages.warning(
                self.request, "Le logo n’est pas encore enregistré : il sera à redonner ensuite."
            )
        adresse = reverse("ctg:parametres", args=[self.convention.slug])
        page = DeuxVersions(
            titre="Deux versions des paramètres",
            cet_objet="ces paramètres",
            chacun="chaque champ que vous avez changé tous les deux",
            fil=((adresse, "Paramètres"),),
            retour=adresse,
            retour_libelle="Abandonner ce que j’ai écrit",
        )
        return demander(self.request, self.convention, fusion, page)


class LogoView(ConventionMixin, View):
    """The logo of the convention, for whoever reads it."""

    def get(self, request, *args, **kwargs):
        if not self.convention.logo:
            raise Http404("Cette convention n’a pas de logo.")
        response = FileResponse(self.convention.logo.open("rb"))
        response["Content-Security-Policy"] = TELECHARGEMENT
        return response


class CouleurView(ConventionMixin, View):
    """The colour of the convention as a style sheet: no style is written in a page."""

    def get(self, request, *args, **kwargs):
        couleur = self.convention.couleur
        css = f":root {{ --couleur: {couleur}; }}\n" if couleur else ""
        return HttpResponse(css, content_type="text/css; charset=utf-8")
