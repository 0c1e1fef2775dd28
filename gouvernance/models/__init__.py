"""Who decides, who coordinates, when they met and what they decided."""

from gouvernance.models.instances import (
    Enonce,
    InstanceGouvernance,
    Label,
    Membre,
    MissionInstance,
    PosteCooperation,
)
from gouvernance.models.reunions import Decision, Reunion

__all__ = [
    "Decision",
    "Enonce",
    "InstanceGouvernance",
    "Label",
    "Membre",
    "MissionInstance",
    "PosteCooperation",
    "Reunion",
]
