"""Personal data of this app: who answers for what, who sat where. Kept: the person is itself made anonymous."""

from django.db.models import Q

from ctg import places
from ctg.donnees_personnelles import Donnees, register
from gouvernance.models import Decision, MandatMembre, RappelDecision, SuiteDecision

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
        "notes de suivi des décisions",
        SuiteDecision,
        frozenset({"auteur"}),
        lambda sujet: Q(auteur__in=sujet.compte_ids),
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
places.register(places.Place(MandatMembre, "date_debut"))
