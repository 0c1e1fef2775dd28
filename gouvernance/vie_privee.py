"""Personal data of this app: who is to do what was decided, who presents, who was written to, who sent or approved.
Kept: each points at a person or an account that is itself made anonymous."""

from django.db.models import Q

from ctg.donnees_personnelles import Donnees, register
from gouvernance.models import Decision, DestinataireEnvoi, EnvoiReunion, EtapeCompteRendu, PointOrdreDuJour

register(
    Donnees(
        "décisions à suivre",
        Decision,
        frozenset({"responsable"}),
        lambda sujet: Q(responsable__in=sujet.personne_ids),
    )
)
register(
    Donnees(
        "points présentés",
        PointOrdreDuJour,
        frozenset({"rapporteur"}),
        lambda sujet: Q(rapporteur__in=sujet.personne_ids),
    )
)
register(
    Donnees(
        "courriels reçus d’une réunion",
        DestinataireEnvoi,
        frozenset({"personne"}),
        lambda sujet: Q(personne__in=sujet.personne_ids),
    )
)
register(
    Donnees(
        "envois de réunion faits",
        EnvoiReunion,
        frozenset({"envoye_par"}),
        lambda sujet: Q(envoye_par__in=sujet.compte_ids),
    )
)
register(
    Donnees(
        "étapes de compte rendu",
        EtapeCompteRendu,
        frozenset({"par"}),
        lambda sujet: Q(par__in=sujet.compte_ids),
    )
)
