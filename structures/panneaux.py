"""What the registry shows on pages of other apps."""

from django.db.models import Count

from ctg.models import Quartier
from ctg.panneaux import Panneau, register
from structures.models import Structure


def _par_quartier(request, territoire):
    """How many structures stand in each quartier of reference, and how many in none that is known."""
    registre = Structure.objects.of_convention(request.convention)
    comptes = dict(registre.order_by().values_list("quartier").annotate(Count("pk")))
    lignes = [
        (quartier, comptes.get(quartier.pk, 0)) for quartier in Quartier.objects.de_reference(territoire)
    ]
    if not lignes:
        return None
    nb = sum(comptes.values())
    return {"lignes": lignes, "nb": nb, "nb_sans": nb - sum(nb for _, nb in lignes)}


register(
    Panneau(
        "quartiers",
        "structures",
        "Les structures par quartier",
        "structures/_panneau_quartiers.html",
        _par_quartier,
        10,
    )
)
