"""Personal data of this app: who entered a value. Kept: the account that it points at is made anonymous."""

from django.db.models import Q

from ctg.donnees_personnelles import Donnees, register
from evaluation.models import Avancement, Mesure


def _saisie(sujet) -> Q:
    return Q(saisie_par__in=sujet.compte_ids)


register(Donnees("mesures saisies", Mesure, frozenset({"saisie_par"}), _saisie))
register(Donnees("avancements saisis", Avancement, frozenset({"saisie_par"}), _saisie))
