"""What is pursued: the tree of objectives and the fiches projet."""

from fiches.models.arbre import Axe, Contribution, ObjectifOperationnel, PerimetreAxe
from fiches.models.fiche import Etape, FicheProjet, Implication, PerimetreFiche
from fiches.models.moyens import Moyen

__all__ = [
    "Axe",
    "Contribution",
    "Etape",
    "FicheProjet",
    "Implication",
    "Moyen",
    "ObjectifOperationnel",
    "PerimetreAxe",
    "PerimetreFiche",
]
