"""Days of a campaign: what is left before the date limite, and when those who owe something are reminded."""

import datetime
from collections.abc import Iterable

from ctg.jours import lire_jours
from evaluation.models import Campagne

SEMAINE = datetime.timedelta(days=7)


def en_mots(date: datetime.date, today: datetime.date) -> str:
    """« dans 7 jours », « aujourd’hui », « en retard de 2 jours »."""
    jours = (date - today).days
    if jours > 1:
        return f"dans {jours}\u00a0jours"
    if jours == -1:
        return "en retard d’un jour"
    return {1: "demain", 0: "aujourd’hui"}.get(jours, f"en retard de {-jours}\u00a0jours")


def jours_de_rappel(campagne: Campagne) -> list[int]:
    return lire_jours(campagne.jours_rappel or campagne.convention.jours_rappel)


def derniere_echeance(
    jours: Iterable[int],
    date_limite: datetime.date,
    *,
    ouverture: datetime.date,
    today: datetime.date,
) -> datetime.date | None:
    """The last day of reminder that has come, after the opening; then one every week after the last of `jours`."""
    dates = [date_limite + datetime.timedelta(days=jour) for jour in sorted(jours)]
    if dates[-1] > date_limite:
        while dates[-1] + SEMAINE <= today:
            dates.append(dates[-1] + SEMAINE)
    return max((date for date in dates if ouverture < date <= today), default=None)
