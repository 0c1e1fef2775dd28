"""The bilans that one may read, the bilan of a year, one version of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from ctg.historique import collect_historique
from ctg.permissions import check
from ctg.replique import LectureAilleursMixin
from ctg.views import ConventionMixin
from evaluation.documents import EXTENSIONS
from evaluation.editions import debats_du_bilan, edition_de
from evaluation.enums import NatureCampagne, Sortie
from evaluation.figement import empechement, figer, refus_de_remplacer
from evaluation.lecture_bilan import sorties_lisibles, versions_lisibles, visible_to
from evaluation.models import Bilan, Campagne
from evaluation.mots_de_l_acte import dire_acte
from evaluation.parcours_bilan import jalons, suite
from evaluation.reports import collect_bilan
from evaluation.transitions import TransitionError

NOMS_SORTIES = {Sortie.COMPLET: "Version complète", Sortie.PUBLIC: "Version publique"}
RIEN = "Aucun bilan de cette année ne vous est ouvert."


class BilanMixin(ConventionMixin):
    """A year of the convention, and the versions of its bilan that this person may read. No other answers."""

    permission_code = "ctg.consulter"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if kwargs["annee"] not in self.convention.annees:
            raise Http404("Cette année n’est pas une année de la convention.")

    @property
    def is_equipe(self) -> bool:
        return bool(check(self.request.user, "evaluation.travailler_bilan", self.convention))

    def get_versions(self) -> list[Bilan]:
        versions = versions_lisibles(self.request.user, self.convention, self.kwargs["annee"])
        return list(versions.defer("contenu"))

    def get_bilan(self) -> Bilan:
        """The version of the address, or the latest one. 404 where this person has none."""
        versions = versions_lisibles(self.request.user, self.convention, self.kwargs["annee"])
        if "version" in self.kwargs:
            versions = versions.filter(version=self.kwargs["version"])
        if (bilan := versions.first()) is None:
            raise Http404(RIEN)
        return bilan

    def sorties(self) -> list[tuple[str, str, list[str]]]:
        """(output, its name, formats) that this person may download."""
        lisibles = sorties_lisibles(self.request.user, self.convention)
        return [(sortie, NOMS_SORTIES[sortie], list(EXTENSIONS)) for sortie in lisibles]


class BilansView(LectureAilleursMixin, ConventionMixin, TemplateView):
    """For each year, the latest version that this person may read."""

    template_name = "evaluation/bilans.html"

    def get_context_data(self, **kwargs):
        user, convention = self.request.user, self.convention
        versions = visible_to(user, convention).select_related("convention").order_by("-annee", "-version")
        dernieres: dict[int, Bilan] = {}
        for bilan in versions.defer("contenu"):
            dernieres.setdefault(bilan.annee, bilan)
        return super().get_context_data(
            bilans=list(dernieres.values()),
            equipe=check(user, "evaluation.travailler_bilan", convention),
            annees=convention.annees,
            sorties=[(s, NOMS_SORTIES[s], list(EXTENSIONS)) for s in sorties_lisibles(user, convention)],
            **kwargs,
        )


class BilanView(LectureAilleursMixin, BilanMixin, TemplateView):
    """Where the bilan of a year is, what is next, and what may be downloaded."""

    template_name = "evaluation/bilan.html"

    def get_context_data(self, **kwargs):
        annee, user, versions = self.kwargs["annee"], self.request.user, self.get_versions()
        if not versions and not self.is_equipe:
            raise Http404(RIEN)
        bilan = versions[0] if versions else None
        # What was said of it is free words: whoever reads the public output only does not read them.
        lit_tout = Sortie.COMPLET in sorties_lisibles(user, self.convention)
        propres = {
            "annee": annee,
            "annees": self.convention.annees,
            "versions": versions,
            "bilan": bilan,
            "edition": edition_de(bilan) if bilan else None,
            "suite": suite(user, self.convention, annee, bilan, today=timezone.localdate()),
            "jalons": jalons(bilan, avec_motifs=lit_tout) if bilan else [],
            "avals": list(bilan.avals.select_related("organisme").order_by("pk"))
            if bilan and lit_tout
            else [],
            "debats": list(debats_du_bilan(bilan)) if bilan and lit_tout else [],
            "conclusion": bilan.conclusion_rendue if bilan and lit_tout else None,
            "corrections": self._corrections(annee),
            "equipe": self.is_equipe,
            "approuve": check(user, "evaluation.publier", self.convention),
            "sorties": self.sorties(),
            "evenements": collect_historique("bilan", user, bilan, self.convention) if bilan else [],
        }
        return super().get_context_data(**kwargs | propres)

    def _corrections(self, annee: int) -> list[Campagne]:
        if not self.is_equipe:
            return []
        corrections = Campagne.objects.filter(
            convention=self.convention, annee=annee, nature=NatureCampagne.CORRECTION
        )
        return list(corrections.order_by("pk"))


class FigerView(BilanMixin, TemplateView):
    """GET says what the next version would hold and what it would not; POST freezes it."""

    http_method_names = ["get", "head", "post"]
    permission_code = "evaluation.figer"
    template_name = "evaluation/figer.html"

    def get(self, request, *args, **kwargs):
        raison = empechement(self.convention, kwargs["annee"], today=timezone.localdate())
        versions = Bilan.objects.filter(convention=self.convention, annee=kwargs["annee"])
        if not raison and (derniere := versions.order_by("-version").first()):
            raison = refus_de_remplacer(derniere)
        if raison:
            messages.info(request, raison)
            return self.retour()
        return super().get(request, *args, **kwargs)

    def retour(self):
        return redirect("evaluation:bilan", convention=self.convention.slug, annee=self.kwargs["annee"])

    def get_context_data(self, **kwargs):
        annee = self.kwargs["annee"]
        contenu = collect_bilan(self.convention, annee, now=timezone.localtime())
        derniere = Bilan.objects.filter(convention=self.convention, annee=annee).aggregate(v=Max("version"))[
            "v"
        ]
        propres = {"annee": annee, "contenu": contenu, "version": (derniere or 0) + 1}
        return super().get_context_data(**kwargs | propres)

    def post(self, request, *args, **kwargs):
        try:
            bilan = figer(self.convention, kwargs["annee"], user=request.user, now=timezone.now())
        except (TransitionError, ValidationError) as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, f"La version {bilan.version} est figée : ses données ne changent plus.")
        return self.retour()


class VersionView(BilanMixin, TemplateView):
    """The screen of one version, from its frozen content."""

    template_name = "evaluation/bilan_version.html"

    def get_context_data(self, **kwargs):
        bilan = self.get_bilan()
        sorties = [sortie for sortie, *_ in self.sorties()]
        edition = edition_de(bilan, sorties[0])
        propres = {
            "annee": bilan.annee,
            "version": bilan,
            "edition": edition,
            "bilan": edition.contenu,
            "phrases": dire_acte(edition) if edition.acte else [],
            "sorties": self.sorties(),
        }
        return super().get_context_data(**kwargs | propres)
