"""Documents of a bilan, as they were published or as the state of the version has them; the contrôle of a file."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.generic import TemplateView, View

from ctg.models import Convention
from ctg.replique import LectureAilleursMixin
from ctg.views.fichiers import servir_conserve
from evaluation.controle import controler
from evaluation.documents import DOCUMENTS
from evaluation.edition import Edition
from evaluation.editions import edition_de
from evaluation.enums import Recette
from evaluation.forms_bilan import ControleForm
from evaluation.lecture_bilan import sorties_lisibles, visible_to
from evaluation.models import Bilan, DocumentPublie
from evaluation.reports import collect_bilan
from evaluation.views.bilans import RIEN, BilanMixin
from evaluation.views.fabrications import fournir

# By a worker: the others take less than a second.
LONGS = {"pdf": Recette.BILAN, "xlsx": Recette.TABLEAU, "ods": Recette.TABLEAU_ODS}


def repondre(request, convention: Convention, edition: Edition, extension: str) -> HttpResponse:
    if extension in LONGS:
        return fournir(request, convention, LONGS[extension], edition)
    document = DOCUMENTS[extension]
    response = HttpResponse(document.render(edition), content_type=document.content_type)
    response["Content-Disposition"] = f'attachment; filename="{document.filename(edition, extension)}"'
    return response


class DocumentBilanView(LectureAilleursMixin, BilanMixin, View):
    """A version in one output and one format. The published file itself, where there is one."""

    def get(self, request, *args, **kwargs):
        sortie, extension = kwargs["sortie"], kwargs["extension"]
        bilan = self.get_bilan()
        if extension not in DOCUMENTS or sortie not in sorties_lisibles(request.user, self.convention):
            raise Http404("Ce document ne vous est pas ouvert, ou n’existe pas.")
        return servir(request, bilan, sortie, extension)


class DernierDocumentView(LectureAilleursMixin, BilanMixin, View):
    """The latest version that the reader may have; the live working document where the team has frozen nothing."""

    extension = "pdf"

    def get(self, request, *args, **kwargs):
        versions = self.get_versions()
        sorties = sorties_lisibles(request.user, self.convention)
        if versions and sorties:
            return servir(request, versions[0], sorties[0], self.extension)
        if not self.is_equipe:
            raise Http404(RIEN)
        vivant = collect_bilan(self.convention, kwargs["annee"], now=timezone.localtime())
        return repondre(request, self.convention, Edition(vivant), self.extension)


def servir(request, bilan: Bilan, sortie: str, extension: str):
    publie = DocumentPublie.objects.filter(bilan=bilan, sortie=sortie, extension=extension).first()
    if publie is None:
        etag = f'"{bilan.empreinte[:32]}-{bilan.statut}-{sortie}-{extension}"'
        if bilan.date_publication and (inchange := get_conditional_response(request, etag=etag)):
            return inchange
        response = repondre(request, bilan.convention, edition_de(bilan, sortie), extension)
        if bilan.date_publication and response.status_code == 200:  # made anew, of what never changes
            response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
        return response
    return servir_conserve(request, publie, DOCUMENTS[extension].content_type)


class ControleView(BilanMixin, TemplateView):
    """Says whether a file is one that was published. Of what this person may not read, nothing."""

    template_name = "evaluation/bilan_controle.html"
    permission_code = "evaluation.controler"

    def post(self, request, *args, **kwargs):
        form = ControleForm(request.POST, request.FILES)
        controle = None
        if form.is_valid():
            lisibles = visible_to(request.user, self.convention).values("pk")
            bilans = Bilan.objects.filter(
                Q(pk__in=lisibles) | Q(convention=self.convention, date_publication__isnull=False)
            )
            controle = controler(form.cleaned_data["fichier"].read(), bilans)
        return self.render_to_response(self.get_context_data(form=form, controle=controle))

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", ControleForm())
        kwargs.setdefault("controle", None)
        return super().get_context_data(**kwargs | {"annee": self.kwargs["annee"]})
