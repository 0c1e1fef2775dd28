"""The search over everything of a convention."""

from django.views.generic import TemplateView

from ctg.recherche_globale import MAX_CARACTERES, chercher
from ctg.replique import LectureAilleursMixin
from ctg.views.mixins import ConventionMixin


class RechercheView(LectureAilleursMixin, ConventionMixin, TemplateView):
    template_name = "ctg/recherche.html"

    def get_context_data(self, **kwargs):
        query = self.request.GET.get("q", "")[:MAX_CARACTERES].replace("\x00", "")
        resultats = chercher(self.request.user, self.convention, query)
        return super().get_context_data(
            query=query, resultats=resultats, nb=sum(resultat.nb for resultat in resultats), **kwargs
        )
