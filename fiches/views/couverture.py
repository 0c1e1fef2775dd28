"""Which fiche covers which quartier, on screen and as a table."""

from django.http import HttpResponse
from django.views.generic import TemplateView

from ctg.formats import FORMATS_DE_TABLE
from ctg.views import ConventionMixin
from ctg.views.dates import DateeMixin
from fiches.couverture import collect_couverture


class CouvertureView(DateeMixin, ConventionMixin, TemplateView):
    """`?export=`: one of the formats of every table."""

    template_name = "fiches/couverture.html"

    def get(self, request, *args, **kwargs):
        self.couverture = collect_couverture(self.convention, au=self.jour.au)
        if (extension := request.GET.get("export", "")) not in FORMATS_DE_TABLE:
            return super().get(request, *args, **kwargs)
        ecrire, content_type = FORMATS_DE_TABLE[extension]
        response = HttpResponse(ecrire(self.jour.dater(self.couverture.table())), content_type=content_type)
        nom = f"fiches-par-quartier-{self.convention.slug}{self.jour.marque}.{extension}"
        response["Content-Disposition"] = f'attachment; filename="{nom}"'
        return response

    def get_context_data(self, **kwargs):
        couverture = self.couverture
        return super().get_context_data(
            couverture=couverture,
            lignes=[
                (ligne, [(nom, cle in ligne.quartiers) for cle, nom in couverture.colonnes])
                for ligne in couverture.lignes
            ],
            formats=sorted(FORMATS_DE_TABLE),
            **kwargs,
        )
