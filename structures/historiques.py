"""What the history of a structure tells: the structure and those merged into it, its parts, its lines, its activity."""

from django.db.models import Q

from ctg.historique import SourceHistorique, register
from ctg.models import Convention
from structures.models import Activite, Agrement, Contact, Inscription, PropositionPosition, Structure

PAGE = "structure"


def _cles(structure: Structure) -> list[int]:
    return [structure.pk, *structure.reunies]


def _d_ailleurs(user, structure: Structure) -> Q:
    """Lines of conventions that this person does not read."""
    return ~Q(convention__in=Convention.objects.visible_to(user))


def _partie(modele, nom, permission: str = "", hors=frozenset(), masque=None):
    return SourceHistorique(
        PAGE,
        modele,
        lambda structure: {"structure_id__in": _cles(structure)},
        nom,
        permission,
        frozenset({"structure"}) | hors,
        masque,
    )


register(
    SourceHistorique(
        PAGE,
        Structure,
        lambda structure: {"id__in": _cles(structure)},
        lambda ligne, noms: f"Structure « {ligne.nom} »",
        hors=frozenset({"territoire", "code", "reunies"}),
    )
)
register(_partie(Agrement, lambda ligne, noms: f"Agrément {ligne.get_nature_display()}"))
register(_partie(Contact, lambda ligne, noms: f"Contact « {ligne.fonction} »", "ctg.voir_personnes"))
register(
    _partie(
        Inscription,
        lambda ligne, noms: f"Inscription, {ligne.get_annexe_display().lower()}",
        hors=frozenset({"ordre"}),
        masque=_d_ailleurs,
    )
)
register(_partie(Activite, lambda ligne, noms: f"Activité {ligne.annee}", "ctg.lire_chiffres"))
register(
    _partie(
        PropositionPosition, lambda ligne, noms: f"Position proposée « {ligne.libelle} »", "structures.tenir"
    )
)
