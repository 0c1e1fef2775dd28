"""The lists of annexes 2 and 2 bis as of a day: on screen, compared with another day, as documents."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView, View

from ctg.views import ConventionMixin
from ctg.views.dates import DateeMixin, date_facultative
from structures.annexes import collect_annexes, comparer_annexes
from structures.renderers import FORMATS, render_comparaison_pdf


class AnnexesView(DateeMixin, ConventionMixin, TemplateView):
    """`?au=`: the day; `?depuis=`: another one, with which it is compared."""

    template_name = "structures/annexes.html"

    def get_context_data(self, **kwargs):
        au, depuis = self.jour.au, date_facultative(self.request, "depuis")
        changements = None
        if depuis is not None:
            changements = comparer_annexes(self.convention, depuis=min(depuis, au), au=max(depuis, au))
        return super().get_context_data(
            depuis=depuis,
            annexes=collect_annexes(self.convention, au=au),
            changements=changements,
            du=depuis and min(depuis, au),
            jusqu_au=depuis and max(depuis, au),
            formats=sorted(FORMATS),
            **kwargs,
        )


class DocumentView(DateeMixin, ConventionMixin, View):
    """One of `FORMATS`, as of `?au=`; with `?depuis=`, what changed between the two days, as PDF."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.depuis = date_facultative(request, "depuis")

    def page_du_fichier(self) -> str:
        return reverse("structures:annexes", args=[self.convention.slug])

    def get(self, request, *args, **kwargs):
        if kwargs["extension"] not in FORMATS:
            raise Http404("Ce document n’existe pas.")
        rendre, content_type = FORMATS[kwargs["extension"]]
        au, depuis = self.jour.au, self.depuis
        jours = au.isoformat()
        if depuis is None:
            octets = rendre(self.convention, collect_annexes(self.convention, au=au), au)
        elif kwargs["extension"] == "pdf":
            depuis, au = sorted((depuis, au))
            jours = f"{depuis.isoformat()}-{au.isoformat()}"
            changements = comparer_annexes(self.convention, depuis=depuis, au=au)
            octets = render_comparaison_pdf(self.convention, changements, depuis=depuis, au=au)
        else:
            raise Http404("La comparaison de deux jours est un PDF.")
        response = HttpResponse(octets, content_type=content_type)
        nom = f"annexes-2-et-2-bis-{self.convention.slug}-{jours}.{kwargs['extension']}"
        response["Content-Disposition"] = f'attachment; filename="{nom}"'
        return response
