"""Who keeps the meetings and their decisions, who reads their papers, who gives the aval."""

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
# Papers are those of a meeting: its agenda, its attendance, its minutes.
declarer(
    "gouvernance.preparer",
    "Lire l’ordre du jour, le compte rendu et les décisions d’une réunion avant leur diffusion",
    EQUIPE,
    refus="Ce document se lit une fois diffusé : avant, l’équipe de la convention et la Caf le préparent.",
)
declarer(
    "gouvernance.lire_papiers",
    "Lire les ordres du jour envoyés et les comptes rendus diffusés",
    EQUIPE | {Role.REPRESENTANT: SA_CONVENTION, Role.MEMBRE_COPIL: SA_CONVENTION},
    refus="Les documents des réunions se lisent par les membres des instances et l’équipe de la convention.",
)
declarer(
    "gouvernance.avaliser",
    "Donner ou refuser l’aval d’un compte rendu",
    dict.fromkeys(
        (Role.CONSEILLER_CAF, Role.REPRESENTANT),
        Portee(
            "l’organisme qui donne l’aval",
            lambda droits, reunion: (
                not reunion.convention.get_organismes_aval_comptes_rendus().isdisjoint(
                    droits.dans("organismes")
                )
            ),
        ),
    ),
    refus="L’aval se donne par ceux qui représentent l’organisme désigné par la convention, la Caf par défaut.",
)
