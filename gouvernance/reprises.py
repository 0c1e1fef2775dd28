"""What the next convention takes over of its governance."""

from ctg.renouvellement.reprises import Reprise, register


def _annuelle(date) -> str:
    return f"{date.titre} ({date.jour:02d}/{date.mois:02d} de chaque année)"


register(
    Reprise("labels"),
    Reprise("instances", "Instances, avec leurs missions et leurs sièges"),
    Reprise("missions"),
    Reprise("membres"),
    Reprise("enonces", "Objectifs et principes de la gouvernance"),
    Reprise("postes", "Postes de coopération"),
    Reprise("dates_annuelles", "Calendrier : dates de chaque année", nommer=_annuelle),
)
