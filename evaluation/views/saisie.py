"""Entry of the indicators and of the progress of one fiche for one year."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView

from ctg.views import ObjectPermissionMixin
from evaluation.forms import AvancementForm, MesureForm, Saisie
from evaluation.models import Avancement, Indicateur
from evaluation.services import SaisieMoved, enregistrer_saisie, jeton
from fiches.models import FicheProjet

CONFLIT = (
    "Quelqu’un a enregistré cette saisie pendant que vous écriviez. Rien n’est perdu : vos valeurs sont ci-dessous. "
    "Comparez-les à celles de la fiche, puis enregistrez de nouveau pour les remplacer."
)


class SaisieView(ObjectPermissionMixin, DetailView):
    permission_code = "evaluation.saisir"
    template_name = "evaluation/saisie.html"
    slug_field = "code"
    slug_url_kwarg = "code"
    context_object_name = "fiche"

    def get_queryset(self):
        today = timezone.localdate()
        if self.kwargs["annee"] not in self.convention.annees or self.kwargs["annee"] > today.year:
            raise Http404("Cette année n’est pas à saisir dans cette convention.")
        fiches = FicheProjet.objects.filter(convention=self.convention).en_vigueur(au=today)
        return fiches.select_related("axe", "convention").prefetch_related("axes")

    def construire(self, data=None) -> Saisie:
        fiche, annee = self.object, self.kwargs["annee"]
        indicateurs = Indicateur.objects.filter(fiche=fiche).en_vigueur(au=timezone.localdate()).for_entry()
        formulaires = []
        for indicateur in indicateurs:
            mesure = next((m for m in indicateur.mesures.all() if m.annee == annee), None)
            formulaires.append(MesureForm(data, indicateur=indicateur, mesure=mesure))
        avancement = Avancement.objects.filter(fiche=fiche, annee=annee).first()
        return Saisie(
            mesures=formulaires,
            avancement=AvancementForm(data, instance=avancement, prefix="avancement"),
            jeton=jeton(fiche, annee),
        )

    def get_context_data(self, **kwargs):
        saisie = kwargs.pop("saisie", None) or self.construire()
        annee = self.kwargs["annee"]
        precedent = Avancement.objects.filter(fiche=self.object, annee=annee - 1).first()
        lignes = [
            {
                "form": form,
                "indicateur": form.indicateur,
                "cible": next((c.valeur for c in form.indicateur.cibles.all() if c.annee == annee), None),
                "precedente": next((m for m in form.indicateur.mesures.all() if m.annee == annee - 1), None),
            }
            for form in saisie.mesures
        ]
        return super().get_context_data(
            saisie=saisie,
            lignes=lignes,
            annee=annee,
            annee_precedente=annee - 1,
            precedent=precedent,
            **kwargs,
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        saisie = self.construire(request.POST)
        if not saisie.is_valid():
            saisie.erreurs = ["Rien n’est encore enregistré : corrigez ce qui est signalé ci-dessous."]
            saisie.jeton = request.POST.get("jeton", "")
            return self.render_to_response(self.get_context_data(saisie=saisie))
        try:
            nb = enregistrer_saisie(
                self.object.pk,
                self.kwargs["annee"],
                mesures=saisie.mesures,
                avancement=saisie.avancement,
                jeton_ouvert=request.POST.get("jeton", ""),
                user=request.user,
                now=timezone.now(),
            )
        except SaisieMoved:
            saisie.erreurs = [CONFLIT]
            return self.render_to_response(self.get_context_data(saisie=saisie))
        if nb:
            messages.success(
                request, f"C’est enregistré pour {self.object.code}, année {self.kwargs['annee']}."
            )
        else:
            messages.info(request, "Rien n’a changé.")
        return redirect(self.get_success_url())

    def get_success_url(self):
        return reverse(
            "evaluation:saisie",
            kwargs={
                "convention": self.convention.slug,
                "annee": self.kwargs["annee"],
                "code": self.object.code,
            },
        )
