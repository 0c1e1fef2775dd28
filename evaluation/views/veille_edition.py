"""The edition of the series of the watch: what they are, their thresholds, their links."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView

from ctg.models import Convention
from ctg.views import ConventionMixin
from evaluation.models import SerieSociale, Seuil
from evaluation.veille.alertes import dire_seuil
from evaluation.veille.forms import LiensForm, SerieForm, SeuilForm
from evaluation.veille.producteurs import MODELES
from evaluation.veille.services import (
    ajouter_modele,
    enregistrer_serie,
    enregistrer_seuil,
    relier,
    supprimer_serie,
)
from evaluation.views.veille import SerieMixin
from gouvernance.views.edition import EditionView
from gouvernance.views.simples import RetraitView


class FormulaireMixin(EditionView):
    """A small form of the watch: `get_fil` gives the (address, name) pages above it."""

    permission_code = "evaluation.tenir_veille"
    template_name = "evaluation/veille/formulaire.html"

    def page(self, nom: str, **kwargs) -> str:
        return reverse(f"veille:{nom}", kwargs={"convention": self.convention.slug, **kwargs})

    def get_fil(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs):
        fil = [(self.page("series"), "Veille sociale"), *self.get_fil()]
        kwargs.setdefault("retirer", "")
        return super().get_context_data(fil=fil, **kwargs)


class SerieModifierView(SerieMixin, FormulaireMixin):
    form_class = SerieForm

    def enregistrer(self, serie):
        return enregistrer_serie(serie)

    def get_objet(self):
        serie = self.get_serie()
        if self.request.method == "POST":
            SerieSociale.objects.select_for_update(no_key=True).get(pk=serie.pk)
        return serie

    def get_fil(self):
        return [(self.objet.get_absolute_url(), self.objet.intitule)] if self.objet.pk else []

    def get_retour(self):
        return self.page("serie", code=self.kwargs["code"]) if "code" in self.kwargs else self.page("series")

    def get_titre(self):
        return "Modifier la série"

    def get_message(self, serie):
        return f"La série « {serie} » est enregistrée."

    def get_context_data(self, **kwargs):
        retirer = self.page("serie_supprimer", code=self.objet.code) if self.objet.pk else ""
        return super().get_context_data(retirer=retirer, retirer_dit="Supprimer cette série", **kwargs)


class SerieAjouterView(SerieModifierView):
    def get_objet(self):
        if self.request.method == "POST":  # the same form twice at once is taken once
            Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=self.convention.pk)
        return SerieSociale(convention=self.convention)

    def get_titre(self):
        return "Ajouter une série"

    def get_message(self, serie):
        return f"La série « {serie} » est ajoutée. Importez maintenant ses valeurs."


class SerieSupprimerView(SerieMixin, RetraitView):
    permission_code = "evaluation.tenir_veille"
    titre, action = "Supprimer la série « {} »", "Supprimer la série"
    question = "Ses seuils et ses liens partent avec elle ; l’historique en garde la trace. Une série qui a des valeurs ne se supprime pas."
    message = "La série « {} » est supprimée."

    def get_objet(self):
        return self.get_serie()

    def retirer(self, objet):
        supprimer_serie(objet)

    def post(self, request, *args, **kwargs):
        reponse = super().post(request, *args, **kwargs)
        if SerieSociale.objects.filter(convention=self.convention, code=kwargs["code"]).exists():
            return reponse
        return redirect("veille:series", convention=self.convention.slug)


class SeuilAjouterView(SerieMixin, FormulaireMixin):
    form_class = SeuilForm

    def enregistrer(self, seuil):
        return enregistrer_seuil(seuil)

    def get_objet(self):
        return Seuil(serie=self.get_serie())

    def get_fil(self):
        return [(self.get_retour(), self.objet.serie.intitule)]

    def get_retour(self):
        return self.page("serie", code=self.kwargs["code"])

    def get_apres(self, objet):
        return f"{self.get_retour()}#alertes"

    def get_titre(self):
        return "Ajouter un seuil d’alerte"

    def get_message(self, seuil):
        return f"Le seuil est posé : {dire_seuil(seuil, seuil.serie.unite)}."


class SeuilRetirerView(SerieMixin, RetraitView):
    permission_code = "evaluation.tenir_veille"
    titre, action = "Retirer ce seuil d’alerte", "Retirer le seuil"
    question = "« {} » : l’alerte ne se calculera plus. Les valeurs ne changent pas."
    message = "Le seuil est retiré."

    def get_objet(self):
        seuils = Seuil.objects.select_related("serie__convention")
        return get_object_or_404(seuils, serie=self.get_serie(), pk=self.kwargs["pk"])


class LiensView(SerieMixin, TemplateView):
    """POST: the whole of the axes and fiches that show the series."""

    permission_code = "evaluation.tenir_veille"
    template_name = "evaluation/veille/liens.html"

    def get_context_data(self, **kwargs):
        serie = self.get_serie()
        if "form" not in kwargs:
            kwargs["form"] = LiensForm(
                serie=serie, initial={"axes": serie.axes.all(), "fiches": serie.fiches.all()}
            )
        return super().get_context_data(serie=serie, **kwargs)

    def post(self, request, *args, **kwargs):
        serie = self.get_serie()
        form = LiensForm(request.POST, serie=serie)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        relier(serie, **form.cleaned_data)
        messages.success(request, f"Les liens de « {serie} » sont enregistrés.")
        return redirect(f"{serie.get_absolute_url()}#liens")


class ModelesView(ConventionMixin, TemplateView):
    """The series of known producers. POST: `modele` adds those that are missing."""

    permission_code = "evaluation.tenir_veille"
    template_name = "evaluation/veille/modeles.html"

    def get_context_data(self, **kwargs):
        connues = set(SerieSociale.objects.filter(convention=self.convention).values_list("code", flat=True))
        modeles = [
            (
                modele,
                [(serie, serie.code in connues) for serie in modele.series],
                sum(serie.code not in connues for serie in modele.series),
            )
            for modele in MODELES
        ]
        return super().get_context_data(modeles=modeles, **kwargs)

    def post(self, request, *args, **kwargs):
        modele = next((m for m in MODELES if m.code == request.POST.get("modele")), None)
        if modele is None:
            raise Http404("Ce modèle n’existe pas.")
        ajoutees = ajouter_modele(self.convention, modele)
        if ajoutees:
            s = "s" if len(ajoutees) > 1 else ""
            messages.success(
                request,
                f"{len(ajoutees)} série{s} ajoutée{s}. Déposez maintenant le fichier de {modele.producteur}.",
            )
        else:
            messages.info(request, "Ces séries y étaient déjà : rien n’est changé.")
        return redirect("veille:modeles", convention=self.convention.slug)
