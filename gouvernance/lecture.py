"""Which papers of a meeting somebody reads: the team and the Caf, all; the members, what was sent to them;
who gives the aval, what waits for it. Which decisions: the rule is that of `Decision.objects.visible_to`.
"""

from dataclasses import dataclass

from ctg.permissions import check
from gouvernance.enums import NatureEnvoi
from gouvernance.models import EnvoiReunion, Reunion


@dataclass(frozen=True, slots=True)
class Papiers:
    """`raison`: what is said in the place of what is not read."""

    ordre_du_jour: bool
    compte_rendu: bool
    decisions: bool
    raison: str


def papiers_lisibles(user, reunion: Reunion) -> Papiers:
    """The agenda from the first convocation on; attendance, notes and minutes once distributed."""
    prepare = check(user, "gouvernance.preparer", reunion)
    if prepare:
        return Papiers(ordre_du_jour=True, compte_rendu=True, decisions=True, raison="")
    decisions = Reunion.objects.decisions_lues_par(user).filter(pk=reunion.pk).exists()
    membre = check(user, "gouvernance.lire_papiers", reunion)
    if not membre:
        return Papiers(ordre_du_jour=False, compte_rendu=False, decisions=decisions, raison=membre.reason)
    # Who gives the aval reads what waits for it.
    lit = reunion.is_diffusee or (
        reunion.is_verrouillee and bool(check(user, "gouvernance.avaliser", reunion))
    )
    return Papiers(
        ordre_du_jour=lit or is_convoquee(reunion),
        compte_rendu=lit,
        decisions=decisions,
        raison=prepare.reason,
    )


def is_convoquee(reunion: Reunion) -> bool:
    return EnvoiReunion.objects.filter(
        reunion=reunion, nature__in=[NatureEnvoi.CONVOCATION, NatureEnvoi.CHANGEMENT]
    ).exists()
