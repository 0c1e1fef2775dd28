"""A year of a convention at a glance, its summary table, its documents."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import RedirectView, TemplateView, View

from ctg.permissions import check
from ctg.views import ConventionMixin
from evaluation.autres_documents import (
    nb_signes,
    nom_de_la_fiche,
    render_coup_d_oeil_pdf,
    render_fiche_pdf,
    render_schema_pdf,
    seule,
)
from evaluation.blocs import collect_blocs
from evaluation.edition import Edition
from evaluation.editions import edition_de
from evaluation.enums import Recette
from evaluation.lecture import caches
from evaluation.lecture_bilan import sorties_lisibles, versions_lisibles
from evaluation.reports import collect_bilan
from evaluation.schema_petite_enfance import collect_schema
from evaluation.views.documents_bilan import repondre
from evaluation.views.fabrications import fournir
from fiches.lecture import collect_faits

LONGUE = 60_000  # signs of a fiche: its PDF then takes seconds


class AnneeMixin(ConventionMixin):
    """Live figures of a year of the convention: the team's and the Caf's."""

    permission_code = "ctg.lire_chiffres"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if kwargs["annee"] not in self.convention.annees:
            raise Http404("Cette année n’est pas une année de la convention.")

    def collect(self):
        return collect_bilan(
            self.convention,
            self.kwargs["annee"],
            now=timezone.localtime(),
            caches=caches(self.request.user, self.convention),
            faits=collect_faits(self.request.user, self.convention),
        )

    def get_context_data(self, **kwargs):
        equipe = check(self.request.user, "evaluation.travailler_bilan", self.convention)
        annees = {"annee": self.kwargs["annee"], "annees": self.convention.annees, "equipe": equipe}
        return super().get_context_data(**kwargs | annees)


class IndexView(ConventionMixin, RedirectView):
    """The current year, or the last one of the convention."""

    http_method_names = ["get", "head", "options"]
    permission_code = "ctg.lire_chiffres"

    def get(self, request, *args, **kwargs):
        annees = self.convention.annees
        if not annees:
            raise Http404("Les dates de la convention sont à compléter.")
        annee = max([a for a in annees if a <= timezone.localdate().year] or annees[:1])
        return redirect("evaluation:annee", convention=self.convention.slug, annee=annee)


class AnneeView(AnneeMixin, TemplateView):
    template_name = "evaluation/annee.html"

    def get_context_data(self, **kwargs):
        today, user = timezone.localdate(), self.request.user
        blocs = collect_blocs(self.convention, self.kwargs["annee"], today=today)
        return super().get_context_data(
            bilan=self.collect(),
            blocs=blocs,
            conduite=check(user, "evaluation.campagne", self.convention),
            saisissables=self._saisissables(blocs, today),
            today=today,
            **kwargs,
        )

    def _saisissables(self, blocs, today) -> frozenset[int]:
        """Fiches whose entry this person may open: of a year that has begun, or whose campaign is open."""
        a_commence = self.kwargs["annee"] <= today.year
        fiches = {
            suivi.fiche.pk: suivi.fiche
            for bloc in blocs
            for suivi in bloc.suivis
            if a_commence or suivi.is_ouverte
        }
        return frozenset(
            pk for pk, fiche in fiches.items() if check(self.request.user, "evaluation.saisir", fiche)
        )


class TableauView(AnneeMixin, TemplateView):
    template_name = "evaluation/tableau.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(bilan=self.collect(), **kwargs)


def _pdf(octets: bytes, nom: str) -> HttpResponse:
    response = HttpResponse(octets, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{nom}"'
    return response


class FichePdfView(AnneeMixin, View):
    """One fiche, as the year has it: at once, unless there is very much of it."""

    def get(self, request, *args, **kwargs):
        try:
            edition = seule(Edition(self.collect()), kwargs["code"])
        except LookupError:
            raise Http404("Cette fiche n’est pas en vigueur cette année-là.") from None
        if nb_signes(edition) > LONGUE:
            return fournir(request, self.convention, Recette.FICHE, edition)
        octets = render_fiche_pdf(edition)
        return _pdf(octets, nom_de_la_fiche(edition))


class CarnetView(AnneeMixin, View):
    """All the fiches of the year."""

    def get(self, request, *args, **kwargs):
        return fournir(request, self.convention, Recette.CARNET, Edition(self.collect()))


class CoupDOeilView(AnneeMixin, View):
    """Of the published version, for whoever may read it; before that, of the data of the day, for the team."""

    permission_code = "ctg.consulter"

    def get(self, request, *args, **kwargs):
        octets = render_coup_d_oeil_pdf(self._edition())
        return _pdf(octets, f"coup-d-oeil-{self.convention.slug}-{kwargs['annee']}.pdf")

    def _edition(self) -> Edition:
        user, convention = self.request.user, self.convention
        lit = check(user, "ctg.lire_chiffres", convention)
        versions = versions_lisibles(user, convention, self.kwargs["annee"])
        version = versions.filter(date_publication__isnull=False).first() if lit else versions.first()
        if version is not None:
            return edition_de(version, sorties_lisibles(user, convention)[0])
        if not lit:
            raise PermissionDenied(lit.reason)
        return Edition(self.collect())


class SchemaView(AnneeMixin, View):
    """The schéma pluriannuel of early childhood, with what is missing said."""

    def get(self, request, *args, **kwargs):
        contenu = self.collect()
        schema = collect_schema(self.convention, contenu)
        if schema is None:
            raise Http404("Cette convention n’a pas d’axe « petite enfance ».")
        octets = render_schema_pdf(Edition(contenu), schema)
        return _pdf(octets, f"schema-petite-enfance-{self.convention.slug}-{kwargs['annee']}.pdf")


class DocumentView(AnneeMixin, View):
    """The live summary table as a file. `extension` is one of `DOCUMENTS`."""

    extension = "xlsx"

    def get(self, request, *args, **kwargs):
        return repondre(request, self.convention, Edition(self.collect()), self.extension)
