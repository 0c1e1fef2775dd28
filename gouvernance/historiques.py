"""What the history of a meeting tells: the meeting, its agenda, its attendance and its decisions."""

from ctg.historique import SourceHistorique, register
from gouvernance.models import Decision, PointOrdreDuJour, Presence, Reunion

PAGE = "reunion"

register(
    SourceHistorique(
        PAGE,
        Reunion,
        lambda reunion: {"id": reunion.pk},
        lambda ligne, noms: "Réunion",
        hors=frozenset({"convention", "annee"}),
    )
)
register(
    SourceHistorique(
        PAGE,
        Decision,
        lambda reunion: {"reunion_id": reunion.pk},
        lambda ligne, noms: f"Décision D{ligne.rang:02d}",
        hors=frozenset({"reunion"}),
    )
)
register(
    SourceHistorique(
        PAGE,
        PointOrdreDuJour,
        lambda reunion: {"reunion_id": reunion.pk},
        lambda ligne, noms: f"Point « {ligne.intitule} »",
        hors=frozenset({"reunion"}),
    )
)
register(
    SourceHistorique(
        PAGE,
        Presence,
        lambda reunion: {"reunion_id": reunion.pk},
        lambda ligne, noms: "Présence",
        hors=frozenset({"reunion"}),
    )
)
