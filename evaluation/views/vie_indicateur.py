"""What becomes of an indicator: copied, moved, replaced by another, closed, deleted."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.generic import DetailView

from ctg import brouillons
from ctg.views.brouillons import DEJA_RECU
from ctg.views.mixins import exiger
from evaluation.definitions import (
    clore_indicateur,
    copier_indicateur,
    deplacer_indicateur,
    empeche_de_supprimer,
    remplacer_indicateur,
    supprimer_indicateur,
    verrouiller_fiche,
)
from evaluation.forms_indicateurs import IndicateurForm
from evaluation.forms_vie_indicateur import CopierForm, RemplacerForm
from evaluation.models import Indicateur
from evaluation.preparation import demande_en_mots
from evaluation.views.indicateurs import (
    DEFINIR,
    FormulaireMixin,
    IndicateurMixin,
    code_suivant,
    fiches_definies,
)


class CopierView(IndicateurMixin, DetailView):
    permission_code = DEFINIR
    template_name = "evaluation/indicateur_copier.html"

    def construire(self, data=None) -> CopierForm:
        initial = {
            "fiche": self.object.fiche_id,
            "code": code_suivant(self.object.fiche),
            "avec_cibles": False,
        }
        return CopierForm(data, initial=initial, fiches=fiches_definies(self.request.user, self.convention))

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.construire())
        kwargs["envoi"] = self.request.POST.get("envoi") or str(uuid.uuid4())
        return super().get_context_data(fiche=self.object.fiche, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = self.construire(request.POST)
        if form.is_valid():
            fiche = verrouiller_fiche(form.cleaned_data["fiche"].pk)
            exiger(request.user, DEFINIR, fiche)
            if not brouillons.recevoir(request.POST.get("envoi", ""), now=timezone.now()):
                messages.info(request, DEJA_RECU)
                return redirect(self.object)
            try:
                with transaction.atomic():
                    copie = copier_indicateur(
                        self.object,
                        fiche,
                        form.cleaned_data["code"],
                        avec_cibles=form.cleaned_data["avec_cibles"],
                        user=request.user,
                        now=timezone.now(),
                    )
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                messages.success(
                    request,
                    f"{copie.code} est créé dans {fiche.code} : relisez sa définition.{demande_en_mots(copie)}",
                )
                return redirect("indicateurs:modifier", convention=self.convention.slug, pk=copie.pk)
        return self.render_to_response(self.get_context_data(form=form))


class DeplacerView(IndicateurMixin, DetailView):
    """POST: `sens` is « haut » or « bas »."""

    permission_code = DEFINIR
    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        indicateur = self.get_object_verrouille()
        vers_le_haut = request.POST.get("sens") == "haut"
        if deplacer_indicateur(indicateur, vers_le_haut=vers_le_haut):
            messages.success(request, f"{indicateur.code} est {'monté' if vers_le_haut else 'descendu'}.")
        else:
            messages.info(request, f"{indicateur.code} est déjà au bout de la liste de sa fiche.")
        return redirect("indicateurs:list", convention=self.convention.slug)


class RemplacerView(FormulaireMixin, IndicateurMixin, DetailView):
    template_name = "evaluation/indicateur_form.html"

    def construire(self, data=None) -> RemplacerForm:
        ancien = self.object
        initial = {name: getattr(ancien, name) for name in IndicateurForm._meta.fields}
        return RemplacerForm(
            data,
            fiche=ancien.fiche,
            ancien=ancien,
            initial=initial,
            cibles={cible.annee: cible.valeur for cible in ancien.cibles.all()},
            modalites=ancien.modalites.order_by("ordre", "pk"),
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(remplace=self.object, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = ancien = self.get_object_verrouille()
        if reponse := self.avant_enregistrement():
            return reponse
        form = self.construire(request.POST)
        if form.is_valid():
            try:
                with transaction.atomic():
                    suite = remplacer_indicateur(
                        Indicateur.objects.get(pk=ancien.pk), form, user=request.user, now=timezone.now()
                    )
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.recevoir()
                jour = suite.date_effet.strftime("%d/%m/%Y")
                messages.success(
                    request,
                    f"{suite.code} remplace {ancien.code} à partir du {jour}. Ses valeurs restent lisibles."
                    f"{demande_en_mots(suite)}",
                )
                return redirect(suite)
        return self.render_to_response(self.get_context_data(form=form))


class SupprimerView(IndicateurMixin, DetailView):
    """GET says what forbids a deletion; POST closes (`clore`, with its date) or deletes (`supprimer`)."""

    permission_code = DEFINIR
    template_name = "evaluation/indicateur_supprimer.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            empeche=empeche_de_supprimer(self.object),
            date_fin=self.request.POST.get("date_fin", ""),
            motif=self.request.POST.get("motif", ""),
            **kwargs,
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = indicateur = self.get_object_verrouille()
        code = indicateur.code
        try:
            with transaction.atomic():
                if request.POST.get("action") == "clore":
                    jour = _jour(request.POST.get("date_fin", ""))
                    clore_indicateur(indicateur, au=jour, motif=request.POST.get("motif", "")[:300])
                    messages.success(
                        request,
                        f"{code} est clos au {jour.strftime('%d/%m/%Y')}. Ses valeurs restent lisibles.",
                    )
                else:
                    supprimer_indicateur(indicateur)
                    messages.success(request, f"{code} est supprimé. Son historique est gardé.")
        except ValidationError as error:
            self.object = self.get_object()
            return self.render_to_response(self.get_context_data(fautes=error.messages))
        return redirect("indicateurs:list", convention=self.convention.slug)


def _jour(texte: str):
    try:
        jour = parse_date(texte)
    except ValueError:
        jour = None
    if jour is None:
        raise ValidationError("Écrivez la date de clôture, par exemple le 1er janvier prochain.")
    return jour
