"""Personal data of this app: the scopes of a person's mandates. They name nobody, and are kept."""

from django.db.models import Q

from ctg.donnees_personnelles import Donnees, register
from fiches.models import PerimetreAxe, PerimetreFiche


def _du_mandat(sujet) -> Q:
    return Q(mandat__utilisateur__in=sujet.compte_ids)


register(Donnees("périmètres (axes)", PerimetreAxe, frozenset({"mandat"}), _du_mandat))
register(Donnees("périmètres (fiches)", PerimetreFiche, frozenset({"mandat"}), _du_mandat))
