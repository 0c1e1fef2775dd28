"""Which services are supported, by which annexe, and what is known of each."""

from structures.models.activite import Activite
from structures.models.agrements import Agrement
from structures.models.contacts import Contact
from structures.models.inscriptions import Inscription
from structures.models.positions import PropositionPosition
from structures.models.registre import CAPACITE_MAX, CAPACITE_MIN, Structure, TypeStructure

__all__ = [
    "CAPACITE_MAX",
    "CAPACITE_MIN",
    "Activite",
    "Agrement",
    "Contact",
    "Inscription",
    "PropositionPosition",
    "Structure",
    "TypeStructure",
]
