"""Who decides, who coordinates, when they met, what they decided and what became of it."""

from gouvernance.models.calendrier import DateAnnuelle, Jalon
from gouvernance.models.circuit import EtapeCompteRendu
from gouvernance.models.coordination import FinancementPoste
from gouvernance.models.decisions import Decision
from gouvernance.models.diffusion import DocumentDiffuse
from gouvernance.models.envois import DestinataireEnvoi, EnvoiReunion
from gouvernance.models.instances import (
    Enonce,
    InstanceGouvernance,
    Label,
    Membre,
    MissionInstance,
    PosteCooperation,
)
from gouvernance.models.mandats import MandatMembre
from gouvernance.models.points import PointOrdreDuJour
from gouvernance.models.presences import Invite, Presence
from gouvernance.models.reunions import Reunion
from gouvernance.models.suivi import DecisionAxe, RappelDecision, SuiteDecision

__all__ = [
    "DateAnnuelle",
    "Decision",
    "DecisionAxe",
    "DestinataireEnvoi",
    "DocumentDiffuse",
    "Enonce",
    "EnvoiReunion",
    "EtapeCompteRendu",
    "FinancementPoste",
    "InstanceGouvernance",
    "Invite",
    "Jalon",
    "Label",
    "MandatMembre",
    "Membre",
    "MissionInstance",
    "PointOrdreDuJour",
    "PosteCooperation",
    "Presence",
    "RappelDecision",
    "Reunion",
    "SuiteDecision",
]
