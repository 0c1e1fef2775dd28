"""Pages that are refused or not found: what was sent to them, or kept for them, is given back, never lost."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views import defaults

from ctg import brouillons
from ctg.pannes import panne_de
from ctg.views.brouillons import a_rendre, is_fetch, nom_du_champ, page_des_textes, textes_ecrits

ATTENTE = 30  # seconds before one tries again
TROP_GRANDES = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def illisible(request, exception):
    """400, and 413 where there is too much of it."""
    if isinstance(exception, TROP_GRANDES):
        return _page_nue(request, "413.html", 413)
    return _page_nue(request, "400.html", 400)


def _page_nue(request, template: str, status: int, **contexte) -> HttpResponse:
    page = render_to_string(template, {"reference": getattr(request, "reference", ""), **contexte})
    return HttpResponse(page, status=status)


def refusee(request, exception):
    """403: the reason is a sentence of ours."""
    return _rendre(request, 403, str(exception)) or defaults.permission_denied(request, exception)


def introuvable(request, exception):
    return _rendre(request, 404) or defaults.page_not_found(request, exception)


def en_panne(request):
    """503 where something of the server does not answer, with what was typed; 500 for a fault of ours.

    Nothing here may ask the database, not even who is there.
    """
    if (panne := panne_de(sys.exc_info()[1])) is None:
        return _page_nue(request, "500.html", 500)
    if is_fetch(request):
        reponse = JsonResponse({"erreur": f"{panne.quoi} : réessayez dans une minute."}, status=503)
    else:
        textes = textes_ecrits(request) if request.method == "POST" and a_rendre(request) else []
        page = {"titre": panne.titre, "quoi": panne.quoi, "textes": textes, "methode": request.method}
        reponse = _page_nue(request, "503.html", 503, **page)
    reponse["Retry-After"] = str(ATTENTE)
    add_never_cache_headers(reponse)
    return reponse


def _rendre(request, status: int, raison: str = ""):
    if is_fetch(request):
        return None
    if request.method == "POST":
        return page_des_textes(request, status=status, raison=raison) if a_rendre(request) else None
    garde = brouillons.lire(request.user, request.path) if request.user.is_authenticated else None
    if garde is None:
        return None
    ecrits = [
        (nom_du_champ(nom), texte)
        for nom in garde.modifies
        for texte in garde.donnees.get(nom, ())
        if texte.strip()
    ]
    return page_des_textes(request, status=status, raison=raison, textes=ecrits)
