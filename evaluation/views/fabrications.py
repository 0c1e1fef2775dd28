"""A document that takes seconds: the file if it is ready, else 202 and a page that says how far it is."""

import datetime
import time

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from ctg.models import Convention
from ctg.views import ConventionMixin
from evaluation import tasks
from evaluation.edition import Edition
from evaluation.enums import StatutFabrication
from evaluation.fabrication import ECHEC, abandonner, demander, document_de, reprendre
from evaluation.finale.reports import Finale
from evaluation.models import Fabrication

# Seconds that a request waits for: most documents are ready sooner, and then there is nothing to look at.
PATIENCE = 1.5
PAS = 0.1
# After this long without a worker, there may be none.
ATTENTE_LONGUE = datetime.timedelta(minutes=1)
EN_ATTENTE = "En attente : d’autres documents se préparent avant le vôtre."
A_L_ARRET = (
    "En attente depuis plus d’une minute. Si rien ne bouge, le service qui prépare les documents est peut-être arrêté : "
    "prévenez l’administrateur. Votre demande est gardée."
)
ABANDONNEE = "Ce document n’est plus gardé, ou sa préparation est annulée : demandez-le de nouveau."


def fournir(request, convention: Convention, recette: str, edition: Edition | Finale) -> HttpResponse:
    """`edition`: what this person may read."""
    fabrication, a_lancer = demander(convention, recette, edition, user=request.user, now=timezone.now())
    if a_lancer:
        tasks.fabriquer.enqueue(fabrication.pk)
    return _repondre(request, _attendre(fabrication))


def _attendre(fabrication: Fabrication) -> Fabrication:
    fin = time.monotonic() + PATIENCE
    while True:
        try:
            fabrication.refresh_from_db(fields=["statut", "pourcentage", "etape", "fichier"])
        except Fabrication.DoesNotExist:
            raise Http404(ABANDONNEE) from None
        if fabrication.statut in (StatutFabrication.PRETE, StatutFabrication.ECHOUEE):
            return fabrication
        if time.monotonic() > fin:
            return fabrication
        time.sleep(PAS)


def _repondre(request, fabrication: Fabrication) -> HttpResponse:
    if fabrication.statut == StatutFabrication.PRETE:
        return _servir(fabrication)
    is_echouee = fabrication.statut == StatutFabrication.ECHOUEE
    context = {
        "convention": fabrication.convention,
        "fabrication": fabrication,
        "dit": dire(fabrication),
        "is_echouee": is_echouee,
        "retour": _retour(request, request.META.get("HTTP_REFERER", ""), fabrication.convention),
    }
    response = render(request, "evaluation/fabrication.html", context, status=503 if is_echouee else 202)
    response["Retry-After"] = "5"
    return response


def _servir(fabrication: Fabrication) -> HttpResponse:
    document = document_de(fabrication.recette)
    try:
        fichier = fabrication.fichier.open("rb")
    except OSError as error:  # its day ended between two requests
        raise Http404("Ce document n’est plus gardé : demandez-le de nouveau.") from error
    return FileResponse(
        fichier, as_attachment=True, filename=fabrication.nom, content_type=document.content_type
    )


def _retour(request, adresse: str, convention: Convention) -> str:
    """The page that one came from, if it is ours."""
    if url_has_allowed_host_and_scheme(adresse, {request.get_host()}, require_https=request.is_secure()):
        return adresse
    return reverse("evaluation:bilans", args=[convention.slug])


def dire(fabrication: Fabrication) -> str:
    """What a person is told of it."""
    if fabrication.statut == StatutFabrication.ECHOUEE:
        return ECHEC
    if fabrication.statut == StatutFabrication.EN_ATTENTE:
        return EN_ATTENTE if timezone.now() - fabrication.date_signe < ATTENTE_LONGUE else A_L_ARRET
    if fabrication.statut == StatutFabrication.PRETE:
        return "Votre document est prêt."
    return f"{fabrication.etape or 'Préparation'}…"


class FabricationMixin(ConventionMixin):
    """For those who asked for the document, and could read then what it is made of."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        fabrications = request.user.fabrications.filter(convention=self.convention).select_related(
            "convention"
        )
        self.fabrication = fabrications.filter(cle=kwargs["cle"]).first()
        if self.fabrication is None:
            raise Http404(ABANDONNEE)


class FabricationView(FabricationMixin, View):
    """Where it is, or the file."""

    def get(self, request, *args, **kwargs):
        return _repondre(request, self.fabrication)


class EtatView(FabricationMixin, View):
    """How far it is, as JSON; `pourcentage` 0: not known."""

    def get(self, request, *args, **kwargs):
        fabrication = self.fabrication
        if reprendre(fabrication, now=timezone.now()):
            tasks.fabriquer.enqueue(fabrication.pk)
        return JsonResponse(
            {"statut": fabrication.statut, "pourcentage": fabrication.pourcentage, "dit": dire(fabrication)}
        )


class AbandonView(FabricationMixin, View):
    """The preparation stops; nothing else is lost."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        abandonner(self.fabrication, user=request.user)
        messages.success(request, f"La préparation de « {self.fabrication.nom} » est annulée.")
        return redirect(_retour(request, request.POST.get("retour", ""), self.convention))
