"""Who keeps the registry, who imports it. Everybody in the convention reads it."""

from ctg.enums import Role
from ctg.permissions import EQUIPE, PARTOUT, SA_CONVENTION, declarer

CHARGE = {Role.CHARGE_COOPERATION: SA_CONVENTION}

declarer(
    "structures.inscrire",
    "Changer les annexes 2 et 2 bis par un avenant ou à la date d’un fait, annuler ce changement",
    CHARGE,
    refus="Seul le chargé de coopération saisit ce qui change aux annexes.",
)
declarer(
    "structures.tenir",
    "Ajouter une structure, la modifier, la placer sur la carte, saisir son activité",
    CHARGE,
    refus="Le chargé de coopération tient le registre des structures : demandez-lui la correction.",
)
declarer(
    "structures.fusionner",
    "Réunir deux structures qui n’en font qu’une",
    CHARGE,
    refus="Seul le chargé de coopération réunit deux structures du registre.",
)
declarer(
    "structures.historique",
    "Lire l’historique d’une structure",
    EQUIPE,
    refus="L’historique d’une structure se lit dans l’équipe de la convention et à la Caf.",
)
declarer(
    "structures.importer",
    "Importer des structures, annuler un import",
    CHARGE | {Role.ADMINISTRATEUR: PARTOUT},
    refus="Les structures s’importent par le chargé de coopération ou un administrateur.",
)
