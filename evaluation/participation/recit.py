"""Three events of the demonstration: invented, and said so wherever they show."""

import datetime

from ctg.models import Convention, Quartier, Utilisateur
from evaluation.enums import NiveauParticipation as N
from evaluation.enums import PublicParticipant as P
from evaluation.models import EvenementParticipation
from evaluation.participation.services import enregistrer_evenement
from evaluation.recit_effets import marquer
from fiches.models import Axe, FicheProjet

# fields of the row, then: kinds of people, names of quartiers, codes of fiches, codes of axes
EVENEMENTS = (
    (
        {
            "intitule": "Atelier des parents sur le guichet unique",
            "date_debut": datetime.date(2025, 10, 9),
            "niveau": N.CONSULTATION,
            "nb_personnes": 24,
            "paroles": "Un seul dossier, oui ; mais aussi quelqu’un à qui parler le samedi.",
            "changements": "Une permanence du samedi matin est essayée depuis janvier.",
        },
        (P.PARENTS,),
        ("Grésilles",),
        ("PE-1",),
        (),
    ),
    (
        {
            "intitule": "Marche exploratoire des jeunes",
            "date_debut": datetime.date(2026, 3, 11),
            "date_fin": datetime.date(2026, 4, 1),
            "niveau": N.CO_CONSTRUCTION,
            "paroles": "Les lieux ferment quand ils sortent du lycée ; le bus de 20 h manque.",
        },
        (P.JEUNES, P.ASSOCIATIONS),
        ("Fontaine d’Ouche", "Grésilles"),
        ("JEU-1",),
        ("JEU",),
    ),
    (
        {
            "intitule": "Les conseils de quartier lisent le bilan de l’année",
            "date_debut": datetime.date(2026, 5, 19),
            "niveau": N.INFORMATION,
            "is_gouvernance": True,
            "nb_personnes": 41,
            "paroles": "Le bilan se lit mieux par quartier que par axe.",
            "changements": "Rien encore : la demande sera portée au prochain comité de suivi.",
        },
        (P.CONSEIL_DE_QUARTIER, P.HABITANTS),
        (),
        (),
        (),
    ),
)


def raconter_participation(convention: Convention, *, user: Utilisateur, today: datetime.date) -> int:
    """Idempotent: where an event is noted, nothing is added. The number of events that this call made."""
    if EvenementParticipation.objects.filter(convention=convention).exists():
        return 0
    passes = [evenement for evenement in EVENEMENTS if evenement[0]["date_debut"] <= today]
    reference = Quartier.objects.de_reference(convention.territoire)
    fiches = FicheProjet.objects.filter(convention=convention, date_fin=None)
    axes = Axe.objects.filter(convention=convention, date_fin=None)
    for champs, publics, quartiers, codes_fiches, codes_axes in passes:
        evenement = enregistrer_evenement(
            EvenementParticipation(convention=convention, **champs),
            publics=publics,
            quartiers=reference.filter(nom__in=quartiers).select_related("decoupage"),
            fiches=fiches.filter(code__in=codes_fiches),
            axes=axes.filter(code__in=codes_axes),
            user=user,
            today=today,
        )
        marquer(evenement)
    return len(passes)
