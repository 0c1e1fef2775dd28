"""What every page needs: the convention, its menu, and the marks of the demonstration."""

from django.conf import settings
from django.utils import timezone

from ctg.panneaux import menu
from ctg.permissions import check
from ctg.sessions import restante
from ctg.views.dates import jour_sans_effet


def page(request):
    convention = getattr(request, "convention", None)
    user = getattr(request, "user", None)
    entrees = []
    if convention is not None and user is not None:
        racine = f"/{convention.slug}/"
        reste = request.path.removeprefix(racine)
        today = timezone.localdate()
        visibles = menu(user, convention)
        prefixes = {entree.prefixe for entree in visibles}
        courant = max(
            (p for p in prefixes if p and reste.startswith(p)), key=len, default="" if not reste else None
        )
        entrees = [
            {
                "nom": entree.nom,
                "icone": entree.icone,
                "url": entree.url(convention, today),
                "actif": entree.prefixe == courant,
            }
            for entree in visibles
        ]
    return {
        "reference": getattr(request, "reference", ""),
        "convention": convention,
        "menu": entrees,
        "demo": settings.DEMO,
        "jour_sans_effet": jour_sans_effet(request),
        "session_restante": restante(request) if user is not None and user.is_authenticated else None,
        "peut_administrer": bool(user is not None and check(user, "ctg.administrer")),
    }
