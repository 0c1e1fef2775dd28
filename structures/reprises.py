"""What the next convention takes over of the registry: the lines in force of annexes 2 and 2 bis."""

from ctg.renouvellement.reprises import Reprise, register

register(
    Reprise(
        "inscriptions",
        "Registre : annexes 2 et 2 bis",
        nommer=lambda inscription: f"{inscription.get_annexe_display()} : {inscription.nom}",
        neuves=frozenset({"date_effet"}),
    )
)
