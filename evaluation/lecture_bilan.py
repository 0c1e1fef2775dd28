"""Who reads which version of a bilan, and which output: one rule, asked by every address.

The team reads all of them; those who give the aval, what was transmitted to them; the COPIL and the signataires, what
has the aval; a lecteur, the public output of what was published. Whatever is not there answers as if it did not exist.
"""

from django.db.models import Q, QuerySet

from ctg.enums import Role
from ctg.models import Convention
from ctg.perimetres import droits
from ctg.permissions import check
from evaluation.enums import Sortie, StatutBilan
from evaluation.models import Bilan

PILOTENT = (Role.MEMBRE_COPIL, Role.REPRESENTANT, Role.CONSEILLER_CAF)
# A version that was published stays with those who steer once another has taken its place.
AVALISEES = Q(statut__in=sorted(StatutBilan.AVALISES)) | Q(date_publication__isnull=False)


def visible_to(user, convention: Convention) -> QuerySet[Bilan]:
    """Every version of the convention that this person may read, of any year."""
    versions = Bilan.objects.filter(convention=convention)
    if check(user, "evaluation.travailler_bilan", convention):
        return versions
    mine = droits(user, convention.pk)
    permis = Q(pk__in=[])
    if mine.has(Role.LECTEUR):
        permis |= Q(date_publication__isnull=False)  # what was published once stays at its address
    if mine.has(*PILOTENT):
        permis |= AVALISEES
    if represente_l_aval(user, convention):
        permis |= Q(date_transmission__isnull=False)
    return versions.filter(permis)


def versions_lisibles(user, convention: Convention, annee: int) -> QuerySet[Bilan]:
    """The latest first."""
    return visible_to(user, convention).filter(annee=annee).select_related("convention").order_by("-version")


def sorties_lisibles(user, convention: Convention) -> tuple[str, ...]:
    """A lecteur, and nobody else, reads the public output only."""
    mine = droits(user, convention.pk)
    if check(user, "evaluation.travailler_bilan", convention) or mine.has(*PILOTENT):
        return (Sortie.COMPLET, Sortie.PUBLIC)
    return (Sortie.PUBLIC,) if mine.has(Role.LECTEUR) else ()


def represente_l_aval(user, convention: Convention) -> bool:
    mine = droits(user, convention.pk)
    if not mine.has(Role.CONSEILLER_CAF, Role.REPRESENTANT):
        return False
    return not convention.get_organismes_aval().isdisjoint(mine.dans("organismes"))
