"""What the search finds of the registry."""

from django.urls import reverse

from ctg.models import Organisme
from ctg.permissions import check
from ctg.recherche_globale import Rubrique, Trouvaille, register
from structures.models import Structure


def _structures(user, convention, query):
    is_tenu = bool(check(user, "structures.tenir", convention))
    structures = Structure.objects.du_registre(convention, is_tenu=is_tenu).search(query)
    return structures.select_related("type_structure").order_by("nom", "pk")


def _structure(structure, convention):
    url = reverse("structures:detail", kwargs={"convention": convention.slug, "pk": structure.pk})
    return Trouvaille(structure.nom, url, detail=str(structure.type_structure))


def _organismes(user, convention, query):
    """Those that run a structure of the convention."""
    structures = Structure.objects.of_convention(convention)
    return (
        Organisme.objects.search(query).filter(pk__in=structures.values("gestionnaire")).order_by("nom", "pk")
    )


def _organisme(organisme, convention):
    return Trouvaille(
        str(organisme), f"{_liste(convention)}?gestionnaire={organisme.pk}", detail="ses structures"
    )


def _liste(convention):
    return reverse("structures:list", kwargs={"convention": convention.slug})


register(Rubrique("structures", "Structures", _structures, _structure, 30, _liste))
register(Rubrique("gestionnaires", "Gestionnaires", _organismes, _organisme, 40))
