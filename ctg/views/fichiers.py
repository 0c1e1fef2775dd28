"""The answer that gives a kept file; whoever calls has checked the rights."""

from django.http import FileResponse, Http404
from django.utils.cache import get_conditional_response

from ctg.models import FichierConserve


def servir_conserve(request, document: FichierConserve, content_type: str):
    """It never changes: a browser that has it asks whether it does, and downloads nothing."""
    try:
        fichier = document.fichier.open("rb")
    except OSError as error:
        raise Http404("Ce fichier publié ne se lit plus : prévenez l’administrateur.") from error
    response = FileResponse(fichier, as_attachment=True, filename=document.nom, content_type=content_type)
    response["ETag"] = f'"{document.empreinte}"'
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=response["ETag"], response=response)
