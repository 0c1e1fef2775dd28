"""Who decides, who coordinates, when they met, what they decided and what became of it."""

from gouvernance.models.calendrier import DateAnnuelle, Jalon
from gouvernance.models.coordination import FinancementPoste
from gouvernance.models.instances import (
    Enonce,
    InstanceGouvernance,
    Label,
    Membre,
    MissionInstance,
    PosteCooperation,
)
from gouvernance.models.mandats import MandatMembre
from gouvernance.models.reunions import Decision, Reunion
from gouvernance.models.suivi import DecisionAxe, RappelDecision, SuiteDecision

__all__ = [
    "DateAnnuelle",
    "Decision",
    "DecisionAxe",
    "Enonce",
    "FinancementPoste",
    "InstanceGouvernance",
    "Jalon",
    "Label",
    "MandatMembre",
    "Membre",
    "MissionInstance",
    "PosteCooperation",
    "RappelDecision",
    "Reunion",
    "SuiteDecision",
]
