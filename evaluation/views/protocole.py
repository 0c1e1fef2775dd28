"""The protocole: its page, its versions, the form of the one that is written, its PDF."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg.permissions import check
from ctg.views import ConventionMixin
from evaluation.models import Protocole
from evaluation.protocole import services
from evaluation.protocole.approbation import TENIR, possibles, raison_de_ne_pas_soumettre
from evaluation.protocole.contenus import contenu_de
from evaluation.protocole.documents import nom_de_fichier, render_protocole
from evaluation.protocole.enums import StatutProtocole
from evaluation.protocole.forms import ANNEXE, ProtocoleForm
from evaluation.protocole.lecture import protocoles_lisibles, questions_lisibles
from evaluation.protocole.reports import collect_approbations
from gouvernance.views.edition import EditionView


def adresse(convention) -> str:
    return reverse("protocole:index", kwargs={"convention": convention.slug})


class ProtocoleMixin(ConventionMixin):
    """The versions that this person may read; no other answers."""

    @property
    def versions(self):
        return protocoles_lisibles(self.request.user, self.convention)

    def get_protocole(self, *, verrou: bool = False) -> Protocole:
        versions = self.versions
        if verrou:
            versions = versions.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(versions, version=self.kwargs["version"])


class PageMixin(ProtocoleMixin):
    """One version on a page: as it was put to approval, or as it is being written."""

    template_name = "evaluation/protocole/version.html"

    def contexte_de(self, protocole: Protocole | None) -> dict:
        tient = bool(check(self.request.user, TENIR, self.convention))
        context = {
            "protocole": protocole,
            "versions": list(self.versions.order_by("-version")),
            "questions": questions_lisibles(self.request.user, self.convention).en_cours().count(),
            "tient": tient,
            "commencer": tient and self._peut_commencer(),
            "annexe": ANNEXE,
        }
        if protocole is None:  # the headings, and the questions that are there already
            return context | {
                "contenu": contenu_de(Protocole(convention=self.convention, version=1)),
                "possibles": [],
                "empeche": "",
            }
        empeche = ""
        if tient and protocole.is_a_ecrire:
            empeche = raison_de_ne_pas_soumettre(protocole, au=timezone.localdate())
        return context | {
            "contenu": contenu_de(protocole),
            "approbations": collect_approbations(protocole, au=timezone.localdate()),
            "possibles": possibles(self.request.user, protocole),
            "empeche": empeche,
        }

    def _peut_commencer(self) -> bool:
        en_cours = (StatutProtocole.BROUILLON, StatutProtocole.SOUMISE)
        return not Protocole.objects.filter(convention=self.convention, statut__in=en_cours).exists()


class IndexView(PageMixin, TemplateView):
    """The version in force; before there is one, the last one."""

    permission_code = "ctg.consulter"

    def get_context_data(self, **kwargs):
        versions = self.versions.order_by("-version")
        courante = versions.filter(statut=StatutProtocole.APPROUVEE).first() or versions.first()
        return super().get_context_data(is_index=True, **self.contexte_de(courante), **kwargs)


class VersionView(PageMixin, TemplateView):
    permission_code = "ctg.consulter"

    def get_context_data(self, **kwargs):
        return super().get_context_data(is_index=False, **self.contexte_de(self.get_protocole()), **kwargs)


class CommencerView(ConventionMixin, View):
    permission_code = TENIR
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            protocole = services.commencer_version(self.convention)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(adresse(self.convention))
        messages.success(
            request, f"La version {protocole.version} est commencée : écrivez ses cinq rubriques."
        )
        return redirect(
            reverse(
                "protocole:modifier",
                kwargs={"convention": self.convention.slug, "version": protocole.version},
            )
        )


class ModifierView(ProtocoleMixin, EditionView):
    permission_code = TENIR
    template_name = "evaluation/protocole/formulaire.html"
    form_class = ProtocoleForm
    enregistrer = staticmethod(services.enregistrer_protocole)

    def get_objet(self):
        return self.get_protocole(verrou=self.request.method == "POST")

    def get_refus(self):
        return services.raison_de_ne_pas_ecrire(self.objet)

    def get_retour(self):
        return self.objet.get_absolute_url()

    def get_titre(self):
        return f"Écrire le protocole, version {self.objet.version}"

    def get_message(self, protocole):
        return f"La version {protocole.version} est enregistrée."

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            fil=[(adresse(self.convention), "Protocole"), (self.get_retour(), str(self.objet))],
            consigne="Chaque rubrique peut rester vide tant que la version est un brouillon ; les cinq sont demandées "
            "pour la soumettre.",
            **kwargs,
        )


class SupprimerView(ProtocoleMixin, View):
    """POST: a version that was never put to approval."""

    permission_code = TENIR
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        protocole = get_object_or_404(self.versions, version=kwargs["version"])
        try:
            services.supprimer(protocole)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(protocole.get_absolute_url())
        messages.success(
            request,
            f"Le brouillon de la version {protocole.version} est supprimé. L’historique en garde la trace.",
        )
        return redirect(adresse(self.convention))


class PdfView(ProtocoleMixin, View):
    permission_code = "ctg.consulter"
    http_method_names = ["get", "head"]

    def get(self, request, *args, **kwargs):
        protocole = self.get_protocole()
        response = HttpResponse(
            render_protocole(protocole, now=timezone.now()), content_type="application/pdf"
        )
        response["Content-Disposition"] = f'attachment; filename="{nom_de_fichier(protocole)}"'
        return response
