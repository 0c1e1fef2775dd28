"""Importing into a convention, step by step: the file, its columns, what it would change; and undoing.

An app gives its `importable` and its permission to each of these views.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.views.generic import TemplateView, View

from ctg.brouillons import oublier
from ctg.imports import colonnes
from ctg.imports.apercu import INCHANGEE, MODIFIEE, NOUVELLE, REFUSEE, Apercu, examiner
from ctg.imports.depots import Depot, garder_depot, lire_depot
from ctg.imports.fichiers import TableauLu, lire_tableau
from ctg.imports.formulaires import ColonnesForm, FichierForm
from ctg.imports.importable import Importable
from ctg.imports.services import annuler, confirmer, dernier, obstacles_de, prevoir
from ctg.imports.sorties import FORMATS, fichier_annote, table_de
from ctg.lecture_xlsx import ClasseurError
from ctg.models import ImportFait
from ctg.renderers import XLSX_TYPE
from ctg.templatetags.affichage import nombre, pluriel
from ctg.views.mixins import ConventionMixin

RIEN_N_ATTEND = "Aucun fichier n’attend d’être importé : il l’a déjà été, ou il est abandonné."
A_CHANGE = "Quelque chose a changé depuis l’aperçu : rien n’est importé. Relisez ce qui suit, puis confirmez."
A_REGLER = "Rien n’est importé : réglez d’abord ce qui est signalé ci-dessous."
NB_IMPORTS, NB_MONTREES = 10, 200


def telecharger(contenu: bytes, genre: str, nom: str) -> HttpResponse:
    reponse = HttpResponse(contenu, content_type=genre)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


class ImportMixin(ConventionMixin):
    importable: Importable

    def adresse(self, etape: str = "", *args) -> str:
        nom = f"{self.importable.espace}:importer" + (f"_{etape}" if etape else "")
        return reverse(nom, args=[self.convention.slug, *args])

    @cached_property
    def depot(self) -> Depot | None:
        return lire_depot(self.request.user, self.adresse())

    def garder(self, depot: Depot) -> None:
        garder_depot(self.request.user, self.adresse(), depot, now=timezone.now())

    def get_context_data(self, **kwargs):
        parent, nom = self.importable.parent
        return super().get_context_data(
            importable=self.importable,
            depot=self.depot,
            parent=reverse(parent, args=[self.convention.slug]),
            parent_nom=nom,
            depart=self.adresse(),
            **kwargs,
        )


class DepotMixin(ImportMixin):
    """A step that goes on with the file that was brought."""

    def dispatch(self, request, *args, **kwargs):
        self.check_access()
        if (
            self.depot is None
            and request.method in {"GET", "HEAD", "POST"}
            and hasattr(self, request.method.lower())
        ):
            messages.info(request, RIEN_N_ATTEND)
            return redirect(self.adresse())
        return super().dispatch(request, *args, **kwargs)


class DeposerView(ImportMixin, TemplateView):
    template_name = "ctg/import_deposer.html"

    def get_form(self, *args):
        return FichierForm(*args)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.get_form())
        annulable = dernier(self.importable, self.convention)
        faits = ImportFait.objects.filter(convention=self.convention, ressource=self.importable.code)
        return super().get_context_data(
            faits=faits.select_related("utilisateur", "annule_par").order_by("-date_import", "-pk")[
                :NB_IMPORTS
            ],
            dernier=annulable,
            modeles=[(extension, self.adresse("modele", extension)) for extension in sorted(FORMATS)],
            suite=self.adresse("apercu"),
            annulation=self.adresse("annuler", annulable.pk) if annulable else "",
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        form = self.get_form(request.POST, request.FILES)
        if form.is_valid():
            fichier = form.cleaned_data["fichier"]
            try:
                tableau = self.lire(fichier.read(), form)
                return redirect(self.adresse(self._recevoir(fichier.name, tableau)))
            except ClasseurError as error:
                form.add_error("fichier", str(error))
        oublier(request.user, self.adresse())  # another file would be taken for the one that was refused
        self.__dict__.pop("depot", None)
        return self.render_to_response(self.get_context_data(form=form))

    def lire(self, contenu: bytes, form: FichierForm) -> TableauLu:
        """Row by row, as the importable takes them. Raises ClasseurError."""
        return lire_tableau(contenu)

    def _recevoir(self, nom: str, tableau: TableauLu) -> str:
        """Keeps the file; the step that comes next."""
        if len(tableau.lignes) > self.importable.max_lignes:
            raise ClasseurError(
                f"Ce fichier a {nombre(len(tableau.lignes))} lignes ; un import en prend {nombre(self.importable.max_lignes)} "
                "au plus. Déposez-le en plusieurs fois."
            )
        depot = Depot.nouveau(nom, tableau)
        connus = colonnes.retrouver(self.importable, self.convention, tableau.titres)
        depot.champs = connus or colonnes.proposer(self.importable.toutes, tableau.titres)
        self.garder(depot)
        if connus or colonnes.est_sans_doute(self.importable, tableau.titres, depot.champs):
            return "apercu"
        return "colonnes"


class ColonnesView(DepotMixin, TemplateView):
    template_name = "ctg/import_colonnes.html"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", ColonnesForm(importable=self.importable, depot=self.depot))
        return super().get_context_data(reconnues=any(self.depot.champs), **kwargs)

    def post(self, request, *args, **kwargs):
        form = ColonnesForm(request.POST, importable=self.importable, depot=self.depot)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        self.depot.champs, self.depot.choix = form.champs, {}
        colonnes.retenir(self.importable, self.convention, self.depot.tableau.titres, form.champs)
        self.garder(self.depot)
        return redirect(self.adresse("apercu"))


class ApercuView(DepotMixin, TemplateView):
    """POST: `abandonner`, `choisir` (what is answered), or `confirmer` (the mark of what was shown)."""

    template_name = "ctg/import_apercu.html"

    def get(self, request, *args, **kwargs):
        try:
            colonnes.verifier(self.importable, self.depot.champs)
        except ValidationError:
            return redirect(self.adresse("colonnes"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, *, apercu: Apercu | None = None, faute: str = "", **kwargs):
        if apercu is None:
            apercu = examiner(self.importable, self.convention, self.depot)
        titres = self.depot.tableau.titres
        return super().get_context_data(
            apercu=apercu,
            faute=faute,
            ignorees=[
                titre for titre, champ in zip(titres, self.depot.champs, strict=True) if titre and not champ
            ],
            refusees=apercu.de(REFUSEE),
            nouvelles=apercu.de(NOUVELLE),
            modifiees=apercu.de(MODIFIEE),
            inchangees=apercu.de(INCHANGEE),
            nb_montrees=NB_MONTREES,
            demande_source=apercu.demande_source or self.depot.source,
            demande_rectification=apercu.demande_rectification or self.depot.rectification,
            colonnes=self.adresse("colonnes"),
            refus=self.adresse("refus"),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if request.POST.get("abandonner"):
            oublier(request.user, self.adresse())
            messages.info(request, "Le fichier est abandonné : rien n’a été importé.")
            return redirect(self.adresse())
        self._retenir(request.POST)
        if not request.POST.get("confirmer"):
            return redirect(self.adresse("apercu"))
        return self._confirmer(request)

    def _retenir(self, data) -> None:
        """What was answered; nothing is written where nothing is new: a second click finds the file as it was left."""
        choix = {
            ligne.numero: choisi
            for ligne in self.depot.tableau.lignes
            if (choisi := data.get(f"choix-{ligne.numero}", ""))
        }
        avant = (self.depot.choix, self.depot.source, self.depot.rectification)
        self.depot.choix = self.depot.choix | choix
        self.depot.source = data.get("source", self.depot.source).strip()[:200]
        self.depot.rectification = data.get("rectification", self.depot.rectification).strip()[:200]
        if (self.depot.choix, self.depot.source, self.depot.rectification) != avant:
            self.garder(self.depot)

    def _confirmer(self, request):
        apercu, fait = confirmer(
            self.importable,
            self.convention,
            self.adresse(),
            vu=request.POST["confirmer"],
            user=request.user,
            now=timezone.now(),
        )
        if apercu is None:
            messages.info(request, RIEN_N_ATTEND)
            return redirect(self.adresse())
        if fait is None:
            faute = A_REGLER if apercu.est_bloque else A_CHANGE
            return self.render_to_response(self.get_context_data(apercu=apercu, faute=faute))
        un, plusieurs = self.importable.quoi
        messages.success(
            request,
            f"« {fait.fichier} » est importé : {fait.nb_crees} {un if fait.nb_crees < 2 else plusieurs} "
            f"ajoutée{pluriel(fait.nb_crees)}, {fait.nb_modifies} modifiée{pluriel(fait.nb_modifies)}, "
            f"{fait.nb_inchanges} inchangée{pluriel(fait.nb_inchanges)}.",
        )
        return redirect(self.adresse())


class RefusView(DepotMixin, View):
    """The file with what is wrong in it."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        apercu = examiner(self.importable, self.convention, self.depot)
        nom = self.depot.nom.rpartition(".")[0] or self.depot.nom
        return telecharger(
            fichier_annote(self.depot, apercu), XLSX_TYPE, f"{_sans_risque(nom)}-problemes.xlsx"
        )


class ModeleView(ImportMixin, View):
    """What is recorded, in the columns that come back in."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        extension = kwargs["extension"]
        if extension not in FORMATS:
            raise Http404("Ce format n’existe pas.")
        ecrire, genre = FORMATS[extension]
        contenu = ecrire(table_de(self.importable, self.convention))
        return telecharger(contenu, genre, f"{self.importable.code}-{self.convention.slug}.{extension}")


class AnnulerView(ImportMixin, TemplateView):
    template_name = "ctg/import_annuler.html"

    @cached_property
    def fait(self) -> ImportFait:
        siens = ImportFait.objects.filter(convention=self.convention, ressource=self.importable.code)
        return get_object_or_404(siens.select_related("utilisateur"), pk=self.kwargs["pk"])

    def get_context_data(self, *, fautes=(), **kwargs):
        retours = prevoir(self.importable, self.fait) if self.fait.date_annulation is None else []
        return super().get_context_data(
            fait=self.fait,
            retours=retours,
            obstacles=fautes or obstacles_de(retours),
            est_dernier=dernier(self.importable, self.convention) == self.fait,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        try:
            annuler(self.importable, self.fait.pk, user=request.user, now=timezone.now())
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(fautes=error.messages))
        messages.success(
            request, f"L’import de « {self.fait.fichier} » est annulé : tout est comme avant lui."
        )
        return redirect(self.adresse())


def _sans_risque(nom: str) -> str:
    """In a header: neither quotes nor line ends."""
    return slugify(nom)[:80] or "fichier"
