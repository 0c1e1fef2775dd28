"""A whole convention as a workbook: the model to fill, the one that is brought, looked at then loaded, and given back."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from ctg.brouillons import oublier
from ctg.chargement.classeur import ecrire_classeur, ecrire_modele
from ctg.chargement.depots import ConventionDeposee, garder_convention, lire_convention
from ctg.chargement.export import exporter
from ctg.chargement.formulaires import ClasseurForm
from ctg.chargement.lecture import lire_classeur
from ctg.chargement.services import Conflit, Ecriture, Resultat, charger_contenu
from ctg.chargement.tableau import ChargementError, Tableau
from ctg.models import Porte, acte
from ctg.renderers import XLSX_TYPE
from ctg.replique import LectureAilleursMixin
from ctg.templatetags.affichage import pluriel
from ctg.views.imports import telecharger
from ctg.views.mixins import ConventionMixin, exiger

RIEN_N_ATTEND = "Aucun classeur n’attend d’être chargé : il l’a déjà été, ou il est abandonné."
A_CHANGE = "Quelque chose a changé depuis l’aperçu : rien n’est chargé. Relisez ce qui suit, puis confirmez."
NB_MONTREES = 200


@dataclass(frozen=True, slots=True)
class Apercu:
    """What loading would do, or the `fautes` that forbid it."""

    fautes: tuple[str, ...] = ()
    resultat: Resultat | None = None

    @property
    def par_tableau(self) -> list[tuple[Tableau, int, int]]:
        """(table, new rows, changed rows)"""
        ecritures = self.resultat.changements if self.resultat else []
        nouvelles = Counter(ecriture.tableau.nom for ecriture in ecritures if not ecriture.champs)
        changees = Counter(ecriture.tableau.nom for ecriture in ecritures if ecriture.champs)
        touches = {ecriture.tableau.nom: ecriture.tableau for ecriture in ecritures}
        return [(tableau, nouvelles[nom], changees[nom]) for nom, tableau in touches.items()]

    @property
    def modifiees(self) -> list[Ecriture]:
        return (
            [ecriture for ecriture in self.resultat.changements if ecriture.champs] if self.resultat else []
        )

    @property
    def conflits(self) -> list[Conflit]:
        return self.resultat.conflits if self.resultat else []

    @property
    def empreinte(self) -> str:
        """Names what was shown: what is confirmed is that."""
        dit = map(
            str, [*self.resultat.changements, *self.resultat.conflits] if self.resultat else self.fautes
        )
        return hashlib.sha256("\n".join(dit).encode()).hexdigest()


def examiner(deposee: ConventionDeposee) -> Apercu:
    """Everything is loaded, then undone."""
    try:
        return Apercu(resultat=_charger(deposee, essai=True))
    except ChargementError as error:
        return Apercu(fautes=tuple(error.fautes))


def _charger(deposee: ConventionDeposee, *, essai: bool) -> Resultat:
    with acte(Porte.IMPORT) as courant:  # that of the request, which is a page's
        courant.porte, courant.motif = Porte.IMPORT, f"Chargement de « {deposee.nom} »"
        return charger_contenu(deposee.contenu, essai=essai)


class ChargementMixin:
    permission_code = "ctg.charger_convention"

    def dispatch(self, request, *args, **kwargs):
        exiger(request.user, self.permission_code, None)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def adresse(self) -> str:
        return reverse("ctg:charger_convention")


class DeposerConventionView(ChargementMixin, TemplateView):
    template_name = "ctg/convention_deposer.html"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", ClasseurForm())
        return super().get_context_data(deposee=lire_convention(self.request.user, self.adresse), **kwargs)

    def post(self, request, *args, **kwargs):
        form, fautes = ClasseurForm(request.POST, request.FILES), []
        if form.is_valid():
            fichier = form.cleaned_data["fichier"]
            try:
                contenu = lire_classeur(fichier, fichier.name)
                deposee = ConventionDeposee(fichier.name[:200], contenu)
                garder_convention(request.user, self.adresse, deposee, now=timezone.now())
                return redirect("ctg:charger_convention_apercu")
            except ChargementError as error:
                fautes = error.fautes
        oublier(request.user, self.adresse)  # another file would be taken for the one that was refused
        return self.render_to_response(self.get_context_data(form=form, fautes=fautes))


class ApercuConventionView(ChargementMixin, TemplateView):
    """POST: `abandonner`, or `confirmer` (the mark of what was shown)."""

    template_name = "ctg/convention_apercu.html"

    def get(self, request, *args, **kwargs):
        self.deposee = lire_convention(request.user, self.adresse)
        if self.deposee is None:
            messages.info(request, RIEN_N_ATTEND)
            return redirect(self.adresse)
        return self.render_to_response(self.get_context_data(apercu=examiner(self.deposee)))

    def get_context_data(self, **kwargs):
        return super().get_context_data(deposee=self.deposee, nb_montrees=NB_MONTREES, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.deposee = lire_convention(request.user, self.adresse, verrouiller=True)
        if self.deposee is None:
            messages.info(request, RIEN_N_ATTEND)
            return redirect(self.adresse)
        if request.POST.get("abandonner"):
            oublier(request.user, self.adresse)
            messages.info(request, "Le classeur est abandonné : rien n’a été chargé.")
            return redirect(self.adresse)
        apercu = examiner(self.deposee)
        if apercu.fautes or apercu.empreinte != request.POST.get("confirmer"):
            return self.render_to_response(self.get_context_data(apercu=apercu, faute=A_CHANGE))
        resultat = _charger(self.deposee, essai=False)
        oublier(request.user, self.adresse)
        messages.success(
            request,
            f"« {self.deposee.nom} » est chargé : {resultat.nb_crees} ajout{pluriel(resultat.nb_crees)}, "
            f"{resultat.nb_modifies} modification{pluriel(resultat.nb_modifies)}, {resultat.nb_inchanges} "
            f"{pluriel(resultat.nb_inchanges, 'ligne inchangée,lignes inchangées')}. Donnez maintenant un rôle à qui tient cette convention.",
        )
        return redirect("ctg:personnes", resultat.convention.slug)


class ModeleConventionView(ChargementMixin, View):
    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        return telecharger(ecrire_modele(date=timezone.now()), XLSX_TYPE, "modele-de-convention.xlsx")


class ExporterConventionView(LectureAilleursMixin, ConventionMixin, View):
    permission_code = "ctg.exporter_convention"
    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        contenu = ecrire_classeur(self.convention.intitule, exporter(self.convention), date=timezone.now())
        return telecharger(contenu, XLSX_TYPE, f"convention-{self.convention.slug}.xlsx")
