"""Workbooks: downloaded, filled offline, sent back; a preview, then all of it is written, or nothing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg.brouillons import oublier
from ctg.lecture_xlsx import ClasseurError
from ctg.renderers import XLSX_TYPE
from ctg.templatetags.affichage import pluriel
from ctg.views import ConventionMixin
from evaluation.classeurs.apercu import Apercu
from evaluation.classeurs.avancements import progressions_de
from evaluation.classeurs.convention import ecrire_classeur_convention
from evaluation.classeurs.depot_convention import (
    LectureConvention,
    confirmer_convention,
    lire_classeur_convention,
)
from evaluation.classeurs.depot_personnel import (
    confirmer_personnel,
    examiner_personnel,
    lire_classeur_personnel,
)
from evaluation.classeurs.depots import garder_depot, lire_depot
from evaluation.classeurs.feuilles import RangLu
from evaluation.classeurs.personnel import ecrire_classeur_personnel
from evaluation.views.grille import GrilleMixin

RIEN_N_ATTEND = "Aucun classeur n’attend de confirmation : il est déjà enregistré, ou abandonné."
A_CHANGE = "Quelque chose a changé depuis l’aperçu : relisez-le, puis confirmez."
A_REGLER = "Rien n’est enregistré : réglez ce qui est signalé ci-dessous."


def telecharger(contenu: bytes, nom: str) -> HttpResponse:
    reponse = HttpResponse(contenu, content_type=XLSX_TYPE)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.xlsx"'
    return reponse


class ClasseurView(GrilleMixin, View):
    """« Mon classeur »."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        annee = kwargs["annee"]
        progressions = progressions_de(self.grille, annee)
        contenu = ecrire_classeur_personnel(
            self.convention, annee, self.grille, progressions, user=request.user
        )
        return telecharger(contenu, f"mon-classeur-{self.convention.slug}-{annee}")


class DeposerMixin:
    """POST: `fichier` is read and kept, `confirmer` (the mark of what was shown) writes it, `abandonner` forgets it."""

    template_name = "evaluation/classeur_deposer.html"

    def lire(self, fichier) -> list[RangLu]:
        raise NotImplementedError

    def examiner(self, rangs: list[RangLu], choix: QueryDict) -> Apercu:
        raise NotImplementedError

    def confirmer(self) -> tuple[Apercu | None, bool]:
        raise NotImplementedError

    def get_context_data(self, *, apercu: Apercu | None = None, faute: str = "", **kwargs):
        depot = lire_depot(self.request.user, self.request.path)
        if depot and apercu is None:
            apercu = self.examiner(depot.rangs, QueryDict())
        choix = {
            nom: valeur
            for nom, valeur in self.request.POST.items()
            if nom.startswith("choix-") or nom.endswith("-confirmer")
        }
        demandes = {ligne.cle for ligne in apercu.demandes} if apercu else set()
        return super().get_context_data(
            depot=depot,
            apercu=apercu,
            faute=faute,
            choisis={f"{nom}={valeur}" for nom, valeur in choix.items()},
            regles=[(nom, valeur) for nom, valeur in choix.items() if nom not in demandes],
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if request.POST.get("abandonner"):
            oublier(request.user, request.path)
            messages.info(request, "Le classeur déposé est abandonné : rien n’a été enregistré.")
            return redirect(request.path)
        return self._confirmer() if request.POST.get("confirmer") else self._deposer(request)

    def _deposer(self, request):
        fichier = request.FILES.get("fichier")
        try:
            if fichier is None:
                raise ClasseurError("Choisissez le classeur à déposer.")
            rangs = self.lire(fichier)
            garder_depot(request.user, request.path, fichier.name, rangs, now=timezone.now())
        except ClasseurError as error:
            oublier(request.user, request.path)  # the preview of another file would stand below the refusal
            return self.render_to_response(self.get_context_data(faute=str(error)))
        return redirect(request.path)

    def _confirmer(self):
        try:
            apercu, fait = self.confirmer()
        except ValidationError as error:
            return self.render_to_response(
                self.get_context_data(faute=f"Rien n’est enregistré. {' '.join(error.messages)}")
            )
        if apercu is None:
            messages.info(self.request, RIEN_N_ATTEND)
            return redirect(self.request.path)
        if not fait:
            faute = A_REGLER if apercu.est_bloque else A_CHANGE
            return self.render_to_response(self.get_context_data(apercu=apercu, faute=faute))
        nb = len(apercu.changements)
        messages.success(self.request, f"{nb} cellule{pluriel(nb)} enregistrée{pluriel(nb)}.") if nb else (
            messages.info(self.request, "Rien n’a changé.")
        )
        return redirect(self.get_success_url())


class DeposerView(DeposerMixin, GrilleMixin, TemplateView):
    def lire(self, fichier):
        return lire_classeur_personnel(fichier, self.convention, self.kwargs["annee"], self.request.user)

    def examiner(self, rangs, choix):
        return examiner_personnel(
            self.convention,
            self.kwargs["annee"],
            rangs,
            choix,
            user=self.request.user,
            today=timezone.localdate(),
        ).apercu

    def confirmer(self):
        return confirmer_personnel(
            self.convention,
            self.kwargs["annee"],
            self.request.path,
            self.request.POST,
            user=self.request.user,
            now=timezone.now(),
            today=timezone.localdate(),
        )

    def get_success_url(self):
        return reverse("evaluation:grille", args=[self.convention.slug, self.kwargs["annee"]])

    def get_context_data(self, **kwargs):
        cible = [self.convention.slug, self.kwargs["annee"]]
        return super().get_context_data(
            titre=f"Déposer mon classeur {self.kwargs['annee']}",
            telecharger=reverse("evaluation:classeur", args=cible),
            parent=f"Saisie en grille {self.kwargs['annee']}",
            retour=self.get_success_url(),
            **kwargs,
        )


class ClasseurConventionMixin(ConventionMixin):
    permission_code = "evaluation.classeur_convention"


class ClasseurConventionView(ClasseurConventionMixin, View):
    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        return telecharger(ecrire_classeur_convention(self.convention), f"classeur-{self.convention.slug}")


class DeposerConventionView(DeposerMixin, ClasseurConventionMixin, TemplateView):
    def lire(self, fichier):
        return lire_classeur_convention(fichier, self.convention)

    def examiner(self, rangs, choix):
        return LectureConvention(self.convention, rangs, choix, self.request.user).lire().apercu

    def confirmer(self):
        return confirmer_convention(
            self.convention,
            self.request.path,
            self.request.POST,
            user=self.request.user,
            now=timezone.now(),
        )

    def get_success_url(self):
        return reverse("indicateurs:list", args=[self.convention.slug])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            titre="Classeur de la convention",
            telecharger=reverse("evaluation:classeur_convention", args=[self.convention.slug]),
            parent="Indicateurs",
            retour=self.get_success_url(),
            **kwargs,
        )
