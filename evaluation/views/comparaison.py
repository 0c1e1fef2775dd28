"""Two bilans side by side, among those that one may read."""

import re

from django.http import Http404
from django.views.generic import TemplateView

from ctg.replique import LectureAilleursMixin
from ctg.views import ConventionMixin
from evaluation.comparaison import comparer, comparer_l_ensemble
from evaluation.editions import edition_de
from evaluation.lecture_bilan import sorties_lisibles, visible_to
from evaluation.models import Bilan

NOM = re.compile(r"(\d{4})-(\d{1,4})")
RIEN = "Ce bilan ne vous est pas ouvert."


class ComparerView(LectureAilleursMixin, ConventionMixin, TemplateView):
    """`?a=2024-1&b=2025-1`: year and version. Without them, the two latest that this person may read."""

    template_name = "evaluation/comparer.html"

    def get_context_data(self, **kwargs):
        lisibles = visible_to(self.request.user, self.convention).select_related("convention")
        versions = list(lisibles.defer("contenu").order_by("-annee", "-version"))
        sorties = sorties_lisibles(self.request.user, self.convention)
        if not versions or not sorties:
            raise Http404("Aucun bilan ne vous est encore ouvert.")
        a, b = self._choisir("a", versions, 1), self._choisir("b", versions, 0)
        contenus = [edition_de(bilan, sorties[0]).contenu for bilan in (a, b)]
        tout = "tout" in self.request.GET
        fiches = [f for f in comparer(*contenus) if tout or f.etat or f.nb_changements]
        return super().get_context_data(
            versions=versions,
            a=a,
            b=b,
            fiches=fiches,
            ensemble=[li for li in comparer_l_ensemble(*contenus) if tout or li.is_change],
            tout=tout,
            nb_fiches=len(fiches),
            **kwargs,
        )

    def _choisir(self, cle: str, versions: list[Bilan], rang: int) -> Bilan:
        demande = self.request.GET.get(cle, "")
        if not demande:
            return versions[min(rang, len(versions) - 1)]
        trouve = NOM.fullmatch(demande)
        if trouve:
            for bilan in versions:
                if (bilan.annee, bilan.version) == (int(trouve[1]), int(trouve[2])):
                    return bilan
        raise Http404(RIEN)
