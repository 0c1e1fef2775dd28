"""What the history of a meeting and of an instance tell: agenda, attendance, decisions and what became of them, seats."""

from ctg.historique import SourceHistorique, register
from gouvernance.models import (
    Decision,
    DecisionAxe,
    DocumentDiffuse,
    Invite,
    MandatMembre,
    Membre,
    PointOrdreDuJour,
    Presence,
    Reunion,
    SuiteDecision,
)

PAGE, INSTANCE = "reunion", "instance"

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
        SuiteDecision,
        lambda reunion: {"decision__reunion_id": reunion.pk},
        lambda ligne, noms: f"Suite de « {noms.de(Decision, ligne.decision_id)} »",
        hors=frozenset({"decision", "auteur", "created_at"}),
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
        DecisionAxe,
        lambda reunion: {"decision__reunion_id": reunion.pk},
        lambda ligne, noms: f"Axe lié à « {noms.de(Decision, ligne.decision_id)} »",
        hors=frozenset({"decision"}),
    )
)
register(
    SourceHistorique(
        PAGE,
        DocumentDiffuse,
        lambda reunion: {"reunion_id": reunion.pk},
        lambda ligne, noms: f"Fichier diffusé {ligne.nom}",
        hors=frozenset({"reunion"}),
    )
)
register(
    SourceHistorique(
        INSTANCE,
        Membre,
        lambda instance: {"instance_gouvernance_id": instance.pk},
        lambda ligne, noms: f"Siège {ligne.ordre}",
        hors=frozenset({"instance_gouvernance", "ordre"}),
    )
)
register(
    SourceHistorique(
        INSTANCE,
        MandatMembre,
        lambda instance: {"membre__instance_gouvernance_id": instance.pk},
        lambda ligne, noms: f"Mandat : {noms.de(Membre, ligne.membre_id)}",
        hors=frozenset({"membre"}),
    )
)
register(
    SourceHistorique(
        PAGE,
        Presence,
        lambda reunion: {"reunion_id": reunion.pk},
        lambda ligne, noms: f"Présence : {noms.de(Membre, ligne.membre_id)}",
        hors=frozenset({"reunion", "membre"}),
    )
)
register(
    SourceHistorique(
        PAGE,
        Invite,
        lambda reunion: {"reunion_id": reunion.pk},
        lambda ligne, noms: "Autre personne présente",
        hors=frozenset({"reunion"}),
    )
)
