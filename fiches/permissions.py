"""Who reads and changes a fiche projet. Predicates ask no query beyond the rights already loaded."""

from ctg.enums import Role
from ctg.perimetres import AUCUN, droits
from ctg.permissions import ALLOWED, denied, permission


def is_dans_son_perimetre(user, fiche) -> bool:
    """The fiche hangs on an axe of one's mandate, or carries one, or is named by it."""
    mine = droits(user, fiche.convention_id)
    if mine.has(Role.COORDINATEUR_THEMATIQUE):
        axes = mine.dans("axes")
        if fiche.axe_id in axes or any(axe.pk in axes for axe in fiche.axes.all()):
            return True
    return mine.has(Role.REFERENT) and fiche.pk in mine.dans("fiches")


@permission("fiches.consulter")
def can_consulter(user, fiche):
    if droits(user, fiche.convention_id) is not AUCUN:
        return ALLOWED
    return denied("Vous n’avez pas de mandat dans cette convention.")


@permission("fiches.modifier")
def can_modifier(user, fiche):
    mine = droits(user, fiche.convention_id)
    if mine.has(Role.CHARGE_COOPERATION):
        return ALLOWED
    if mine.has(Role.COORDINATEUR_THEMATIQUE):
        if is_dans_son_perimetre(user, fiche):
            return ALLOWED
        return denied(
            "Cette fiche n’est pas de votre axe : seul son coordinateur ou le chargé de coopération la modifie."
        )
    return denied("Seuls le chargé de coopération et le coordinateur de l’axe modifient une fiche.")


@permission("fiches.historique")
def can_historique(user, fiche):
    """Who typed what when: the team's and the Caf's, like the live figures it holds."""
    if droits(user, fiche.convention_id).has(*Role.EQUIPE):
        return ALLOWED
    return denied("L’historique d’une fiche se lit dans l’équipe de la convention et à la Caf.")


@permission("fiches.lire_notes")
def can_lire_notes(user, fiche):
    """Notes « internes à la collectivité »: never the Caf, the administrateur or another axe."""
    mine = droits(user, fiche.convention_id)
    if mine.has(Role.CHARGE_COOPERATION) or is_dans_son_perimetre(user, fiche):
        return ALLOWED
    return denied("Les notes internes ne se lisent que dans leur axe.")
