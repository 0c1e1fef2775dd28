"""Pages that are refused or not found: what was sent to them, or kept for them, is given back, never lost."""

from django.views import defaults

from ctg import brouillons
from ctg.views.brouillons import a_rendre, is_fetch, nom_du_champ, page_des_textes


def refusee(request, exception):
    """403: the reason is a sentence of ours."""
    return _rendre(request, 403, str(exception)) or defaults.permission_denied(request, exception)


def introuvable(request, exception):
    return _rendre(request, 404) or defaults.page_not_found(request, exception)


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
