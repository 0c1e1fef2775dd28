"""Who decides, who coordinates, when they met and what they decided."""

from gouvernance.models.circuit import EtapeCompteRendu
from gouvernance.models.decisions import Decision
from gouvernance.models.envois import DestinataireEnvoi, EnvoiReunion
from gouvernance.models.instances import (
    Enonce,
    InstanceGouvernance,
    Label,
    Membre,
    MissionInstance,
    PosteCooperation,
)
from gouvernance.models.points import PointOrdreDuJour
from gouvernance.models.presences import Presence
from gouvernance.models.reunions import Reunion

__all__ = [
    "Decision",
    "DestinataireEnvoi",
    "Enonce",
    "EnvoiReunion",
    "EtapeCompteRendu",
    "InstanceGouvernance",
    "Label",
    "Membre",
    "MissionInstance",
    "PointOrdreDuJour",
    "PosteCooperation",
    "Presence",
    "Reunion",
]
