"""Observed effects: the register of all; of a fiche and a year, add one, change it, take it away."""

from operator import attrgetter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import DetailView
from django_filters.views import FilterView

from ctg.brouillons import garder, sans_erreurs
from ctg.listes import Colonne
from ctg.permissions import check
from ctg.views import BrouillonMixin, ConventionMixin, LockedPostMixin
from ctg.views.listes import ListeMixin
from evaluation.effets.comptes import compter_par_axe
from evaluation.enums import SensEffet
from evaluation.filters import EffetFilterSet
from evaluation.forms_complements import EffetForm
from evaluation.lecture import effets_caches
from evaluation.models import Effet
from evaluation.services import Ecriture
from evaluation.verrous import VerrouError, saisie_courante, verrou
from evaluation.views.saisie import FicheDeLAnneeMixin

TOUTE = "toute la convention"
# The convention, then the axes, then the fiches.
ORDRE_DU_PLAN = (
    F("fiche__axe__ordre").asc(nulls_first=True),
    F("axe__rang").asc(nulls_first=True),
    F("axe__ordre").asc(nulls_first=True),
    "fiche__numero",
)


def intitule_de_l_axe(effet: Effet) -> str:
    return effet.axe.intitule if effet.axe else ""


COLONNES = (
    Colonne(
        "effet",
        "Effet observé",
        (
            ("Effet observé", attrgetter("constat")),
            ("Pour qui", attrgetter("parties_prenantes")),
            ("À quoi on le voit", attrgetter("preuve")),
        ),
        (),
    ),
    Colonne(
        "fiche",
        "Sur quoi",
        (
            ("Fiche ou axe", lambda effet: effet.objet.code if effet.objet else TOUTE),
            ("Intitulé", lambda effet: effet.fiche.titre if effet.fiche else intitule_de_l_axe(effet)),
        ),
        ORDRE_DU_PLAN,
    ),
    Colonne("annee", "Année", (("Année", attrgetter("annee")),), ("annee",)),
    Colonne("sens", "Sens", (("Sens", lambda effet: effet.get_sens_display()),), ("sens",)),
    Colonne(
        "attendu",
        "Attendu",
        (("Attendu", lambda effet: "attendu" if effet.is_attendu else "inattendu"),),
        ("is_attendu",),
    ),
    Colonne(
        "origine",
        "Lien avec l’action",
        (("Lien avec l’action", lambda effet: effet.get_origine_display()),),
        ("origine",),
    ),
)


class EffetsView(ListeMixin, ConventionMixin, FilterView):
    """The register (annexe 5): all the effects that this person reads, counted by what is shown."""

    permission_code = "ctg.lire_chiffres"
    colonnes = COLONNES
    ordre = ("-annee", *ORDRE_DU_PLAN, "pk")
    filterset_class = EffetFilterSet
    template_name = "evaluation/effets.html"
    paginate_by = 50

    def get_queryset(self):
        effets = Effet.objects.filter(convention=self.convention)
        return self.trier(effets.exclude(effets_caches(self.request.user, self.convention)).for_list())

    def get_context_data(self, **kwargs):
        comptes = self.object_list.order_by().aggregate(
            positifs=Count("pk", filter=Q(sens=SensEffet.POSITIF)),
            negatifs=Count("pk", filter=Q(sens=SensEffet.NEGATIF)),
            inattendus=Count("pk", filter=Q(is_attendu=False)),
        )
        is_vide = not Effet.objects.filter(convention=self.convention).exists()
        context = super().get_context_data(
            comptes=comptes,
            par_axe=compter_par_axe(self.convention, self.object_list),
            is_vide=is_vide,
            toute=TOUTE,
            noter=check(self.request.user, "evaluation.ouvrir_effets", self.convention),
            **kwargs,
        )
        context["lignes"] = [
            (effet, bool(check(self.request.user, "evaluation.noter_effet", effet)))
            for effet in context["object_list"]
        ]
        return context


class EffetView(BrouillonMixin, LockedPostMixin, FicheDeLAnneeMixin, DetailView):
    """With `pk`, an effect that is noted; without, a new one."""

    permission_code = "evaluation.saisir"
    template_name = "evaluation/effet.html"

    def get_effet(self) -> Effet:
        if "pk" not in self.kwargs:
            return Effet(fiche=self.object, convention=self.convention, annee=self.kwargs["annee"])
        return get_object_or_404(Effet, fiche=self.object, annee=self.kwargs["annee"], pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or EffetForm(self.brouillon_data, instance=self.get_effet())
        if self.brouillon:
            sans_erreurs(form)
        courante = saisie_courante(self.object, self.kwargs["annee"])
        return super().get_context_data(
            form=form,
            annee=self.kwargs["annee"],
            ferme=verrou(courante, self.kwargs["annee"], today=timezone.localdate()),
            **kwargs,
        )

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.object = self.get_object()  # locked until the end
        effet = self.get_effet()
        if reponse := self.avant_enregistrement():
            return reponse
        supprimer = "supprimer" in request.POST and effet.pk is not None
        form = EffetForm(request.POST, instance=effet)
        if not supprimer and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            with transaction.atomic():
                ecriture = Ecriture(self.object, self.kwargs["annee"], user=request.user, now=timezone.now())
                ecriture.effet(effet, supprimer=supprimer)
        except VerrouError as error:
            garder(request.user, request.path, request.POST, now=timezone.now())
            messages.error(request, f"{error} Ce que vous avez écrit est gardé ci-dessous.")
            return self.render_to_response(self.get_context_data(form=form), status=409)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.render_to_response(self.get_context_data(form=form))
        self.recevoir()
        messages.success(request, "L’effet est retiré." if supprimer else "L’effet est enregistré.")
        return redirect(f"{self.adresse()}#champ-effets")
