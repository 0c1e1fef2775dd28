"""The projets d’avenant of a convention: their list, one of them, its head, its steps, its annexes in PDF."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg.permissions import check
from ctg.views import ConventionMixin
from evaluation.avenants.annulation import annuler, empechements
from evaluation.avenants.application import appliquer
from evaluation.avenants.documents import nom_de_fichier, render_annexes
from evaluation.avenants.enums import EtatProjet
from evaluation.avenants.forms import MotifForm, NatureForm, ProjetForm, SignatureForm
from evaluation.avenants.lecture import lire_contenu, projets_lus_par
from evaluation.avenants.obstacles import collect_obstacles
from evaluation.avenants.services import (
    abandonner,
    arreter,
    enregistrer_projet,
    numero_suivant,
    prendre,
    reprendre,
    signer,
)
from evaluation.models import ProjetAvenant
from evaluation.models.avenants import FIGE
from gouvernance.views.edition import EditionView

PREPARER, CONSULTER = "evaluation.preparer_avenant", "evaluation.consulter_avenant"


class ProjetsView(ConventionMixin, TemplateView):
    permission_code = CONSULTER
    template_name = "evaluation/avenants/liste.html"

    def get_context_data(self, **kwargs):
        projets = projets_lus_par(self.request.user, self.convention).select_related(
            "decision__reunion", "convention"
        )
        siens = {projet.avenant_id for projet in projets if projet.avenant_id}
        return super().get_context_data(
            projets=projets.order_by("-numero", "-pk"),
            autres=self.convention.avenants.exclude(pk__in=siens).order_by("-numero"),
            peut_preparer=check(self.request.user, PREPARER, self.convention),
            **kwargs,
        )


class ProjetMixin(ConventionMixin):
    """One projet, that its reader may know of."""

    permission_code = CONSULTER

    def get_projet(self) -> ProjetAvenant:
        projets = projets_lus_par(self.request.user, self.convention)
        return get_object_or_404(
            projets.select_related("convention__territoire", "avenant"), pk=self.kwargs["pk"]
        )


class ProjetView(ProjetMixin, TemplateView):
    template_name = "evaluation/avenants/projet.html"

    def get_context_data(self, **kwargs):
        projet, today = self.get_projet(), timezone.localdate()
        obstacles = collect_obstacles(projet)
        par_ligne: dict[int, list[str]] = {}
        for obstacle in obstacles:
            par_ligne.setdefault(obstacle.ligne, []).append(obstacle.phrase)
        contenu = lire_contenu(projet, self.request.user)
        return super().get_context_data(
            projet=projet,
            contenu=contenu,
            lignes=[{"ligne": ligne, "obstacles": par_ligne.get(ligne.cle, [])} for ligne in contenu.lignes],
            obstacles=par_ligne.get(None, []),
            nb_obstacles=len(obstacles),
            etapes=[etape for etape in ETAPES.values() if projet.statut in etape.de],
            est_venu=projet.date_effet <= today,
            nature_form=NatureForm(),
            peut_preparer=check(self.request.user, PREPARER, self.convention),
            **kwargs,
        )


class AnnexesPdfView(ProjetMixin, View):
    """The annexes of the avenant: marked « PROJET » until they are signed."""

    def get(self, request, *args, **kwargs):
        projet = self.get_projet()
        pdf = render_annexes(projet, lire_contenu(projet, request.user), now=timezone.now())
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{nom_de_fichier(projet)}"'
        return response


class PreparerView(EditionView):
    """The head of a new projet."""

    permission_code = PREPARER
    template_name = "evaluation/avenants/formulaire.html"
    form_class = ProjetForm

    def get_objet(self) -> ProjetAvenant:
        return ProjetAvenant(convention=self.convention, numero=numero_suivant(self.convention))

    def get_titre(self) -> str:
        return "Préparer un avenant"

    def get_message(self, projet) -> str:
        return f"L’avenant n°\u00a0{projet.numero} est enregistré."

    def get_retour(self) -> str:
        if self.objet.pk:
            return self.objet.get_absolute_url()
        return reverse("avenants:list", kwargs={"convention": self.convention.slug})

    def sauver(self, form) -> ProjetAvenant:
        return enregistrer_projet(form.save(commit=False))


class ModifierView(PreparerView):
    def get_objet(self) -> ProjetAvenant:
        projet = get_object_or_404(ProjetAvenant, convention=self.convention, pk=self.kwargs["pk"])
        return prendre(projet.pk) if self.request.method == "POST" else projet

    def get_titre(self) -> str:
        return "Modifier le projet d’avenant"

    def get_refus(self) -> str:
        return "" if self.objet.is_modifiable else FIGE.format(etat=self.objet.get_statut_display())


@dataclass(frozen=True, slots=True)
class Etape:
    """A step of a projet. `faire(projet, donnees, request)` is the service; `form`: what it asks."""

    code: str
    bouton: str
    titre: str
    texte: str
    de: frozenset[str]
    faire: Callable
    fait: str
    form: type[forms.Form] = forms.Form
    is_principale: bool = False


def _etapes(*etapes: Etape) -> dict[str, Etape]:
    return {etape.code: etape for etape in etapes}


ETAPES = _etapes(
    Etape(
        "arreter",
        "Arrêter le contenu",
        "Arrêter le contenu de l’avenant",
        "Ce qui sera signé ne bouge plus : les changements, l’arbre et les annexes d’avant et d’après sont gardés tels "
        "quels, avec leur empreinte. Vous pourrez encore le reprendre, avec un motif.",
        frozenset({EtatProjet.EN_PREPARATION}),
        lambda projet, donnees, request: arreter(projet.pk),
        "Le contenu est arrêté : il peut être signé.",
        is_principale=True,
    ),
    Etape(
        "signer",
        "Noter la signature",
        "Noter la signature de l’avenant",
        "Tous les signataires ont signé ce contenu. L’avenant s’appliquera à partir de sa date d’effet.",
        frozenset({EtatProjet.ARRETE}),
        lambda projet, donnees, request: signer(projet.pk, date_signature=donnees["date_signature"]),
        "La signature est notée.",
        SignatureForm,
        is_principale=True,
    ),
    Etape(
        "appliquer",
        "Appliquer",
        "Appliquer l’avenant",
        "À partir de la date d’effet, l’arbre, les fiches, les indicateurs, les annexes et les signataires sont ceux de "
        "l’avenant : tout, ou rien. Avant cette date, rien ne bouge ; les bilans figés non plus.",
        frozenset({EtatProjet.SIGNE}),
        lambda projet, donnees, request: appliquer(projet.pk, user=request.user, now=timezone.now()),
        "L’avenant est appliqué : le plan est désormais celui qu’il donne.",
        is_principale=True,
    ),
    Etape(
        "reprendre",
        "Reprendre en préparation",
        "Reprendre le projet en préparation",
        "Le contenu arrêté n’est plus le sien : vous le changez, puis vous l’arrêtez de nouveau. S’il était signé, il "
        "faudra le signer de nouveau.",
        frozenset({EtatProjet.ARRETE, EtatProjet.SIGNE}),
        lambda projet, donnees, request: reprendre(projet.pk, motif=donnees["motif"]),
        "Le projet est de nouveau en préparation.",
        MotifForm,
    ),
    Etape(
        "annuler",
        "Annuler l’application",
        "Annuler l’application de l’avenant",
        "Appliqué par erreur, ou à une mauvaise date : le plan redevient ce qu’il était, et l’avenant attend de nouveau "
        "d’être appliqué. Ce n’est possible que tant que rien n’a été écrit après lui.",
        frozenset({EtatProjet.APPLIQUE}),
        lambda projet, donnees, request: annuler(
            projet.pk, motif=donnees["motif"], user=request.user, now=timezone.now()
        ),
        "L’application est annulée : le plan est celui d’avant.",
        MotifForm,
    ),
    Etape(
        "abandonner",
        "Abandonner ce projet",
        "Abandonner le projet d’avenant",
        "Il reste lisible dans la liste, et son numéro peut servir à un autre.",
        frozenset({EtatProjet.EN_PREPARATION, EtatProjet.ARRETE}),
        lambda projet, donnees, request: abandonner(projet.pk, motif=donnees["motif"]),
        "Le projet est abandonné.",
        MotifForm,
    ),
)


class EtapeView(ConventionMixin, TemplateView):
    """GET says what the step does and what forbids it; POST takes it."""

    permission_code = PREPARER
    template_name = "evaluation/avenants/etape.html"

    def get_etape(self) -> tuple[ProjetAvenant, Etape]:
        projet = get_object_or_404(
            ProjetAvenant.objects.select_related("convention__territoire", "avenant"),
            convention=self.convention,
            pk=self.kwargs["pk"],
        )
        if self.kwargs["action"] not in ETAPES:
            raise Http404("Un avenant n’a pas cette étape.")
        return projet, ETAPES[self.kwargs["action"]]

    def get(self, request, *args, **kwargs):
        projet, etape = self.get_etape()
        if projet.statut not in etape.de:
            messages.info(request, f"Ce projet d’avenant est {projet.get_statut_display()}.")
            return redirect(projet)
        return self.render_to_response(self.get_context_data(projet=projet, etape=etape, form=etape.form()))

    def post(self, request, *args, **kwargs):
        projet, etape = self.get_etape()
        form = etape.form(request.POST)
        if request.POST.get("vu", projet.statut) != projet.statut:  # an old tab
            messages.error(
                request,
                f"Entre-temps, ce projet est {projet.get_statut_display()} : relisez-le. Rien n’est fait.",
            )
            return redirect(projet)
        if form.is_valid():
            try:
                etape.faire(projet, form.cleaned_data, request)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, etape.fait)
                return redirect(projet)
        return self.render_to_response(self.get_context_data(projet=projet, etape=etape, form=form))

    def get_context_data(self, **kwargs):
        projet, etape = kwargs["projet"], kwargs["etape"]
        empechent = []
        if etape.code in {"arreter", "signer", "appliquer"}:
            empechent = [obstacle.phrase for obstacle in collect_obstacles(projet)]
        elif etape.code == "annuler":
            empechent = empechements(projet)
        return super().get_context_data(
            empechent=empechent,
            retroactif=etape.code in {"arreter", "signer", "appliquer"}
            and projet.date_effet < timezone.localdate(),
            attend=etape.code == "appliquer" and projet.date_effet > timezone.localdate(),
            **kwargs,
        )
