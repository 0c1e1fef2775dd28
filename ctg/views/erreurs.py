"""Pages that are refused or not found: what was sent to them is given back, never lost."""

from django.views import defaults

from ctg.views.brouillons import a_rendre, is_fetch, page_des_textes


def refusee(request, exception):
    """403: the reason is a sentence of ours."""
    return _rendre(request, 403, str(exception)) or defaults.permission_denied(request, exception)


def introuvable(request, exception):
    return _rendre(request, 404) or defaults.page_not_found(request, exception)


def _rendre(request, status: int, raison: str = ""):
    if request.method != "POST" or is_fetch(request) or not a_rendre(request):
        return None
    return page_des_textes(request, status=status, raison=raison)
