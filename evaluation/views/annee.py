"""A year of a convention at a glance, its summary table, its documents."""

import datetime
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.generic import RedirectView, TemplateView, View

from ctg.permissions import check
from ctg.replique import LectureAilleursMixin
from ctg.views import ConventionMixin
from ctg.views.dates import lire_jour
from evaluation.autres_documents import (
    nb_signes,
    nom_de_la_fiche,
    render_coup_d_oeil_pdf,
    render_fiche_pdf,
    seule,
)
from evaluation.blocs import collect_blocs
from evaluation.canonique import ecrire, empreinte
from evaluation.edition import Edition
from evaluation.editions import edition_de
from evaluation.enums import Recette
from evaluation.lecture import caches
from evaluation.lecture_bilan import sorties_lisibles, versions_lisibles
from evaluation.reports import collect_bilan
from evaluation.schema_petite_enfance import axe_petite_enfance, collect_schema
from evaluation.views.documents_bilan import repondre
from evaluation.views.fabrications import fournir
from fiches.lecture import collect_faits

PUBLIEE = "publiee"  # ?version=: what is published rather than the data of the day, for who reads both
LONGUE = 30_000  # signs of a fiche: its PDF then takes seconds


class AnneeMixin(ConventionMixin):
    """Live figures of a year of the convention: the team's and the Caf's."""

    permission_code = "ctg.lire_chiffres"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if kwargs["annee"] not in self.convention.annees:
            raise Http404("Cette année n’est pas une année de la convention.")

    def collect(self, au: datetime.date | None = None):
        return collect_bilan(
            self.convention,
            self.kwargs["annee"],
            now=timezone.localtime(),
            caches=caches(self.request.user, self.convention),
            faits=collect_faits(self.request.user, self.convention),
            au=au,
            lecteur=self.request.user,
        )

    def get_context_data(self, **kwargs):
        equipe = check(self.request.user, "evaluation.travailler_bilan", self.convention)
        annees = {
            "annee": self.kwargs["annee"],
            "annees": self.convention.annees,
            "equipe": equipe,
            "publiee": versions_lisibles(self.request.user, self.convention, self.kwargs["annee"])
            .filter(date_publication__isnull=False)
            .exists(),
            "today": timezone.localdate(),
        }
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


class DuJourMixin(LectureAilleursMixin, AnneeMixin):
    """A page of the year as it stands today."""

    def get_context_data(self, **kwargs):
        bilan = self.collect()
        return super().get_context_data(bilan=bilan, schema=axe_petite_enfance(bilan) is not None, **kwargs)


class AnneeView(DuJourMixin, TemplateView):
    template_name = "evaluation/annee.html"

    def get_context_data(self, **kwargs):
        today, user = timezone.localdate(), self.request.user
        blocs = collect_blocs(self.convention, self.kwargs["annee"], today=today)
        return super().get_context_data(
            blocs=blocs,
            conduite=check(user, "evaluation.campagne", self.convention),
            saisissables=self._saisissables(blocs, today),
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


class TableauView(DuJourMixin, TemplateView):
    template_name = "evaluation/tableau.html"


def _pdf(request, edition: Edition, nom: str, rendre: Callable[[Edition], bytes]) -> HttpResponse:
    """A frozen version says the same for ever: who has its document is told so, before anything is drawn."""
    etag = f'W/"{empreinte(ecrire(edition))[:32]}"' if edition.version else None
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(rendre(edition), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{nom}"'
    if etag:
        response["ETag"] = etag
    return response


class EditionLueMixin(AnneeMixin):
    """What this person reads of a year that has begun: the data of the day, else the latest version that they may have."""

    permission_code = "ctg.consulter"
    is_publiee_d_abord = False

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if kwargs["annee"] > timezone.localdate().year:
            raise Http404("Cette année n’a pas commencé : elle n’a pas encore de document.")

    def get_edition(self, au: datetime.date | None = None) -> Edition:
        user, convention = self.request.user, self.convention
        lit = check(user, "ctg.lire_chiffres", convention)
        versions = versions_lisibles(user, convention, self.kwargs["annee"])
        if lit:
            publiees = versions.filter(date_publication__isnull=False)
            demandee = self.is_publiee_d_abord or self.request.GET.get("version") == PUBLIEE
            version = publiees.first() if demandee else None
        else:
            version = versions.first()
        if version is not None:
            return edition_de(version, sorties_lisibles(user, convention)[0])
        if not lit:
            raise PermissionDenied(lit.reason)
        return Edition(self.collect(au), au=au)


class EditionDateeMixin(EditionLueMixin):
    """What can be asked of a day of the year: `?au=`; its fiches then, with their text."""

    refus = "Le document n’est pas fait"

    def get(self, request, *args, **kwargs):
        demandee = request.GET.get("au", "")
        au = lire_jour(demandee)
        if demandee and (au is None or au.year != kwargs["annee"]):
            return self.refuser(f"choisissez un jour de {kwargs['annee']}.")
        edition = self.get_edition(au)
        if au and edition.version:
            return self.refuser(
                "une version du bilan est arrêtée, elle ne se lit pas à une autre date. Téléchargez-la sans date."
            )
        return self.rendre(edition)

    def refuser(self, motif: str) -> HttpResponse:
        messages.error(self.request, f"{self.refus} : {motif}")
        lit = check(self.request.user, "ctg.lire_chiffres", self.convention)
        page = "evaluation:annee" if lit else "evaluation:bilan"
        return redirect(page, self.convention.slug, self.kwargs["annee"])


class FichePdfView(LectureAilleursMixin, EditionDateeMixin, View):
    """One fiche, as the year has it, or as of a day of it: at once, unless there is very much of it."""

    refus = "La fiche n’est pas faite"

    def rendre(self, edition: Edition) -> HttpResponse:
        try:
            edition = seule(edition, self.kwargs["code"])
        except LookupError:
            quand = "ce jour-là" if edition.au else "cette année-là"
            raise Http404(f"Cette fiche n’est pas en vigueur {quand}.") from None
        if nb_signes(edition) > LONGUE:
            return fournir(self.request, self.convention, Recette.FICHE, edition)
        return _pdf(self.request, edition, nom_de_la_fiche(edition), render_fiche_pdf)


class CarnetView(LectureAilleursMixin, EditionDateeMixin, View):
    """All the fiches of the year, or those in force on a day of it."""

    refus = "Le carnet n’est pas fait"

    def rendre(self, edition: Edition) -> HttpResponse:
        return fournir(self.request, self.convention, Recette.CARNET, edition)


class CoupDOeilView(LectureAilleursMixin, EditionLueMixin, View):
    """Of the published version, for whoever may read it; before that, of the data of the day, for the team."""

    is_publiee_d_abord = True

    def get(self, request, *args, **kwargs):
        nom = f"coup-d-oeil-{self.convention.slug}-{kwargs['annee']}.pdf"
        return _pdf(request, self.get_edition(), nom, render_coup_d_oeil_pdf)


class SchemaView(LectureAilleursMixin, EditionLueMixin, View):
    """The schéma pluriannuel of early childhood, with what is missing said."""

    def get(self, request, *args, **kwargs):
        edition = self.get_edition()
        if collect_schema(self.convention, edition.contenu) is None:
            raise Http404("Cette convention n’a pas d’axe « petite enfance ».")
        return fournir(request, self.convention, Recette.SCHEMA, edition)


class DocumentView(LectureAilleursMixin, AnneeMixin, View):
    """The live summary table as a file. `extension` is one of `DOCUMENTS`."""

    extension = "xlsx"

    def get(self, request, *args, **kwargs):
        return repondre(request, self.convention, Edition(self.collect()), self.extension)
