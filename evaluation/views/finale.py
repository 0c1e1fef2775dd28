"""The end-of-convention assessment: screen, documents, and its conclusions."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg.permissions import check
from ctg.renderers import XLSX_TYPE
from ctg.replique import LectureAilleursMixin
from ctg.views import ConventionMixin
from evaluation.enums import Recette
from evaluation.finale.documents import marques, nom_du_document, render_finale_xlsx
from evaluation.finale.forms import ConclusionForm
from evaluation.finale.reports import Finale, collect_finale
from evaluation.finale.services import conclure
from evaluation.models import ConclusionFinale
from evaluation.views.fabrications import fournir
from fiches.models import Axe
from gouvernance.views.edition import EditionView

EXTENSIONS = ("pdf", "xlsx")


class FinaleMixin(ConventionMixin):
    """What each person reads of it is the versions of the bilans that they may read."""

    def collect(self) -> Finale:
        return collect_finale(self.convention, self.request.user, now=timezone.localtime())


class FinaleView(LectureAilleursMixin, FinaleMixin, TemplateView):
    template_name = "evaluation/finale/finale.html"

    def get_context_data(self, **kwargs):
        finale = self.collect()
        return super().get_context_data(
            finale=finale,
            marques=marques(finale),
            conclut=check(self.request.user, "evaluation.conclure_finale", self.convention),
            **kwargs,
        )


class DocumentFinaleView(LectureAilleursMixin, FinaleMixin, View):
    """`extension`: one of `EXTENSIONS`. The PDF takes seconds: a worker makes it."""

    extension = "pdf"

    def get(self, request, *args, **kwargs):
        finale = self.collect()
        if not finale.annees:
            raise Http404("Aucun bilan ne vous est encore ouvert : il n’y a rien à imprimer.")
        if self.extension == "pdf":
            return fournir(request, self.convention, Recette.FINALE, finale)
        response = HttpResponse(render_finale_xlsx(finale), content_type=XLSX_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{nom_du_document(finale, self.extension)}"'
        return response


class ConclusionView(EditionView):
    """`generale`, or the key of an axe of the first level."""

    permission_code = "evaluation.conclure_finale"
    template_name = "evaluation/finale/conclusion.html"
    form_class = ConclusionForm

    def get_objet(self):
        axe = None
        if (pk := self.kwargs.get("pk")) is not None:
            axe = Axe.objects.filter(convention=self.convention, rang=1, pk=pk).first()
            if axe is None:
                raise Http404("Cet axe n’est pas de cette convention.")
        conclusions = ConclusionFinale.objects.filter(convention=self.convention, axe=axe)
        if self.request.method == "POST":
            conclusions = conclusions.select_for_update(of=("self",), no_key=True)
        return conclusions.first() or ConclusionFinale(convention=self.convention, axe=axe)

    def sauver(self, form):
        return conclure(form.save(commit=False), par=self.request.user)

    def get_retour(self):
        return reverse("evaluation:finale", args=[self.convention.slug])

    def get_apres(self, objet):
        return self.get_retour()

    def get_titre(self):
        return str(self.objet)

    def get_message(self, objet):
        return (
            "La conclusion est enregistrée." if objet.texte else "La conclusion est vide : rien ne s’imprime."
        )
