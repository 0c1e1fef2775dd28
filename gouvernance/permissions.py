"""Who keeps the meetings and their decisions. Everybody in the convention reads them."""

from ctg.enums import Role
from ctg.permissions import EQUIPE, SA_CONVENTION, declarer

declarer(
    "gouvernance.tenir",
    "Noter les réunions et les décisions",
    {Role.CHARGE_COOPERATION: SA_CONVENTION},
    refus="Le chargé de coopération note les réunions et les décisions : demandez-lui la correction.",
)
declarer(
    "gouvernance.historique",
    "Lire l’historique d’une réunion et de ses décisions",
    EQUIPE,
    refus="L’historique d’une réunion se lit dans l’équipe de la convention et à la Caf.",
)
