"""What the next convention takes over of the indicators: what is counted, not the values nor the targets."""

from ctg.renouvellement.reprises import Reprise, register

register(
    Reprise(
        "indicateurs",
        "Indicateurs",
        sous=lambda indicateur: indicateur.fiche,
        neuves=frozenset({"valeur_depart", "date_depart"}),
    ),
    Reprise("modalites"),
)
