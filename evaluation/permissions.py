"""Who enters the year's values of a fiche."""

from ctg.enums import Role
from ctg.perimetres import droits
from ctg.permissions import ALLOWED, denied, permission
from fiches.permissions import is_dans_son_perimetre


@permission("evaluation.saisir")
def can_saisir(user, fiche):
    mine = droits(user, fiche.convention_id)
    if mine.has(Role.CHARGE_COOPERATION) or is_dans_son_perimetre(user, fiche):
        return ALLOWED
    return denied(
        "La saisie de cette fiche revient à son référent, au coordinateur de l’axe et au chargé de coopération."
    )
