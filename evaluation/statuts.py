"""The statut of a fiche follows its validated entry; what only a COPIL decides stays proposed."""

from evaluation.models import Avancement
from fiches.enums import StatutFiche
from fiches.models import FicheProjet

# « Proposée au COPIL » until a decision is linked to the fiche.
PROPOSES = frozenset({StatutFiche.REPORTEE, StatutFiche.REORIENTEE, StatutFiche.ABANDONNEE})


def appliquer_statut(fiche: FicheProjet, annee: int) -> bool:
    """Give the fiche the statut of its validated year; the caller has locked it. False: nothing changed."""
    avancement = Avancement.objects.filter(fiche=fiche, annee=annee).first()
    if avancement is None or not avancement.statut or avancement.statut == fiche.statut:
        return False
    if avancement.statut in PROPOSES:
        return False
    plus_recent = Avancement.objects.filter(fiche=fiche, annee__gt=annee).exclude(statut="").exists()
    if plus_recent:  # a correction of an older year does not undo a later one
        return False
    fiche.statut, fiche._change_reason = avancement.statut, f"Saisie {annee} validée"
    fiche.save()
    return True
