"""The agenda of a meeting as it is read: « suites données » first, which nobody writes, then its points."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from gouvernance.models import Decision, PointOrdreDuJour, Reunion

SUITES = "Suites données aux décisions précédentes"


@dataclass(frozen=True, slots=True)
class Place:
    """A point, its number in the agenda, and when it begins if all that comes before says how long it lasts."""

    point: PointOrdreDuJour
    numero: int
    debut: datetime.time | None


@dataclass(frozen=True, slots=True)
class OrdreDuJour:
    """`suites`: (decision, whether it is late). `duree`: minutes of the points that say theirs."""

    suites: tuple[tuple[Decision, bool], ...]
    places: tuple[Place, ...]
    duree: int
    nb_sans_duree: int

    @property
    def labels(self) -> tuple:
        """Those for which the meeting sits, in the order of its points."""
        return tuple({place.point.label: None for place in self.places if place.point.label})


def collect_suites(reunion: Reunion, *, au: datetime.date, lecteur=None) -> tuple[tuple[Decision, bool], ...]:
    """What the instance decided before this meeting and is still to be done; `lecteur` None: what every member reads."""
    lues = Decision.objects.visible_to(lecteur) if lecteur else Decision.objects.diffusees()
    avant = Q(reunion__date__lt=reunion.date) | Q(reunion__date=reunion.date, reunion__rang__lt=reunion.rang)
    decisions = (
        lues.filter(avant, reunion__instance_gouvernance=reunion.instance_gouvernance_id)
        .en_attente(lues)
        .for_list(lues)
    )
    return tuple((decision, decision.is_en_retard(au)) for decision in decisions)


def collect_ordre_du_jour(reunion: Reunion, *, au: datetime.date, lecteur=None) -> OrdreDuJour:
    """As many queries, whatever the number of points. `lecteur` None: what is sent to every member."""
    points = list(PointOrdreDuJour.objects.filter(reunion=reunion).for_list())
    return OrdreDuJour(
        collect_suites(reunion, au=au, lecteur=lecteur),
        tuple(_placer(points, reunion)),
        sum(point.duree or 0 for point in points),
        sum(point.duree is None for point in points),
    )


def _placer(points: Iterable[PointOrdreDuJour], reunion: Reunion) -> Iterable[Place]:
    debut = reunion.heure_debut and datetime.datetime.combine(reunion.date, reunion.heure_debut)
    for numero, point in enumerate(points, 1):
        yield Place(point, numero, debut and debut.time())
        debut = debut + datetime.timedelta(minutes=point.duree) if debut and point.duree else None
