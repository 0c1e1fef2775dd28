"""Personal data of this app: who answers for what, who sat where, who presents, who was written to, who sent or approved.

Kept: each points at a person or an account that is itself made anonymous.
"""

from django.db.models import Q

from ctg import places
from ctg.donnees_personnelles import Donnees, register, register_fige
from gouvernance.models import (
    Decision,
    DestinataireEnvoi,
    DocumentDiffuse,
    EnvoiReunion,
    EtapeCompteRendu,
    MandatMembre,
    PointOrdreDuJour,
    Presence,
    RappelDecision,
    SuiteDecision,
)

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
        "sièges dans les instances",
        MandatMembre,
        frozenset({"personne"}),
        lambda sujet: Q(personne__in=sujet.personne_ids),
    )
)
register(
    Donnees(
        "présences aux réunions",
        Presence,
        frozenset({"personne"}),
        lambda sujet: Q(personne__in=sujet.personne_ids),
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
        "notes de suivi des décisions",
        SuiteDecision,
        frozenset({"auteur", "responsable", "responsable_avant"}),
        lambda sujet: (
            Q(auteur__in=sujet.compte_ids)
            | Q(responsable__in=sujet.personne_ids)
            | Q(responsable_avant__in=sujet.personne_ids)
        ),
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
register(
    Donnees(
        "rappels des décisions",
        RappelDecision,
        frozenset({"personne"}),
        lambda sujet: Q(personne__in=sujet.personne_ids),
        supprimer=True,
    )
)
register_fige(DocumentDiffuse)
places.register(places.Place(MandatMembre, "date_debut"))
