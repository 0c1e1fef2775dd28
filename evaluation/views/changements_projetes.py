"""The lines of a projet d’avenant: one adds, writes again, takes away."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from ctg.brouillons import sans_erreurs
from ctg.views import BrouillonMixin, ConventionMixin
from evaluation.avenants.contenu import lire_lignes, nom_de_la_cible
from evaluation.avenants.enums import NatureChangement
from evaluation.avenants.forms import ChangementForm, CibleForm, cibles_possibles, demande_sa_cible
from evaluation.avenants.services import ajouter_changement, modifier_changement, prendre, retirer_changement
from evaluation.models import ProjetAvenant
from evaluation.models.avenants import FIGE
from evaluation.views.avenants import PREPARER

RIEN_A_CHOISIR = {
    NatureChangement.STRUCTURE_INSCRIRE: (
        "Toutes les structures du registre sont déjà inscrites. Pour en inscrire une autre, ajoutez-la d’abord au registre "
        "(« Structures », « Ajouter une structure »), puis revenez ici."
    ),
}


class LigneMixin(ConventionMixin):
    permission_code = PREPARER

    def get_projet(self) -> ProjetAvenant:
        return get_object_or_404(
            ProjetAvenant.objects.select_related("convention__territoire"),
            convention=self.convention,
            pk=self.kwargs["pk"],
        )


class FormulaireView(BrouillonMixin, LigneMixin, TemplateView):
    """`construire(data)` gives the form; `enregistrer(form)` is the service."""

    template_name = "evaluation/avenants/changement.html"

    def check_access(self) -> None:
        super().check_access()
        self.projet = self.get_projet()
        self.preparer()

    def preparer(self) -> None:
        raise NotImplementedError

    def construire(self, data=None) -> ChangementForm:
        raise NotImplementedError

    def enregistrer(self, form: ChangementForm):
        raise NotImplementedError

    def get_success_url(self):
        return self.projet.get_absolute_url()

    def get(self, request, *args, **kwargs):
        if not self.projet.is_modifiable:
            messages.error(request, FIGE.format(etat=self.projet.get_statut_display()))
            return redirect(self.projet)
        form = self.construire(self.brouillon_data)
        if self.brouillon:
            sans_erreurs(form)
        return self.render_to_response(self.get_context_data(form=form))

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        prendre(self.projet.pk)  # one person at a time on a projet
        if reponse := self.avant_enregistrement():
            return reponse
        form = self.construire(request.POST)
        if form.is_valid():
            try:
                with transaction.atomic():
                    self.enregistrer(form)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.recevoir()
                messages.success(
                    request, "Le changement est enregistré dans le projet ; le plan, lui, ne bouge pas."
                )
                return redirect(f"{self.projet.get_absolute_url()}#changements")
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            projet=self.projet,
            nature=self.nature,
            retour=self.projet.get_absolute_url(),
            erreurs=self.request.method == "POST",
            **kwargs,
        )


class ChoisirView(LigneMixin, View):
    """`?nature=`: sends to the form of that kind, which has an address, hence drafts, of its own."""

    def get(self, request, *args, **kwargs):
        projet, nature = self.get_projet(), request.GET.get("nature", "")
        if nature not in NatureChangement.values:
            messages.error(request, "Choisissez dans la liste ce que l’avenant change.")
            return redirect(projet)
        return redirect("avenants:ajouter", self.convention.slug, projet.pk, nature)


class AjouterView(FormulaireView):
    """Where the form opens on what its target says now, the target is chosen first (`?cible=`)."""

    def preparer(self) -> None:
        if self.kwargs["nature"] not in NatureChangement.values:
            raise Http404("Un avenant ne fait pas cela.")
        self.nature, self.cible = NatureChangement(self.kwargs["nature"]), None
        if "cible" in self.kwargs:
            possibles = cibles_possibles(self.nature, self.convention)
            self.cible = get_object_or_404(possibles, pk=self.kwargs["cible"])

    def get(self, request, *args, **kwargs):
        if self.choisit and not cibles_possibles(self.nature, self.convention).exists():
            messages.info(
                request,
                RIEN_A_CHOISIR.get(self.nature, "Il n’y a rien que cet avenant puisse changer ainsi."),
            )
            return redirect(self.projet)
        choisie = request.GET.get("cible", "")
        if self.choisit and choisie.isascii() and choisie.isdecimal() and len(choisie) < 18:
            return redirect("avenants:ajouter_a", self.convention.slug, self.projet.pk, self.nature, choisie)
        return super().get(request, *args, **kwargs)

    @property
    def choisit(self) -> bool:
        return demande_sa_cible(self.nature) and self.cible is None

    def construire(self, data=None):
        if self.choisit:
            return CibleForm(nature=self.nature, convention=self.convention)
        return ChangementForm(data, nature=self.nature, projet=self.projet, cible=self.cible)

    def post(self, request, *args, **kwargs):
        if self.choisit:
            raise Http404("Choisissez d’abord ce que l’avenant change.")
        return super().post(request, *args, **kwargs)

    def enregistrer(self, form: ChangementForm):
        ajouter_changement(
            self.projet,
            self.nature,
            cible=form.choisie,
            valeurs=form.valeurs(),
            motif=form.cleaned_data["motif"],
            sous=form.cleaned_data.get("sous"),
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(choisit=self.choisit, objet=str(self.cible or ""), **kwargs)


class ModifierLigneView(FormulaireView):
    def preparer(self) -> None:
        self.ligne = next((li for li in lire_lignes(self.projet) if li.pk == self.kwargs["ligne"]), None)
        if self.ligne is None:
            raise Http404("Ce projet n’a plus cette ligne.")
        self.nature = NatureChangement(self.ligne.nature)

    def construire(self, data=None):
        return ChangementForm(data, nature=self.nature, projet=self.projet, ligne=self.ligne)

    def enregistrer(self, form: ChangementForm):
        sous = form.cleaned_data.get("sous") if "sous" in form.fields else self.ligne.sous
        modifier_changement(
            self.ligne.pk, valeurs=form.valeurs(), motif=form.cleaned_data["motif"], sous=sous
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(choisit=False, objet=nom_de_la_cible(self.ligne), **kwargs)


class RetirerLigneView(LigneMixin, View):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        projet = self.get_projet()
        ligne = get_object_or_404(projet.changements, pk=kwargs["ligne"])
        try:
            retirer_changement(ligne.pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"« {ligne.get_nature_display()} » n’est plus dans le projet.")
        return redirect(f"{reverse('avenants:detail', args=[self.convention.slug, projet.pk])}#changements")
