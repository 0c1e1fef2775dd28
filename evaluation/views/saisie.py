"""Entry of the indicators and of the progress of one fiche for one year."""

from functools import cached_property

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView

from ctg.brouillons import garder, sans_erreurs
from ctg.views import BrouillonMixin, LockedPostMixin, ObjectPermissionMixin
from evaluation.forms import FormulaireSaisie
from evaluation.fusion import fusionner_saisie, signer_etat
from evaluation.models import Avancement, Indicateur
from evaluation.services import enregistrer_saisie
from fiches.models import FicheProjet


class FicheDeLAnneeMixin(ObjectPermissionMixin):
    """The fiche of that code, for a year of the convention that has begun."""

    slug_field = "code"
    slug_url_kwarg = "code"
    context_object_name = "fiche"

    def get_queryset(self):
        today = timezone.localdate()
        if self.kwargs["annee"] not in self.convention.annees or self.kwargs["annee"] > today.year:
            raise Http404("Cette année n’est pas à saisir dans cette convention.")
        fiches = FicheProjet.objects.filter(convention=self.convention).en_vigueur(au=today)
        return fiches.select_related("axe", "convention").prefetch_related("axes")


class SaisieView(BrouillonMixin, LockedPostMixin, FicheDeLAnneeMixin, DetailView):
    permission_code = "evaluation.saisir"
    template_name = "evaluation/saisie.html"

    @cached_property
    def indicateurs(self) -> list[Indicateur]:
        indicateurs = Indicateur.objects.filter(fiche=self.object)
        return list(indicateurs.en_vigueur(au=timezone.localdate()).for_entry())

    def construire(self, data=None) -> FormulaireSaisie:
        fiche, annee = self.object, self.kwargs["annee"]
        # Signed before the rest is read: what is saved in between is then asked, never lost.
        jeton = signer_etat(fiche, annee) if data is None else data.get("jeton", "")
        avancement = Avancement.objects.filter(fiche=fiche, annee=annee).first()
        return FormulaireSaisie.construire(self.indicateurs, avancement, annee, data=data, jeton=jeton)

    def get_context_data(self, **kwargs):
        saisie = kwargs.pop("saisie", None) or self.construire(self.brouillon_data)
        if self.brouillon:
            sans_erreurs(*saisie.formulaires)
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
        self.object = self.get_object()  # locked until the end
        if reponse := self.avant_enregistrement():
            return reponse
        annee = self.kwargs["annee"]
        fusion = fusionner_saisie(self.object, annee, self.construire(), request.POST)
        if fusion.conflits:
            return self.demander(fusion)
        saisie = self.construire(fusion.data)
        if not saisie.is_valid():
            saisie.erreurs = ["Rien n’est encore enregistré : corrigez ce qui est signalé ci-dessous."]
            return self.render_to_response(self.get_context_data(saisie=saisie))
        nb = enregistrer_saisie(self.object, annee, saisie, user=request.user, now=timezone.now())
        self.recevoir()
        self._dire(nb, fusion)
        return redirect(self.get_success_url())

    def _dire(self, nb: int, fusion) -> None:
        if nb:
            fait = f"C’est enregistré pour {self.object.code}, année {self.kwargs['annee']}."
            messages.success(self.request, fait)
        else:
            messages.info(self.request, "Rien n’a changé.")
        if fusion.leurs:
            qui, quoi = " et ".join(fusion.auteurs), ", ".join(fusion.leurs)
            messages.info(self.request, f"Pendant ce temps, {qui} a modifié : {quoi}. Tout est réuni.")

    def demander(self, fusion):
        """The page where one chooses; what was typed travels with it, and is kept as a draft meanwhile."""
        garder(self.request.user, self.request.path, self.request.POST, now=timezone.now())
        repris = [
            (name, value)
            for name in self.request.POST
            if name != "csrfmiddlewaretoken" and not name.startswith(("choix-", "vu-", "texte-"))
            for value in self.request.POST.getlist(name)
        ]
        context = {
            "fiche": self.object,
            "annee": self.kwargs["annee"],
            "fusion": fusion,
            "repris": repris,
            "convention": self.convention,
        }
        return render(self.request, "evaluation/saisie_conflit.html", context)

    def get_success_url(self):
        return reverse(
            "evaluation:saisie",
            kwargs={
                "convention": self.convention.slug,
                "annee": self.kwargs["annee"],
                "code": self.object.code,
            },
        )
