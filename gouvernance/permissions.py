"""Who keeps the meetings and their decisions. Everybody in the convention reads them."""

from ctg.enums import Role
from ctg.permissions import EQUIPE, SA_CONVENTION, Portee, declarer

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

# The calendar: a date without a quartier is the whole territory's.
SON_QUARTIER = Portee(
    "les dates de ses quartiers", lambda droits, jalon: jalon.quartier_id in droits.dans("quartiers")
)
declarer(
    "gouvernance.ouvrir_calendrier",
    "Ouvrir le formulaire d’une date du calendrier",
    {Role.CHARGE_COOPERATION: SA_CONVENTION, Role.COORDINATEUR_TERRITORIAL: SA_CONVENTION},
    refus="Le chargé de coopération et les coordinateurs territoriaux tiennent le calendrier.",
)
declarer(
    "gouvernance.planifier",
    "Écrire, changer ou retirer une date du calendrier",
    {Role.CHARGE_COOPERATION: SA_CONVENTION, Role.COORDINATEUR_TERRITORIAL: SON_QUARTIER},
    refus="Le chargé de coopération et les coordinateurs territoriaux tiennent le calendrier.",
    hors="Cette date n’est pas de vos quartiers : demandez au chargé de coopération.",
)
declarer(
    "gouvernance.suivre_decision",
    "Noter la suite donnée à une décision",
    {role: SA_CONVENTION for role in Role.values if role in Role.EQUIPE - {Role.ADMINISTRATEUR}},
    refus="La suite d’une décision se note dans l’équipe de la convention et à la Caf.",
)
