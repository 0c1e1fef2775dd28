"""Territories that one compares with, other names of territories, and the import of observations."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.generic import TemplateView

from ctg.imports.fichiers import TableauLu, lire_tableau
from ctg.lecture_xlsx import ClasseurError
from ctg.models import Convention
from ctg.views import ConventionMixin, imports
from evaluation.models import AutreNom, SerieSociale, TerritoireCompare
from evaluation.veille.formes import mettre_en_long
from evaluation.veille.forms import AutreNomForm, DepotForm, TerritoireForm
from evaluation.veille.imports import OBSERVATIONS
from evaluation.veille.lieux import Lieux
from evaluation.veille.producteurs import MODELES, reconnaitre
from evaluation.veille.services import enregistrer_autre_nom, enregistrer_territoire, retirer_territoire
from evaluation.views.veille_edition import FormulaireMixin
from gouvernance.views.simples import RetraitView

TENIR = "evaluation.tenir_veille"
SERIES_A_AJOUTER = (
    "Ce fichier est reconnu ({nom}), et il manque {combien} dans la veille : ajoutez-{la} d’abord en un clic, dans « Séries "
    "prêtes à l’emploi », puis redéposez-le."
)


class TerritoiresView(ConventionMixin, TemplateView):
    permission_code = "evaluation.importer_veille"
    template_name = "evaluation/veille/territoires.html"

    def get_context_data(self, **kwargs):
        autres = AutreNom.objects.filter(convention=self.convention)
        return super().get_context_data(
            territoires=TerritoireCompare.objects.filter(convention=self.convention).order_by(
                "niveau", "nom"
            ),
            autres=autres.select_related("quartier", "territoire_compare").order_by("nom", "pk"),
            **kwargs,
        )


class _TerritoireMixin(FormulaireMixin):
    modele: type

    def get_objet(self):
        if self.request.method == "POST":  # the same form twice at once is taken once
            Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=self.convention.pk)
        if "pk" not in self.kwargs:
            return self.modele(convention=self.convention)
        objets = self.modele.objects.filter(convention=self.convention).select_related(
            "convention__territoire"
        )
        return get_object_or_404(objets, pk=self.kwargs["pk"])

    def get_fil(self):
        return [(self.get_retour(), "Territoires et codes")]

    def get_retour(self):
        return self.page("territoires")


class TerritoireModifierView(_TerritoireMixin):
    form_class, modele = TerritoireForm, TerritoireCompare

    def enregistrer(self, territoire):
        return enregistrer_territoire(territoire)

    def get_titre(self):
        return f"Modifier « {self.objet} »" if self.objet.pk else "Ajouter un territoire de comparaison"

    def get_message(self, territoire):
        return f"« {territoire} » est enregistré."

    def get_context_data(self, **kwargs):
        retirer = self.page("territoire_retirer", pk=self.objet.pk) if self.objet.pk else ""
        return super().get_context_data(retirer=retirer, retirer_dit="Retirer ce territoire", **kwargs)


class AutreNomAjouterView(_TerritoireMixin):
    form_class, modele = AutreNomForm, AutreNom

    def enregistrer(self, autre):
        return enregistrer_autre_nom(autre)

    def get_titre(self):
        return "Ajouter un nom ou un code reconnu"

    def get_message(self, autre):
        return f"« {autre} » sera reconnu dans les fichiers."


class _RetraitMixin(RetraitView):
    permission_code = TENIR
    modele: type

    def get_objet(self):
        objets = self.modele.objects.filter(convention=self.convention).select_related("convention")
        return get_object_or_404(objets, pk=self.kwargs["pk"])


class TerritoireRetirerView(_RetraitMixin):
    modele = TerritoireCompare
    titre, action = "Retirer « {} »", "Retirer le territoire"
    question = "Ses autres noms partent avec lui. Un territoire qui a des valeurs ne se retire pas."
    message = "« {} » est retiré."

    def retirer(self, objet):
        retirer_territoire(objet)


class AutreNomRetirerView(_RetraitMixin):
    modele = AutreNom
    titre, action = "Retirer « {} »", "Retirer ce nom"
    question = "Les fichiers qui l’emploient ne seront plus reconnus. Ce qui est déjà importé ne change pas."
    message = "« {} » n’est plus reconnu."


class DeposerView(imports.DeposerView):
    """`?serie=` is proposed. Known open data need no choice."""

    template_name = "evaluation/veille/import_deposer.html"

    def get_form(self, *args):
        initial = {"serie": self.request.GET.get("serie", "")}
        return DepotForm(*args, convention=self.convention, initial=initial)

    def get_context_data(self, **kwargs):
        return super().get_context_data(modeles_connus=MODELES, **kwargs)

    def lire(self, contenu: bytes, form: DepotForm) -> TableauLu:
        tableau, lieux, serie = lire_tableau(contenu), Lieux(self.convention), form.cleaned_data["serie"]
        if serie is None and (reconnu := reconnaitre(tableau, lieux)):
            series = SerieSociale.objects.filter(convention=self.convention, code__in=reconnu.series)
            connues = set(series.values_list("code", flat=True))
            if manquent := [
                s.intitule
                for s in reconnu.modele.series
                if s.code in reconnu.series and s.code not in connues
            ]:
                combien = f"{len(manquent)} séries" if len(manquent) > 1 else f"la série « {manquent[0]} »"
                la = "les" if len(manquent) > 1 else "la"
                raise ClasseurError(SERIES_A_AJOUTER.format(nom=reconnu.modele.nom, combien=combien, la=la))
            messages.info(self.request, " ".join(reconnu.dit))
            return reconnu.tableau
        return mettre_en_long(tableau, lieux, serie.code if serie else "")


ETAPES = (
    ("", DeposerView, "importer"),
    ("colonnes/", imports.ColonnesView, "importer_colonnes"),
    ("apercu/", imports.ApercuView, "importer_apercu"),
    ("problemes/", imports.RefusView, "importer_refus"),
    ("modele/<str:extension>/", imports.ModeleView, "importer_modele"),
    ("<int:pk>/annuler/", imports.AnnulerView, "importer_annuler"),
)
IMPORT = [
    path(
        f"importer/{suite}",
        type(
            vue.__name__,
            (vue,),
            {"importable": OBSERVATIONS, "permission_code": "evaluation.importer_veille"},
        ).as_view(),
        name=nom,
    )
    for suite, vue, nom in ETAPES
]
